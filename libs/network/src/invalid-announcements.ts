import type { GossipSub } from '@libp2p/gossipsub'

/** What gossipsub knows of its peers beside its interface: it is for debugging there, and the only trace of a bad signature. */
export interface ScoredGossipSub extends GossipSub {
  dumpPeerScoreStats?: () => Record<string, { topics: Record<string, { invalidMessageDeliveries: number }> }>
}

/** Counts the announcements of each peer that gossipsub refused before anybody else saw them. */
export class InvalidAnnouncements {
  readonly #pubsub: ScoredGossipSub
  #before = new Map<string, number>()

  constructor (pubsub: GossipSub) {
    this.#pubsub = pubsub as ScoredGossipSub
  }

  /** How many each peer has sent since the last call, more than none. */
  since (): Map<string, number> {
    const now = new Map(Object.entries(this.#pubsub.dumpPeerScoreStats?.() ?? {}).map(([peer, { topics }]) =>
      [peer, Object.values(topics).reduce((sum, { invalidMessageDeliveries }) => sum + invalidMessageDeliveries, 0)]))
    // The counts fade by a thousandth a second.
    const more = [...now].map(([peer, count]) => [peer, Math.round(count - (this.#before.get(peer) ?? 0))] as const)
    this.#before = now
    return new Map(more.filter(([, count]) => count > 0))
  }
}
