import { MAP_INPUT_RECORDS, MAP_OUTPUT_RECORDS, REDUCE_INPUT_GROUPS, REDUCE_OUTPUT_RECORDS, USER_PREFIX } from './counters.ts'
import { ByteSink, compareKeys, decodeKey, encodeKey, snapshot, writeText } from './datum/index.ts'
import { ProgramError } from './errors.ts'
import type { Counters } from './job.ts'
import { defaultPartition } from './partitioner.ts'
import type { Datum, InputFormat, Program, ProgramContext } from './program.ts'
import { wholeRecords } from './sequential-records.ts'

const NEWLINE = 0x0a
/** Characters of a string that is within every bound. */
const SHORT_TEXT = 4096

/** A file of the input, whole. */
export interface SequentialFile {
  path: string
  content: Uint8Array
}

export interface SequentialOptions {
  reducers: number
  args?: Record<string, string>
  /** Between key and value on an output line. */
  separator?: string
  /** Instead of the program's own partition. */
  partition?: (key: Datum, reducers: number) => number
}

export interface SequentialResult {
  /** The output of each partition: lines sorted by key. */
  parts: Uint8Array[]
  /** Those that do not depend on how the work is cut: records read, pairs emitted by map, keys, pairs written, `user.*`. */
  counters: Counters
}

interface Group {
  encodedKey: Uint8Array
  values: Datum[]
}

/**
 * The oracle: what a program makes of an input, computed in the simplest way (after `mrsequential.go` of MIT 6.5840).
 * Reads whole files in the order given, maps each record, groups by key, sorts by key bytes, reduces. It ignores
 * `combine`, and shares with the real path only how a datum is written and the default partition.
 * Everything is in memory. Throws what the program throws.
 */
export async function sequential<F extends InputFormat, K extends Datum, V extends Datum> (program: Program<F, K, V>, input: AsyncIterable<SequentialFile> | Iterable<SequentialFile>, options: SequentialOptions): Promise<SequentialResult> {
  // A program is written for its own types; here records, keys and values are all of type Datum.
  const untyped = program as unknown as Program
  const counters: Counters = { [MAP_INPUT_RECORDS]: 0, [MAP_OUTPUT_RECORDS]: 0, [REDUCE_INPUT_GROUPS]: 0, [REDUCE_OUTPUT_RECORDS]: 0 }
  const context: ProgramContext = {
    args: options.args ?? {},
    count: (name, n = 1) => { add(counters, USER_PREFIX + name, n) }
  }
  const groups = await mapAndGroup(untyped, input, context, counters)
  return { parts: reduceAll(untyped, groups, options, context, counters), counters }
}

async function mapAndGroup (program: Program, input: AsyncIterable<SequentialFile> | Iterable<SequentialFile>, context: ProgramContext, counters: Counters): Promise<Group[]> {
  const groups = new Map<Datum, Group>()
  const emit = (key: Datum, value: Datum): void => {
    add(counters, MAP_OUTPUT_RECORDS, 1)
    const identity = identityOf(key)
    let group = groups.get(identity)
    if (group === undefined) {
      group = { encodedKey: encodeKey(key), values: [] }
      groups.set(identity, group)
    }
    group.values.push(valueOf(value))
  }
  for await (const { path, content } of input) {
    for (const { value, offset } of wholeRecords(program.input, content)) {
      add(counters, MAP_INPUT_RECORDS, 1)
      program.map({ value, file: path, offset }, emit, context)
    }
  }
  return [...groups.values()].sort(({ encodedKey: a }, { encodedKey: b }) => compareKeys(a, 0, a.length, b, 0, b.length))
}

/** Equal for equal keys in a `Map`, which tells strings from all others. Numbers are equal if they print alike, so 0 and -0 are. */
function identityOf (key: Datum): Datum {
  return typeof key === 'object' && key !== null ? `\ud800${encodeKey(key).join()}` : key
}

/** What a value is after it was written and read again; those that do not change need not be. */
function valueOf (value: Datum): Datum {
  const same = typeof value === 'string' ? value.length < SHORT_TEXT && value.isWellFormed() : Number.isFinite(value)
  return same ? value : snapshot(value).value
}

function reduceAll (program: Program, groups: Group[], options: SequentialOptions, context: ProgramContext, counters: Counters): Uint8Array[] {
  const { reducers, separator = ' ' } = options
  const parts = Array.from({ length: reducers }, () => new ByteSink())
  const separatorBytes = new TextEncoder().encode(separator)
  for (const { encodedKey, values } of groups) {
    const key = decodeKey(encodedKey)
    const part = parts[partitionOf(program, key, encodedKey, options)]!
    add(counters, REDUCE_INPUT_GROUPS, 1)
    // An iterator, not the array: the real path reads values once, as they stream by.
    program.reduce(key, values.values(), (outputKey, outputValue) => {
      add(counters, REDUCE_OUTPUT_RECORDS, 1)
      writeText(part, outputKey, 'key')
      part.append(separatorBytes)
      writeText(part, outputValue, 'value')
      part.byte(NEWLINE)
    }, context)
  }
  return parts.map(part => part.toBytes())
}

function partitionOf (program: Program, key: Datum, encodedKey: Uint8Array, { reducers, partition = program.partition }: SequentialOptions): number {
  if (partition === undefined) {
    return defaultPartition(encodedKey.subarray(0, -1), reducers)
  }
  const chosen = partition(key, reducers)
  if (!Number.isInteger(chosen) || chosen < 0 || chosen >= reducers) {
    throw new ProgramError(`partition gave ${chosen}, not a whole number from 0 to ${reducers - 1}`, '')
  }
  return chosen
}

function add (counters: Counters, name: string, n: number): void {
  counters[name] = (counters[name] ?? 0) + n
}
