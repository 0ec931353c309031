import { MAP_INPUT_RECORDS, MAP_OUTPUT_RECORDS, MAP_SKIPPED_RECORDS, REDUCE_INPUT_GROUPS, REDUCE_OUTPUT_RECORDS, REDUCE_SKIPPED_GROUPS, USER_PREFIX } from './counters.ts'
import { ByteSink, compareKeys, decodeKey, encodeKey, snapshot, writeText } from './datum/index.ts'
import { ProgramError } from './errors.ts'
import type { Bounds, Counters, SkippedRecord } from './job.ts'
import { toHex } from './hex.ts'
import { soughtText } from './must-contain.ts'
import { defaultPartition } from './partitioner.ts'
import { shownKey } from './program-call.ts'
import type { Datum, Emit, InputFormat, KeyedBytes, Program, ProgramContext } from './program.ts'
import { wholeRecords } from './sequential-records.ts'
import { SequentialSkips } from './sequential-skips.ts'

const NEWLINE = 0x0a
/** Characters of a string that is within every bound. */
const SHORT_TEXT = 4096

/** A file of the input, whole. */
export interface SequentialFile {
  path: string
  content: Uint8Array
}

/** What decides the oracle's answer beside program and input. */
export interface SequentialOptions {
  reducers: number
  args?: Record<string, string>
  /** Between key and value on an output line. */
  separator?: string
  /** Instead of the program's own partition. */
  partition?: (key: Datum, reducers: number) => number
  /** Where the program partitions by range. */
  bounds?: Bounds
  /** Records and groups, in all, that may make the program throw and are skipped; default 0. */
  skipBadRecords?: number
}

/** The oracle's answer. */
export interface SequentialResult {
  /** The output of each partition: lines sorted by key. */
  parts: Uint8Array[]
  /** Those that do not depend on how the work is cut: records read, pairs emitted by map, keys, pairs written, what was skipped, `user.*`. */
  counters: Counters
  /** Every record, and then every group, that was skipped. */
  skipped: SkippedRecord[]
}

interface Group {
  encodedKey: Uint8Array
  values: Datum[]
}

/**
 * The oracle: what a program makes of an input, computed in the simplest way (after `mrsequential.go` of MIT 6.5840).
 * Reads whole files in the order given, maps each record, groups by key, sorts by key bytes, reduces. It ignores
 * `combine` and `mapLines`, and shares with the real path only how a datum is written and the default partition; bounds are sampled by who asks.
 * Everything is in memory. Throws what the program throws, where it may not be skipped.
 */
export async function sequential<F extends InputFormat, K extends Datum, V extends Datum> (program: Program<F, K, V>, input: AsyncIterable<SequentialFile> | Iterable<SequentialFile>, options: SequentialOptions): Promise<SequentialResult> {
  // A program is written for its own types; here records, keys and values are all of type Datum.
  const untyped = program as unknown as Program
  const counters: Counters = { [MAP_INPUT_RECORDS]: 0, [MAP_OUTPUT_RECORDS]: 0, [REDUCE_INPUT_GROUPS]: 0, [REDUCE_OUTPUT_RECORDS]: 0 }
  const context: ProgramContext = {
    args: options.args ?? {},
    count: (name, n = 1) => { add(counters, USER_PREFIX + name, n) }
  }
  const { skipBadRecords = 0 } = options
  const skips = skipBadRecords > 0 ? new SequentialSkips(skipBadRecords, counters) : undefined
  const job: SequentialJob = { program: untyped, context, counters, skips }
  const groups = await mapAndGroup(job, input)
  return { parts: reduceAll(job, groups, options), counters, skipped: skips?.skipped ?? [] }
}

interface SequentialJob {
  program: Program
  context: ProgramContext
  counters: Counters
  /** Where records may be skipped. */
  skips: SequentialSkips | undefined
}

async function mapAndGroup ({ program, context, counters, skips }: SequentialJob, input: AsyncIterable<SequentialFile> | Iterable<SequentialFile>): Promise<Group[]> {
  const groups = new Map<Datum, Group>()
  const groupOf = (key: Datum): Group => {
    const identity = identityOf(key)
    let group = groups.get(identity)
    if (group === undefined) {
      group = { encodedKey: encodeKey(key), values: [] }
      groups.set(identity, group)
    }
    return group
  }
  /** Where the pairs of one call went, to take them back. */
  let emitted: Group[] = []
  const emit = (key: Datum, value: Datum): void => {
    const group = groupOf(key)
    group.values.push(valueOf(value))
    if (skips !== undefined) emitted.push(group)
    add(counters, MAP_OUTPUT_RECORDS, 1)
  }
  const undo = (): void => { for (const { values } of emitted) values.pop() }
  for await (const { path, content } of input) {
    const sought = content.length > 0 ? soughtText(program, context) : undefined
    for (const { value, offset } of wholeRecords(program.input, content)) {
      add(counters, MAP_INPUT_RECORDS, 1)
      if (sought !== undefined && !(value as string).includes(sought)) continue
      const call = (): void => program.map === 'identity' ? emitRecord(program.input, value, emit) : program.map({ value: value as never, file: path, offset }, emit, context)
      if (skips === undefined) {
        call()
        continue
      }
      emitted = []
      skips.attempt({ call, undo, where: { file: path, offset }, counter: MAP_SKIPPED_RECORDS })
    }
  }
  if (counters[MAP_INPUT_RECORDS]! > (counters[MAP_SKIPPED_RECORDS] ?? 0)) program.finish?.(emit, context)
  return [...groups.values()].filter(({ values }) => values.length > 0).sort(({ encodedKey: a }, { encodedKey: b }) => compareKeys(a, 0, a.length, b, 0, b.length))
}

/** What `'identity'` makes of a record. */
function emitRecord (input: InputFormat, value: Datum, emit: Emit): void {
  const { keyBytes } = input as KeyedBytes
  emit((value as Uint8Array).slice(0, keyBytes), (value as Uint8Array).slice(keyBytes))
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

function reduceAll ({ program, context, counters, skips }: SequentialJob, groups: Group[], options: SequentialOptions): Uint8Array[] {
  const { reducers, separator = ' ' } = options
  const parts = Array.from({ length: reducers }, () => new ByteSink())
  const separatorBytes = new TextEncoder().encode(separator)
  for (const { encodedKey, values } of groups) {
    const key = decodeKey(encodedKey)
    const part = parts[partitionOf(program, key, encodedKey, options)]!
    add(counters, REDUCE_INPUT_GROUPS, 1)
    const { length } = part
    const undo = (): void => { part.length = length }
    const emit = (outputKey: Datum, outputValue: Datum): void => {
      part.append(outputOf(program, outputKey, separatorBytes, outputValue))
      add(counters, REDUCE_OUTPUT_RECORDS, 1)
    }
    // An iterator, not the array: the real path reads values once, as they stream by.
    const call = (): void => {
      if (program.reduce === 'identity') values.forEach(value => emit(key, value))
      else program.reduce(key, values.values(), emit, context)
    }
    if (skips === undefined) call()
    else skips.attempt({ call, undo, where: { key: shownKey(key) }, counter: REDUCE_SKIPPED_GROUPS })
  }
  return parts.map(part => part.toBytes())
}

/** A line apart from the output, which holds no half of one that cannot be written; or what the program has in place of lines. */
function outputOf ({ output = 'lines' }: Program, key: Datum, separator: Uint8Array, value: Datum): Uint8Array {
  const line = new ByteSink(64)
  writeText(line, key, 'key')
  if (output === 'lines') line.append(separator)
  if (output === 'values') line.length = 0
  writeText(line, value, 'value')
  if (output === 'lines') line.byte(NEWLINE)
  return line.toBytes()
}

function partitionOf (program: Program, key: Datum, encodedKey: Uint8Array, options: SequentialOptions): number {
  const { reducers, bounds = [] } = options
  const partition = options.partition ?? program.partition
  if (partition === undefined) {
    return defaultPartition(encodedKey.subarray(0, -1), reducers)
  }
  if (partition === 'range') {
    const text = toHex(encodedKey.subarray(0, -1))
    return bounds.filter(bound => bound <= text).length
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
