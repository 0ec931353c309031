import type { Announcement, Message } from './messages.ts'

/** The topics of a cluster; `topicName` in topics.ts writes them out. */
export type Topic = 'workers' | 'masters' | 'jobs'

/** Until when to wait for an answer. */
export interface RequestOptions {
  signal?: AbortSignal
}

/** Answers a message of a peer. What it throws travels back as a `refusal`. */
export type MessageHandler = (from: string, message: Message) => Promise<Message>

/** A connection that was gained or lost. */
export type PeerEvent = { type: 'connected' | 'disconnected', peer: string }

/**
 * The port to other peers. Peers are named by peer id, or by a multiaddr that ends in `/p2p/PEER`
 * where they may have to be dialled first.
 * Adapters: `@ipfs-mapreduce/network` (libp2p), `@ipfs-mapreduce/simulator` (virtual).
 */
export interface Network {
  readonly peer: string
  /** Multiaddrs at which this peer listens, each ending in `/p2p/PEER`. */
  addresses: () => string[]
  /**
   * Sends one message on a stream of its own and waits for the answer, at most REQUEST_TIMEOUT_MS.
   * Rejects with a `MapReduceError`: `UNREACHABLE` where nothing answered, `REFUSED` and other codes where
   * the peer answered with a refusal.
   */
  request: (to: string, message: Message, options?: RequestOptions) => Promise<Message>
  /** One handler for every message that is asked of this peer. */
  handle: (handler: MessageHandler) => void
  /** Announces; nobody listening is no error. */
  publish: (topic: Topic, announcement: Announcement) => Promise<void>
  /** Calls back with each announcement on a topic and its author's peer id, which is proved. */
  subscribe: (topic: Topic, listener: (from: string, announcement: Announcement) => void) => void
  /** Tells of connections gained and lost. Returns how to stop listening. */
  onPeer: (listener: (event: PeerEvent) => void) => () => void
  /** Whether a peer is connected now. */
  connected: (peer: string) => boolean
  /** Connects to a multiaddr, whether or not it names its peer; returns the peer id. `UNREACHABLE` where it cannot. */
  dial: (address: string, options?: RequestOptions) => Promise<string>
  /** Ends requests under way with `ABORTED`, and leaves. Closing twice is closing once. */
  close: () => Promise<void>
}
