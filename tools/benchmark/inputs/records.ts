import { writeFile } from 'node:fs/promises'
import { generator } from './random.ts'

/** As sort benchmarks have them (sortbenchmark.org): a key of ten printable bytes first, a newline last. */
export const RECORD_BYTES = 100
export const KEY_BYTES = 10
/** Printable ASCII from the space on, without the newline that ends a record. */
const FIRST_KEY_BYTE = 0x20
const KEY_ALPHABET = 95
const NEWLINE = 0x0a
const RECORDS_PER_CHUNK = 10_000

export interface RecordsInit {
  /** Of the whole file; what does not fill a record is left out. */
  bytes: number
  seed: number
}

/** Writes records with random keys: the same bytes for the same seed and size. */
export async function writeRecords (path: string, init: RecordsInit): Promise<void> {
  await writeFile(path, recordChunks(init))
}

export function * recordChunks ({ bytes, seed }: RecordsInit): Generator<Uint8Array> {
  const random = generator(seed)
  const records = Math.floor(bytes / RECORD_BYTES)
  for (let done = 0; done < records;) {
    const many = Math.min(RECORDS_PER_CHUNK, records - done)
    const chunk = Buffer.alloc(many * RECORD_BYTES)
    for (let i = 0; i < many; i++) fillRecord(chunk, i * RECORD_BYTES, done + i, random)
    yield chunk
    done += many
  }
}

/** The key, the record's number, and letters that a generic compressor neither loves nor hates. */
function fillRecord (chunk: Buffer, at: number, number: number, random: () => number): void {
  for (let i = 0; i < KEY_BYTES; i++) chunk[at + i] = FIRST_KEY_BYTE + Math.floor(random() * KEY_ALPHABET)
  chunk.write(`  ${number.toString(16).padStart(16, '0')}  `, at + KEY_BYTES, 'latin1')
  const from = at + KEY_BYTES + 20
  const end = at + RECORD_BYTES - 1
  for (let i = from; i < end; i += 10) chunk.fill(0x41 + Math.floor(random() * 26), i, Math.min(i + 10, end))
  chunk[end] = NEWLINE
}
