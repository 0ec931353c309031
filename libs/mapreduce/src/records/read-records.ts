import { MAX_RECORD_BYTES } from '../constants.ts'
import type { ReadContent } from '../executor.ts'
import type { SplitRange } from '../job.ts'
import type { Datum, InputFormat } from '../program.ts'
import { readCsv } from './csv.ts'
import { readFixedBytes } from './fixed-bytes.ts'
import { readLines, readRawLines, readSelectedLines } from './lines.ts'
import type { Selection } from './selected-lines.ts'
import { readNdjson } from './ndjson.ts'
import { readText } from './text.ts'

/** Called for each record, synchronously: its value (`RecordValue` of the format) and the offset of its first byte in the file. */
export type OnRecord = (value: Datum, offset: number) => void

/** Until when to read, and what is too long. */
export interface ReadRecordsOptions {
  signal?: AbortSignal
  /** Longest record. Default `MAX_RECORD_BYTES`; it decides which inputs fail, so all attempts of a job must agree. */
  maxRecordBytes?: number
  /** Of lines, those that are wanted. Default: all. */
  selection?: Selection
}

/**
 * Cuts a split into its records: those whose first byte lies in it. Every record of a file thus belongs to exactly
 * one of the file's splits, wherever they are cut, and comes in order. `read` is asked for the range's CID.
 *
 * Chunks are awaited; the records inside a chunk are delivered without a promise between them.
 *
 * Rejects with `MapReduceError`: `BAD_INPUT` where the file is not of the format (naming file and offset), `ABORTED`,
 * `TRANSIENT` where content is shorter than it was said to be, and whatever `read` and `onRecord` throw.
 */
export async function readRecords (format: InputFormat, range: SplitRange, read: ReadContent, onRecord: OnRecord, options: ReadRecordsOptions = {}): Promise<void> {
  const { signal, selection, maxRecordBytes = MAX_RECORD_BYTES } = options
  const source = { range, read, signal }
  switch (format) {
    case 'lines': return selection === undefined ? await readLines(source, maxRecordBytes, onRecord) : await readSelectedLines(source, maxRecordBytes, selection, onRecord)
    case 'raw-lines': return await readRawLines(source, maxRecordBytes, onRecord)
    case 'ndjson': return await readNdjson(source, maxRecordBytes, onRecord)
    case 'csv': return await readCsv(source, maxRecordBytes, onRecord)
    case 'text': return await readText(source, maxRecordBytes, onRecord)
    default: return await readFixedBytes(source, format.bytes, onRecord)
  }
}
