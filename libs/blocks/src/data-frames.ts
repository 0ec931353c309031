import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { CID } from 'multiformats/cid'
import { ByteQueue } from './byte-queue.ts'
import { MAX_BLOCK_BYTES, MAX_CID_BYTES, MAX_CREDIT_BYTES } from './constants.ts'

/** The protocol that DATA-STREAM.md describes. */
export const DATA_PROTOCOL_ID = '/ipfs/mapreduce/data/1.0.0'

/** The first byte of a frame's body. */
const KIND = { want: 1, credit: 2, block: 3, absent: 4 }
/** Longest varint of a frame's length or of a credit. */
const MAX_VARINT_BYTES = 5

/** What a reader says: which block it wants, and how many bytes of blocks it can take. */
export type Ask = { type: 'want', cid: CID } | { type: 'credit', bytes: number }
/** What a holder says, in the order of wants. */
export type Answer = { type: 'block', bytes: Uint8Array } | { type: 'absent' }

export function wantFrame (cid: CID): Uint8Array {
  return frame(KIND.want, cid.bytes)
}

export function creditFrame (bytes: number): Uint8Array {
  return frame(KIND.credit, varint(bytes))
}

/** What comes before a block's bytes. */
export function blockHeader (blockBytes: number): Uint8Array {
  return header(KIND.block, blockBytes)
}

export function absentFrame (): Uint8Array {
  return header(KIND.absent, 0)
}

/** Reads frames of one kind of speaker from bytes as they come. What is none of them throws `BAD_INPUT`, and the stream is of no use any more. */
export class FrameDecoder<T> {
  readonly #queue = new ByteQueue()
  readonly #maxBodyBytes: number
  readonly #read: (kind: number, payload: Uint8Array) => T

  constructor (maxBodyBytes: number, read: (kind: number, payload: Uint8Array) => T) {
    this.#maxBodyBytes = maxBodyBytes
    this.#read = read
  }

  push (bytes: Uint8Array): void {
    this.#queue.push(bytes)
  }

  /** The next frame that is here whole. */
  next (): T | undefined {
    const queue = this.#queue
    const length = readVarint(position => position < queue.length ? queue.byteAt(position) : undefined)
    if (length === undefined) return undefined
    if (length.value < 1 || length.value > this.#maxBodyBytes) throw malformed(`a frame of ${length.value} bytes, where 1 to ${this.#maxBodyBytes} are allowed`)
    if (queue.length < length.bytes + length.value) return undefined
    queue.skip(length.bytes)
    const kind = queue.byteAt(0)
    queue.skip(1)
    return this.#read(kind, queue.take(length.value - 1))
  }
}

export function askDecoder (): FrameDecoder<Ask> {
  return new FrameDecoder<Ask>(1 + Math.max(MAX_CID_BYTES, MAX_VARINT_BYTES), (kind, payload) => {
    if (kind === KIND.want) return { type: 'want', cid: decodeCid(payload) }
    if (kind === KIND.credit) return { type: 'credit', bytes: decodeCredit(payload) }
    throw malformed(`a frame of kind ${kind} from a reader`)
  })
}

export function answerDecoder (): FrameDecoder<Answer> {
  return new FrameDecoder<Answer>(1 + MAX_BLOCK_BYTES, (kind, payload) => {
    if (kind === KIND.block) return { type: 'block', bytes: payload }
    if (kind === KIND.absent && payload.byteLength === 0) return { type: 'absent' }
    throw malformed(`a frame of kind ${kind} and ${payload.byteLength} bytes from a holder`)
  })
}

function decodeCid (bytes: Uint8Array): CID {
  try {
    return CID.decode(bytes)
  } catch (cause) {
    throw new MapReduceError('BAD_INPUT', `a want of ${bytes.byteLength} bytes that are no CID`, { cause })
  }
}

function decodeCredit (payload: Uint8Array): number {
  const credit = readVarint(position => payload[position])
  if (credit?.bytes !== payload.byteLength || credit.value > MAX_CREDIT_BYTES) throw malformed('a credit that cannot be read')
  return credit.value
}

function frame (kind: number, payload: Uint8Array): Uint8Array {
  const head = header(kind, payload.byteLength)
  const bytes = new Uint8Array(head.byteLength + payload.byteLength)
  bytes.set(head)
  bytes.set(payload, head.byteLength)
  return bytes
}

function header (kind: number, payloadBytes: number): Uint8Array {
  return Uint8Array.of(...varint(1 + payloadBytes), kind)
}

function varint (value: number): Uint8Array {
  const bytes: number[] = []
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80)
  bytes.push(value)
  return Uint8Array.from(bytes)
}

/** The varint at the front, and its length; nothing where its end is not there. */
function readVarint (byteAt: (position: number) => number | undefined): { value: number, bytes: number } | undefined {
  let value = 0
  for (let at = 0; at < MAX_VARINT_BYTES; at++) {
    const byte = byteAt(at)
    if (byte === undefined) return undefined
    value += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) return { value, bytes: at + 1 }
  }
  throw malformed(`a number longer than ${MAX_VARINT_BYTES} bytes`)
}

function malformed (what: string): MapReduceError {
  return new MapReduceError('BAD_INPUT', `the data stream carries ${what}`)
}
