import { parse } from 'csv-parse/browser/esm/sync'
import type { Datum, InputFormat } from './program.ts'

/** A record of a whole file. */
export interface WholeRecord {
  value: Datum
  offset: number
}

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/**
 * The records of a whole file, cut in the simplest way: what the streaming readers are checked against. It shares
 * no code with them on purpose.
 */
export function * wholeRecords (format: InputFormat, content: Uint8Array): Generator<WholeRecord> {
  switch (format) {
    case 'lines': return yield * lines(content)
    case 'raw-lines': return yield * rawLines(content)
    case 'ndjson': return yield * ndjson(content)
    case 'csv': return yield * csv(content)
    case 'text': return yield { value: decode(content), offset: 0 }
    default: return yield * fixedBytes(content, format.bytes)
  }
}

function * lines (content: Uint8Array): Generator<{ value: string, offset: number }> {
  for (let start = 0; start < content.length;) {
    const newline = content.indexOf(NEWLINE, start)
    if (newline < 0) {
      return yield { value: decode(content.subarray(start)), offset: start }
    }
    const end = newline > start && content[newline - 1] === CARRIAGE_RETURN ? newline - 1 : newline
    yield { value: decode(content.subarray(start, end)), offset: start }
    start = newline + 1
  }
}

function * rawLines (content: Uint8Array): Generator<WholeRecord> {
  for (let start = 0; start < content.length;) {
    const newline = content.indexOf(NEWLINE, start)
    const end = newline < 0 ? content.length : newline
    yield { value: content.slice(start, end), offset: start }
    start = end + 1
  }
}

function * ndjson (content: Uint8Array): Generator<WholeRecord> {
  for (const { value, offset } of lines(content)) {
    const json = offset === 0 ? value.replace(/^\ufeff/, '') : value
    if (/[^ \t\r]/.test(json)) {
      yield { value: JSON.parse(json) as Datum, offset }
    }
  }
}

function * csv (content: Uint8Array): Generator<WholeRecord> {
  const start = BYTE_ORDER_MARK.every((byte, index) => content[index] === byte) ? BYTE_ORDER_MARK.length : 0
  const rows = parse(content.subarray(start), { record_delimiter: ['\r\n', '\n'], skip_empty_lines: true, info: true }) as unknown as CsvRowInfo[]
  const [header, ...others] = rows
  let end = start + (header?.info.bytes ?? 0)
  for (const { record, info } of others) {
    let offset = end
    while (content[offset] === NEWLINE || (content[offset] === CARRIAGE_RETURN && content[offset + 1] === NEWLINE)) {
      offset++
    }
    yield { value: Object.fromEntries(record.map((field, index) => [header?.record[index] ?? '', field])), offset }
    end = start + info.bytes
  }
}

/** What csv-parse gives with `info`: its type declarations leave it out. */
interface CsvRowInfo {
  record: string[]
  /** `bytes`: where the row ended. */
  info: { bytes: number }
}

function * fixedBytes (content: Uint8Array, bytes: number): Generator<WholeRecord> {
  for (let offset = 0; offset < content.length; offset += bytes) {
    yield { value: content.slice(offset, offset + bytes), offset }
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

function decode (bytes: Uint8Array): string {
  return decoder.decode(bytes)
}
