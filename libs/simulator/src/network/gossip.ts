import type { Topic } from '@ipfs-mapreduce/protocol'
import { type Peer, present } from './peer.ts'

/** A subscriber and how many hops a message takes to it. */
export interface Recipient { peer: Peer, hops: number }

/**
 * Whom a message of a peer reaches, as in gossipsub: subscribers that are connected to it, and through
 * subscribers those connected to them. Links may be cut on the way: `open` tells.
 */
export function recipients (source: Peer, topic: Topic, open: (from: string, to: string) => boolean): Recipient[] {
  const reached = new Map<string, Recipient>()
  let frontier: Peer[] = [source]
  for (let hops = 1; frontier.length > 0; hops++) {
    const next: Peer[] = []
    for (const relay of frontier) {
      for (const peer of relay.connections.values()) {
        if (peer === source || reached.has(peer.name) || !present(peer) || !peer.topics.has(topic) || !open(relay.name, peer.name)) continue
        reached.set(peer.name, { peer, hops })
        next.push(peer)
      }
    }
    frontier = next
  }
  return [...reached.values()]
}
