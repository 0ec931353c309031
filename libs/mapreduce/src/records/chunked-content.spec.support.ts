import type { ReadContent } from '../executor.ts'
import type { SplitRange } from '../job.ts'
import type { Datum, InputFormat } from '../program.ts'
import { readRecords } from './read-records.ts'
import type { ReadRecordsOptions } from './read-records.ts'

export interface RecordAt {
  value: Datum
  offset: number
}

export function utf8 (text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** A reader of one file that delivers chunks of these sizes, round and round, and notes each range asked for. */
export function chunkedContent (content: Uint8Array, chunkBytes: number[] = [7]): { read: ReadContent, asked: Array<[from: number, to: number]> } {
  const asked: Array<[number, number]> = []
  const read: ReadContent = async function * (_cid, { offset = 0, length = content.length }) {
    const end = Math.min(offset + length, content.length)
    asked.push([offset, end])
    for (let turn = 0, at = offset; at < end; turn++) {
      const next = Math.min(at + (chunkBytes[turn % chunkBytes.length] ?? 1), end)
      yield content.slice(at, next)
      at = next
    }
  }
  return { read, asked }
}

export function rangeOf (content: Uint8Array, offset = 0, end = content.length): SplitRange {
  return { file: 'a.txt', cid: 'cid-a', offset, length: end - offset, fileBytes: content.length }
}

/** The records of a file cut into splits at `cuts`, in any order. */
export async function recordsOfSplits (format: InputFormat, content: Uint8Array, cuts: number[] = [], chunkBytes?: number[], options?: ReadRecordsOptions): Promise<RecordAt[]> {
  const { read } = chunkedContent(content, chunkBytes)
  const edges = [0, ...cuts.map(cut => Math.min(cut, content.length)).sort((a, b) => a - b), content.length]
  const records: RecordAt[] = []
  for (const [index, offset] of edges.slice(0, -1).entries()) {
    await readRecords(format, rangeOf(content, offset, edges[index + 1]), read, (value, at) => records.push({ value, offset: at }), options)
  }
  return records
}
