import { ByteSink, decodeValue, encodeValue } from './datum/index.ts'
import { MapReduceError } from './errors.ts'
import type { JournalEntry } from './journal.ts'

/** Longest name of a job in a journal. */
export const MAX_JOURNAL_JOB_CHARS = 128
const JOB = new RegExp(`^[\\x20-\\x7e]{1,${MAX_JOURNAL_JOB_CHARS}}$`)

/** Throws `BAD_INPUT` on what cannot name a job in a journal. */
export function checkJournalJob (job: string): void {
  if (!JOB.test(job)) {
    throw new MapReduceError('BAD_INPUT', `a journal names a job by 1 to ${MAX_JOURNAL_JOB_CHARS} printable ASCII characters, not ${JSON.stringify(job.slice(0, MAX_JOURNAL_JOB_CHARS))}`)
  }
}

/** Room that is kept for the next entry: a master writes two for each task, and making room takes longer than writing them. */
const KEPT_BYTES = 64 * 1024
let sink = new ByteSink(KEPT_BYTES)

/** An entry's bytes, a value as in RUN-FORMAT.md. Throws `BAD_INPUT` on what is no `Datum`, `undefined` within it included, or is too long. */
export function encodeJournalEntry (entry: JournalEntry): Uint8Array {
  if (sink.bytes.length > KEPT_BYTES) sink = new ByteSink(KEPT_BYTES)
  sink.length = 0
  try {
    encodeValue(sink, entry)
  } catch (cause) {
    throw new MapReduceError('BAD_INPUT', `an entry cannot be journaled: ${(cause as Error).message}`, { cause })
  }
  return sink.toBytes()
}

/** The entry of bytes that `encodeJournalEntry` made, equal to what it was. Throws `STORAGE` on others. */
export function decodeJournalEntry (bytes: Uint8Array): JournalEntry {
  return decodeValue(bytes, 0, bytes.length)
}
