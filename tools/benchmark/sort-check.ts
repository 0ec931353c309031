import { createReadStream } from 'node:fs'
import { crc32 } from 'node:zlib'
import { KEY_BYTES, RECORD_BYTES } from './inputs/records.ts'

const READ_BYTES = 1024 * 1024

/** What a file of records has in it, whatever their order: as valsort of the sort benchmark, their number and the sum of their CRCs. */
export class RecordSum {
  #records = 0
  #sum = 0n

  add (record: Uint8Array): void {
    this.#records++
    this.#sum += BigInt(crc32(record))
  }

  toString (): string {
    return `${this.#records} records, checksum ${this.#sum.toString(16)}`
  }
}

/** The records of a file in any order. */
export async function sumOfFile (path: string): Promise<string> {
  return await sumOf(fileChunks(path), () => undefined)
}

/** The same; rejects where a record's key is below that of the one before it. */
export async function sumOfSorted (chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let before: Buffer | undefined
  let n = 0
  return await sumOf(chunks, record => {
    n++
    if (before !== undefined && before.compare(record, 0, KEY_BYTES, 0, KEY_BYTES) > 0) throw new Error(`record ${n} is below the one before it: the output is not sorted`)
    before = record
  })
}

export async function sumOfSortedFile (path: string): Promise<string> {
  return await sumOfSorted(fileChunks(path))
}

/** Several files as one. */
export async function * joined (parts: AsyncIterable<AsyncIterable<Uint8Array>>): AsyncGenerator<Uint8Array> {
  for await (const part of parts) yield * part
}

async function * fileChunks (path: string): AsyncGenerator<Uint8Array> {
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) yield chunk as Buffer
}

async function sumOf (chunks: AsyncIterable<Uint8Array>, look: (record: Buffer) => void): Promise<string> {
  const sum = new RecordSum()
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const all = rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.concat([rest, chunk])
    let at = 0
    for (; at + RECORD_BYTES <= all.length; at += RECORD_BYTES) {
      const record = all.subarray(at, at + RECORD_BYTES)
      look(record)
      sum.add(record)
    }
    // Copied: a file's reader may use its buffer again.
    rest = Buffer.from(all.subarray(at))
  }
  if (rest.length > 0) throw new Error(`${rest.length} bytes at the end are no record`)
  return sum.toString()
}
