import { crc32 } from 'node:zlib'
import { decodeJournalEntry, encodeJournalEntry, MapReduceError, MAX_JOURNAL_JOB_CHARS } from '@ipfs-mapreduce/mapreduce'

/** The format's name and version; README.md describes it. */
const MAGIC = Buffer.from('IPMJ')
const VERSION = 1
const PREAMBLE = Buffer.from([...MAGIC, VERSION])
/** Before each payload: its length, its CRC-32, and the CRC-32 of these two. */
const FRAME_HEADER_BYTES = 12
const CHECKED_HEADER_BYTES = 8
/** What an encoded string has beside its characters, at most: a tag, and the two bytes of a length under 2^14. */
const STRING_OVERHEAD_BYTES = 3

/** From these first bytes of a file `parseHead` can tell any job. */
export const HEAD_BYTES = PREAMBLE.length + FRAME_HEADER_BYTES + STRING_OVERHEAD_BYTES + MAX_JOURNAL_JOB_CHARS

/**
 * How bytes end.
 * - `whole`: with a frame's last byte
 * - `torn`: within a frame, whose writer died
 * - `rotten`: with something that no writer leaves, alive or dead
 */
export type Ending = 'whole' | 'torn' | 'rotten'

export interface Parsed {
  /** Payloads before the bad place, the job's name not among them. */
  payloads: Uint8Array[]
  /** First byte that is not part of a good frame; 0 where the head is bad. */
  end: number
  ending: Ending
}

/** What a job's file begins with. */
export function encodeHead (job: string): Uint8Array {
  return Buffer.concat([PREAMBLE, encodeFrame(encodeJournalEntry(job))])
}

export function encodeFrame (payload: Uint8Array): Uint8Array {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payload.length)
  frame.writeUInt32LE(payload.length, 0)
  frame.writeUInt32LE(crc32(payload), 4)
  frame.writeUInt32LE(crc32(frame.subarray(0, CHECKED_HEADER_BYTES)), CHECKED_HEADER_BYTES)
  frame.set(payload, FRAME_HEADER_BYTES)
  return frame
}

/** The job of a file by its first bytes. Throws `STORAGE` where a later version wrote it. */
export function parseHead (bytes: Buffer): { job: string } | { ending: 'torn' | 'rotten' } {
  const preamble = bytes.subarray(0, PREAMBLE.length)
  if (!preamble.equals(PREAMBLE.subarray(0, preamble.length))) {
    if (preamble.length === PREAMBLE.length && preamble.subarray(0, MAGIC.length).equals(MAGIC)) throw laterVersion(preamble[MAGIC.length]!)
    return { ending: 'rotten' }
  }
  const frame = takeFrame(bytes, PREAMBLE.length)
  return typeof frame === 'string' ? { ending: frame } : { job: decodeJournalEntry(frame.payload) as string }
}

/** The frames of a job's file, up to the first bad one. The payloads are parts of `bytes`. */
export function parse (bytes: Buffer): Parsed {
  const head = parseHead(bytes)
  if ('ending' in head) return { payloads: [], end: 0, ending: head.ending }
  const payloads: Uint8Array[] = []
  let end = PREAMBLE.length
  while (end < bytes.length) {
    const frame = takeFrame(bytes, end)
    if (typeof frame === 'string') return { payloads: payloads.slice(1), end, ending: frame }
    payloads.push(frame.payload)
    end = frame.end
  }
  return { payloads: payloads.slice(1), end, ending: 'whole' }
}

/** A header that is whole is to be trusted: it has a checksum of its own, so that a rotten length does not look like a torn payload. */
function takeFrame (bytes: Buffer, start: number): { payload: Uint8Array, end: number } | 'torn' | 'rotten' {
  const at = start + FRAME_HEADER_BYTES
  if (at > bytes.length) return 'torn'
  if (crc32(bytes.subarray(start, start + CHECKED_HEADER_BYTES)) !== bytes.readUInt32LE(start + CHECKED_HEADER_BYTES)) return 'rotten'
  const end = at + bytes.readUInt32LE(start)
  if (end > bytes.length) return 'torn'
  // Not a Buffer, whose slices share memory: what is decoded must not hold on to the file.
  const payload = new Uint8Array(bytes.buffer, bytes.byteOffset + at, end - at)
  return crc32(payload) === bytes.readUInt32LE(start + 4) ? { payload, end } : 'rotten'
}

function laterVersion (version: number): MapReduceError {
  return new MapReduceError('STORAGE', `a file in it is of version ${version} of the format, and this release reads version ${VERSION}: start the release that wrote it, or move the file away`)
}
