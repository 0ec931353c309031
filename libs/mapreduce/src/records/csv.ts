import { parse } from 'csv-parse/browser/esm/sync'
import { MapReduceError } from '../errors.ts'
import { concat } from '../concat.ts'
import { intrinsics } from '../datum/index.ts'
import { CsvRowCutter } from './csv-row-cutter.ts'
import { readBytes, requireWholeFile } from './range-reader.ts'
import type { Source } from './range-reader.ts'

/** A row by the file's header. */
export type CsvRow = Record<string, string>

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/**
 * The rows of a whole CSV file (RFC 4180: commas, `"` quotes written twice inside quotes, rows that end with
 * `\n` or `\r\n`) as objects by its first row. A byte order mark at the start is dropped; blank lines are no
 * rows. Strict: a row with more or fewer fields than the header, a quote out of place or left open, and a header
 * that names a column twice are `BAD_INPUT`, naming file and offset.
 */
export async function readCsv (source: Source, maxRecordBytes: number, onRecord: (row: CsvRow, offset: number) => void): Promise<void> {
  const { range } = source
  requireWholeFile(range, 'csv')
  const start = await startsWithByteOrderMark(source) ? BYTE_ORDER_MARK.length : 0
  let header: string[] | undefined
  const cutter = new CsvRowCutter({ file: range.file, offset: start, maxRecordBytes }, (bytes, offsets) => {
    for (const [index, fields] of parseRows(bytes, offsets, range.file).entries()) {
      const offset = offsets[index] ?? start
      if (header === undefined) {
        header = checkHeader(fields, offset, range.file)
      } else {
        onRecord(toObject(header, fields, offset, range.file), offset)
      }
    }
  })
  for await (const chunk of readBytes(source, start, range.fileBytes)) {
    cutter.push(chunk)
  }
  cutter.finish()
}

async function startsWithByteOrderMark (source: Source): Promise<boolean> {
  const bytes = BYTE_ORDER_MARK.length
  if (source.range.fileBytes < bytes) {
    return false
  }
  const parts: Uint8Array[] = []
  for await (const chunk of readBytes(source, 0, bytes)) {
    parts.push(chunk)
  }
  const start = concat(parts, bytes)
  return BYTE_ORDER_MARK.every((byte, index) => start[index] === byte)
}

/** Parses whole rows, one for each offset. */
function parseRows (bytes: Uint8Array, offsets: number[], file: string): string[][] {
  let rows: string[][]
  try {
    rows = parse(bytes, { record_delimiter: ['\r\n', '\n'], skip_empty_lines: true, relax_column_count: true })
  } catch (error) {
    throw badRow(error, offsets, file)
  }
  if (rows.length !== offsets.length) {
    throw new MapReduceError('FATAL', `${file}: ${offsets.length} CSV rows were cut at offset ${offsets[0]}, but ${rows.length} were parsed`)
  }
  return rows
}

/** csv-parse's errors count the rows before the one that failed in `records`. */
function badRow (error: unknown, offsets: number[], file: string): MapReduceError {
  const before = error instanceof Error && 'records' in error && typeof error.records === 'number' ? error.records : 0
  // Its message ends with a line number, which counts from the start of the bytes it was given.
  const reason = (error instanceof Error ? error.message : String(error)).replace(/ at line \d+/, '')
  return new MapReduceError('BAD_INPUT', `${file}: the CSV row at offset ${offsets[before] ?? offsets[0]} is malformed: ${reason}`, { cause: error })
}

function checkHeader (names: string[], offset: number, file: string): string[] {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) {
    throw new MapReduceError('BAD_INPUT', `${file}: the CSV header at offset ${offset} names the column ${JSON.stringify(twice)} twice`)
  }
  // Assigning to it would set the row's prototype.
  if (names.includes('__proto__')) {
    throw new MapReduceError('BAD_INPUT', `${file}: the CSV header at offset ${offset} has a column __proto__; rename it`)
  }
  return names
}

function toObject (header: string[], fields: string[], offset: number, file: string): CsvRow {
  if (fields.length !== header.length) {
    throw new MapReduceError('BAD_INPUT', `${file}: the CSV row at offset ${offset} has ${fields.length} fields, its header has ${header.length}`)
  }
  const row = new intrinsics.Object() as CsvRow
  for (const [index, name] of header.entries()) {
    row[name] = fields[index] ?? ''
  }
  return row
}
