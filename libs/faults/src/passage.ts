import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { decodeAnnouncement, decodeMessage, encodeAnnouncement, encodeMessage, type Announcement, type Message } from '@ipfs-mapreduce/protocol'
import { flipByte } from './flip-byte.ts'
import { targetsOf } from './messages.ts'
import type { Perils } from './perils.ts'
import type { Roll } from './roll.ts'

/** What becomes of a message on its way. */
export interface Passage<M> {
  /** What arrives, if it does. */
  message: M
  lost: boolean
  /** Why the other side's decoder refuses it, if it does. */
  unreadable: MapReduceError | undefined
  delayMs: number
  /** 2 where it comes twice. */
  copies: number
}

/** How a plane's messages are written and read. */
export interface Codec<M> {
  encode: (message: M) => Uint8Array
  decode: (bytes: Uint8Array) => M
}

export const STREAM_CODEC: Codec<Message> = { encode: encodeMessage, decode: decodeMessage }
export const GOSSIP_CODEC: Codec<Announcement> = { encode: encodeAnnouncement, decode: decodeAnnouncement }

export interface PassageInit {
  roll: Roll
  perils: Perils
  random: () => number
}

/** Judges one message that passes this peer's door, in or out. Throws `BAD_INPUT` where one that is to be changed cannot be encoded. */
export function pass<M extends Message | Announcement> ({ roll, perils, random }: PassageInit, message: M, codec: Codec<M>): Passage<M> {
  const targets = targetsOf(message)
  const sum = (ms: number[]): number => ms.reduce((total, one) => total + one, 0)
  if (perils.crashes(targets) || roll.strike('drop', targets).length > 0) return { message, lost: true, unreadable: undefined, delayMs: 0, copies: 0 }
  const corrupted = roll.strike('corrupt', targets).length > 0 ? corrupt(message, codec, random) : { message }
  return {
    message,
    lost: false,
    unreadable: undefined,
    copies: roll.strike('duplicate', targets).length > 0 ? 2 : 1,
    delayMs: sum([...roll.strike('delay', targets), ...roll.strike('reorder', targets)].map(fault => roll.drawMs(fault))),
    ...corrupted
  }
}

function corrupt<M> (message: M, { encode, decode }: Codec<M>, random: () => number): { message: M } | { unreadable: MapReduceError } {
  const bytes = flipByte(encode(message), random)
  try {
    return { message: decode(bytes) }
  } catch (error) {
    return { unreadable: new MapReduceError('BAD_INPUT', `a message was changed on its way (injected): ${(error as Error).message}`, { cause: error }) }
  }
}
