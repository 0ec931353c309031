import type { Announcement, Message, Topic } from '@ipfs-mapreduce/protocol'

/** What travels between two virtual peers. */
export type Cargo =
  | { kind: 'request', message: Message }
  | { kind: 'answer', message: Message, request: Message }
  | { kind: 'gossip', message: Announcement, topic: Topic }
  | { kind: 'block', cid: string, bytes: number }

/** Why something did not arrive: a fault's verdict, a cut link, a dead or closed receiver. */
export type Loss = 'dropped' | 'cut' | 'gone'

/** One thing sent from one peer to one other, as it arrives or is lost. */
export interface Delivery {
  /** Virtual time of arrival, or of the loss. */
  atMs: number
  from: string
  to: string
  cargo: Cargo
  lost?: Loss
}

export type Consignment = Pick<Delivery, 'from' | 'to' | 'cargo'>

/** What a fault does to one consignment; nothing said is nothing done. */
export interface Verdict {
  drop?: boolean
  /** Added to the latency. */
  delayMs?: number
  /** Further copies that arrive, each after a latency of its own. For gossip; streams do not repeat. */
  copies?: number
}

/** Judges what is sent, when it is sent. The first one that answers decides. */
export type Interceptor = (consignment: Consignment) => Verdict | undefined

export type DeliveryListener = (delivery: Delivery) => void
