import type { Announcement, Message, Topic } from '@ipfs-mapreduce/protocol'

/** What travels between two virtual peers. */
export type Cargo =
  | { kind: 'request', message: Message }
  | { kind: 'answer', message: Message, request: Message }
  | { kind: 'gossip', message: Announcement, topic: Topic }
  | { kind: 'block', cid: string, bytes: number }

/** Why something did not arrive: a fault's verdict, a cut link, a dead or closed receiver, a connection that broke over damaged bytes. */
export type Loss = 'dropped' | 'cut' | 'gone' | 'reset'

/** One thing sent from one peer to one other, as it arrives or is lost. */
export interface Delivery {
  /** Virtual time of arrival, or of the loss. */
  atMs: number
  from: string
  to: string
  cargo: Cargo
  lost?: Loss
  /** A bit of it was flipped on the way. */
  damaged?: true
}

export type Consignment = Pick<Delivery, 'from' | 'to' | 'cargo'>

/** What a fault does to one consignment; nothing said is nothing done. */
export interface Verdict {
  drop?: boolean
  /** Added to the latency. */
  delayMs?: number
  /**
   * Flips a bit at this place, 0 ≤ damage < 1. Streams are sealed (libp2p's Noise), so a message on one breaks its
   * connection; an announcement goes to the receiver's decoder, a block to the receiver's check of its hash.
   */
  damage?: number
  /** Further copies that arrive, each after a latency of its own. For gossip; streams do not repeat. */
  copies?: number
}

/** Judges what is sent, when it is sent. The first one that answers decides. */
export type Interceptor = (consignment: Consignment) => Verdict | undefined

export type DeliveryListener = (delivery: Delivery) => void
