import { MAX_KEY_BYTES, MAX_RECORD_BYTES } from '../constants.ts'
import { MapReduceError } from '../errors.ts'
import type { InputFormat, KeyedBytes } from '../program.ts'

const NAMED_FORMATS: readonly unknown[] = ['lines', 'raw-lines', 'text', 'ndjson', 'csv']

/**
 * Whether a file of this format must be mapped by one task: `text` is the whole file, and in `csv` only a
 * pass over the whole file tells a newline between rows from one inside quotes.
 */
export function wholeFile (format: InputFormat): boolean {
  return format === 'csv' || format === 'text'
}

/** Whether records of it say what of them is the key. */
export function isKeyed (format: InputFormat): format is KeyedBytes {
  return typeof format === 'object' && 'keyBytes' in format && format.keyBytes !== undefined
}

/** Narrows what a program or a message calls its input format. Throws a `MapReduceError` `FATAL` that names the formats there are. */
export function checkInputFormat (format: unknown): asserts format is InputFormat {
  if (NAMED_FORMATS.includes(format)) {
    return
  }
  if (typeof format !== 'object' || format === null || !('bytes' in format)) {
    throw new MapReduceError('FATAL', `unknown input format ${describe(format)}: use 'lines', 'raw-lines', 'text', 'ndjson', 'csv' or { bytes: N }`)
  }
  const { bytes, keyBytes } = format as { bytes: unknown, keyBytes?: unknown }
  if (!Number.isInteger(bytes) || Number(bytes) < 1 || Number(bytes) > MAX_RECORD_BYTES) {
    throw new MapReduceError('FATAL', `input format { bytes: ${describe(bytes)} }: N must be a whole number from 1 to ${MAX_RECORD_BYTES}`)
  }
  const maxKeyBytes = Math.min(Number(bytes), MAX_KEY_BYTES)
  if (keyBytes !== undefined && (!Number.isInteger(keyBytes) || Number(keyBytes) < 0 || Number(keyBytes) > maxKeyBytes)) {
    throw new MapReduceError('FATAL', `input format { bytes: ${describe(bytes)}, keyBytes: ${describe(keyBytes)} }: keyBytes must be a whole number from 0 to ${maxKeyBytes}`)
  }
}

function describe (value: unknown): string {
  return JSON.stringify(value) ?? String(value)
}
