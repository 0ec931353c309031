import type { Announcement, MessageHandler, PeerEvent, Topic } from '@ipfs-mapreduce/protocol'
import type { Lifetime } from '../lifetime.ts'
import type { Call } from './call.ts'

export type GossipListener = (from: string, announcement: Announcement) => void

/** One run of a peer as the virtual network sees it. After a restart there is a new one of the same name. */
export interface Peer {
  readonly name: string
  /** The multiaddr at which it listens, without its name. */
  readonly listen: string
  readonly lifetime: Lifetime
  /** False once it has left the network by itself. */
  open: boolean
  handler: MessageHandler | undefined
  readonly topics: Map<Topic, GossipListener[]>
  readonly watchers: Set<(event: PeerEvent) => void>
  /** Who it believes to be connected to; the run meant may be dead already. */
  readonly connections: Map<string, Peer>
  /** Peers whose address it has learned. */
  readonly known: Set<string>
  readonly calls: Set<Call>
}

export function createPeer (name: string, listen: string, lifetime: Lifetime): Peer {
  return {
    name,
    listen,
    lifetime,
    open: true,
    handler: undefined,
    topics: new Map(),
    watchers: new Set(),
    connections: new Map(),
    known: new Set(),
    calls: new Set()
  }
}

/** Whether anything can arrive at this run of the peer. */
export function present (peer: Peer): boolean {
  return peer.open && peer.lifetime.alive()
}

/** Port of every virtual peer: the number does not matter, it only makes the multiaddr whole. */
const PORT = 4510

/** The multiaddr of the n-th peer that joined. */
export function listenAddress (index: number): string {
  return `/ip4/10.0.${index >>> 8}.${index & 0xff}/tcp/${PORT}`
}

/** The peer that a multiaddr names in its end, or undefined where it names none. */
export function namedPeer (address: string): string | undefined {
  return /\/p2p\/([^/]+)$/.exec(address)?.[1]
}
