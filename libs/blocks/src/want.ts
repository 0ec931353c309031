import { blockKey } from './cid.ts'
import type { PeerLink } from './peer-link.ts'
import type { CID } from 'multiformats/cid'

/** A block that is wanted from other peers, by one caller or several, and who has been asked for it. */
export class Want {
  readonly cid: CID
  readonly key: string
  readonly block: Promise<Uint8Array>
  readonly resolve: (block: Uint8Array) => void
  readonly reject: (error: Error) => void
  /** Performance time at which it was made. */
  readonly since: number
  /** It has come, and is being stored. */
  landed = false
  /** Callers that still wait. */
  callers = 0
  /** Peers that are said to have it, in order. */
  readonly providers = new Set<PeerLink>()
  /** Peers that were asked, or are not to be asked again. */
  readonly tried = new Set<PeerLink>()
  /** Peers that were asked and have not answered, with the time of asking. */
  readonly waiting = new Map<PeerLink, number>()
  /** Peers that got a second chance: a dial after a lost connection, or the same question again. */
  readonly retried = new Set<PeerLink>()
  /** What became of each peer, for the error. */
  readonly answers = new Map<string, string>()

  constructor (cid: CID, now: number) {
    this.cid = cid
    this.key = blockKey(cid)
    this.since = now
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
    this.block = promise
    this.resolve = resolve
    this.reject = reject
    // A want whose callers have all gone away is rejected for nobody.
    promise.catch(() => {})
  }

  /** The time at which any peer asked was last heard of. */
  lastHeard (): number {
    let last = this.since
    for (const [link, askedAt] of this.waiting) if (link.heardAt > last && link.heardAt > askedAt) last = link.heardAt
    return last
  }
}
