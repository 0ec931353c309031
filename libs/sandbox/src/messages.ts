import { MAX_SKIPPED_LISTED } from '@ipfs-mapreduce/mapreduce'
import type { Counters, Lent, RangeOptions, SkippedRecord, Work } from '@ipfs-mapreduce/mapreduce'
import { MAX_COUNTER_NAME_CHARS, MAX_COUNTERS, MAX_ERROR_CHARS, MAX_PLACE_CHARS, MAX_STACK_CHARS } from './constants.ts'
import { plainInputFormat } from './description.ts'
import type { ProgramDescription } from './description.ts'
import { isErrorCode } from './failure.ts'
import type { Failure } from './failure.ts'

/** What a sandbox tells an executor. `readEnd` and `readFailed` follow a read's data frames and what was `lent` among them. */
export type ToChild =
  | { type: 'load' }
  | { type: 'run', directory: string, work: Work }
  | { type: 'lent', id: number } & Lent
  | { type: 'readEnd', id: number }
  | { type: 'readFailed', id: number, failure: Failure }

/** A file that an attempt made in its directory. */
export interface MadeFile {
  name: string
  partition: number
  records: number
}

/** What an executor tells its sandbox. `consumed` opens a read's window again; files lent to a read with `keep` stay until the attempt ends. */
export type FromChild =
  | { type: 'ready' }
  | { type: 'loaded', program: ProgramDescription }
  | { type: 'read', id: number, file: string, range: Pick<RangeOptions, 'offset' | 'length'>, keep: boolean }
  | { type: 'consumed', id: number, bytes: number }
  | { type: 'stopRead', id: number }
  | { type: 'progress', records: number }
  | { type: 'done', outputs: MadeFile[], counters: Counters, skipped: SkippedRecord[] }
  | { type: 'failed', failure: Failure }

type Fields = Record<string, unknown>

class MalformedMessage extends Error {
  constructor (what: string) {
    super(`the executor sent ${what}`)
    this.name = 'MalformedMessage'
  }
}

function fields (value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new MalformedMessage(`${what} that is no object`)
  return value as Fields
}

function count (value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new MalformedMessage(`${what} that is no count`)
  return value
}

function text (value: unknown, maxChars: number, what: string): string {
  if (typeof value !== 'string' || value.length > maxChars) throw new MalformedMessage(`${what} that is no text of up to ${maxChars} characters`)
  return value
}

function counters (value: unknown): Counters {
  const entries = Object.entries(fields(value, 'counters'))
  if (entries.length > MAX_COUNTERS) throw new MalformedMessage(`${entries.length} counters, more than ${MAX_COUNTERS}`)
  return Object.fromEntries(entries.map(([name, n]) => [text(name, MAX_COUNTER_NAME_CHARS, 'a counter name'), count(n, `counter ${name}`)]))
}

function outputs (value: unknown): MadeFile[] {
  if (!Array.isArray(value)) throw new MalformedMessage('outputs that are no list')
  return value.map(item => {
    const { name, partition, records } = fields(item, 'an output')
    if (typeof name !== 'string' || !/^\d{1,10}$/.test(name)) throw new MalformedMessage('an output whose name is no scratch file')
    return { name, partition: count(partition, 'a partition'), records: count(records, 'a record count') }
  })
}

function skipped (value: unknown): SkippedRecord[] {
  if (!Array.isArray(value) || value.length > MAX_SKIPPED_LISTED) throw new MalformedMessage(`skipped records that are no list of up to ${MAX_SKIPPED_LISTED}`)
  return value.map(item => {
    const { file, offset, key, message } = fields(item, 'a skipped record')
    const where = key === undefined
      ? { file: text(file, MAX_PLACE_CHARS, 'a file path'), offset: count(offset, 'an offset') }
      : { key: text(key, MAX_PLACE_CHARS, 'a key') }
    return { ...where, message: text(message, MAX_ERROR_CHARS, 'an error message') }
  })
}

function failure (value: unknown): Failure {
  const { code, message, stack } = fields(value, 'a failure')
  if (!isErrorCode(code)) throw new MalformedMessage('a failure of no known code')
  // Room for the mark that says how much of the text was cut.
  const shown = { code, message: text(message, MAX_ERROR_CHARS + 64, 'an error message') }
  return stack === undefined ? shown : { ...shown, stack: text(stack, MAX_STACK_CHARS + 64, 'a stack') }
}

function description (value: unknown): ProgramDescription {
  const { input, combine, partition, deterministic } = fields(value, 'a description')
  return { input: plainInputFormat(input), combine: combine === true, partition: partitioning(partition), deterministic: deterministic !== false }
}

function partitioning (value: unknown): ProgramDescription['partition'] {
  if (value !== 'hash' && value !== 'range' && value !== 'function') throw new MalformedMessage('a partition of no known kind')
  return value
}

function range (value: unknown): Pick<RangeOptions, 'offset' | 'length'> {
  const { offset, length } = fields(value, 'a range')
  return {
    ...(offset !== undefined && { offset: count(offset, 'an offset') }),
    ...(length !== undefined && { length: count(length, 'a length') })
  }
}

/** Longest name of a file that is asked for: a CID, with room. */
const MAX_FILE_CHARS = 256

/** Reads a message of an executor, which may be anything. Throws `MalformedMessage`. */
export function parseFromChild (value: unknown): FromChild {
  const message = fields(value, 'a message')
  switch (message['type']) {
    case 'ready': return { type: 'ready' }
    case 'loaded': return { type: 'loaded', program: description(message['program']) }
    case 'read': return { type: 'read', id: count(message['id'], 'a read'), file: text(message['file'], MAX_FILE_CHARS, 'a file name'), range: range(message['range']), keep: message['keep'] === true }
    case 'consumed': return { type: 'consumed', id: count(message['id'], 'a read'), bytes: count(message['bytes'], 'a size') }
    case 'stopRead': return { type: 'stopRead', id: count(message['id'], 'a read') }
    case 'progress': return { type: 'progress', records: count(message['records'], 'a progress') }
    case 'done': return { type: 'done', outputs: outputs(message['outputs']), counters: counters(message['counters']), skipped: skipped(message['skipped']) }
    case 'failed': return { type: 'failed', failure: failure(message['failure']) }
    default: throw new MalformedMessage('a message of unknown type')
  }
}
