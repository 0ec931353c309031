import { MAX_CHUNK_BYTES, MAX_REDUCERS, MAX_SORT_BUFFER_BYTES, MIN_CHUNK_BYTES, MIN_SORT_BUFFER_BYTES } from '@ipfs-mapreduce/mapreduce'
import { MAX_DURATION_MS } from '@ipfs-mapreduce/protocol'
import { InvalidArgumentError } from 'commander'

const UNITS: Record<string, number> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 }

/** Bytes from `16384`, `16k`, `16KiB`, `1.5 MB`: units are powers of 1024. */
export function parseBytes (text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(?:(b)|([kmgt])(?:i?b)?)?$/i.exec(text.trim())
  const bytes = match === null ? Number.NaN : Number(match[1]) * UNITS[(match[2] ?? match[3] ?? '').toLowerCase()]!
  if (!Number.isSafeInteger(bytes)) throw new InvalidArgumentError('It is a number of bytes, such as 16384, 16k or 1MiB.')
  return bytes
}

export function parseChunkBytes (text: string): number {
  const bytes = parseBytes(text)
  if (bytes < MIN_CHUNK_BYTES || bytes > MAX_CHUNK_BYTES) {
    throw new InvalidArgumentError(`Chunks are ${formatBytes(MIN_CHUNK_BYTES)} to ${formatBytes(MAX_CHUNK_BYTES)}: what every IPFS peer accepts.`)
  }
  return bytes
}

export function parseSortBuffer (text: string): number {
  const bytes = parseBytes(text)
  if (bytes < MIN_SORT_BUFFER_BYTES || bytes > MAX_SORT_BUFFER_BYTES) {
    throw new InvalidArgumentError(`A sort buffer has ${formatBytes(MIN_SORT_BUFFER_BYTES)} to ${formatBytes(MAX_SORT_BUFFER_BYTES)}.`)
  }
  return bytes
}

/** A whole number within bounds, for options that count. */
export function wholeNumber (min: number, max: number): (text: string) => number {
  return text => {
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN
    if (!(value >= min && value <= max)) throw new InvalidArgumentError(`It is a whole number from ${min} to ${max}.`)
    return value
  }
}

export const parseReducers = wholeNumber(1, MAX_REDUCERS)

const TIME_UNITS_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000 }

/** Milliseconds from seconds, or from `90s`, `10m`, `1.5h`. */
export function parseDuration (text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(?:(s)|(m)(?:in)?|(h))?$/.exec(text.trim())
  const ms = match === null ? Number.NaN : Math.round(Number(match[1]) * TIME_UNITS_MS[match[2] ?? match[3] ?? match[4] ?? 's']!)
  if (!(ms > 0 && ms <= MAX_DURATION_MS)) throw new InvalidArgumentError('It is a number of seconds, or a time such as 0.5s, 10m or 2h.')
  return ms
}

/** Collects `--arg name=value`, one at a time. */
export function parseArg (text: string, sofar: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It is written name=value.')
  const name = text.slice(0, at)
  if (Object.hasOwn(sofar, name)) throw new InvalidArgumentError(`${name} is given twice.`)
  return { ...sofar, [name]: text.slice(at + 1) }
}

/** What a person types for characters that a shell makes hard to type. */
export function parseSeparator (text: string): string {
  const separator = text.replace(/\\([tn0\\])/g, (_, letter: string) => ({ t: '\t', n: '\n', 0: '\0' })[letter] ?? '\\')
  if (separator.includes('\n')) throw new InvalidArgumentError('A line ends at a newline: choose another separator, such as \\t.')
  return separator
}

export function formatBytes (bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit++ }
  return `${unit === 0 || Number.isInteger(value) ? value : value.toFixed(1)} ${units[unit]}`
}
