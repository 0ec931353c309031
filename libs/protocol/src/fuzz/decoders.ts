import fc from 'fast-check'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { decodeAnnouncement, decodeMessage, encodeAnnouncement, encodeMessage } from '../codec.ts'
import { hostileBytes } from './hostile.ts'

export interface FuzzInit {
  /** Byte strings; each is given to both decoders. */
  inputs: number
  /** The same seed gives the same inputs. */
  seed: number
}

export interface FuzzOutcome {
  taken: number
  refused: number
}

/**
 * Gives hostile bytes to the decoders. Each answer must be a message that can be sent on and read again as the same, each
 * refusal `BAD_INPUT` with a reason. Throws at the first that is neither, with the bytes, made as few as fast-check can.
 */
export function fuzzDecoders ({ inputs, seed }: FuzzInit): FuzzOutcome {
  const outcome: FuzzOutcome = { taken: 0, refused: 0 }
  fc.assert(fc.property(hostileBytes(seed), bytes => {
    outcome[judge(bytes, decodeMessage, encodeMessage)]++
    outcome[judge(bytes, decodeAnnouncement, encodeAnnouncement)]++
  }), { numRuns: inputs, seed })
  return outcome
}

function judge<M> (bytes: Uint8Array, decode: (bytes: Uint8Array) => M, encode: (message: M) => Uint8Array): keyof FuzzOutcome {
  let message: M
  try {
    message = decode(bytes)
  } catch (error) {
    if (error instanceof MapReduceError && error.code === 'BAD_INPUT' && error.message !== '') return 'refused'
    throw new Error(`refused with ${String(error)}, which is not BAD_INPUT`, { cause: error })
  }
  const again = decode(encode(message))
  if (!same(message, again)) throw new Error('a message that was taken is another one when it has been sent on')
  return 'taken'
}

/** Deep equality of plain data, with the properties of records in any order. */
function same (a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))]
  return left.length === right.size && left.every(([name, value]) => right.has(name) && same(value, right.get(name)))
}
