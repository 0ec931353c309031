import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { aborted } from './abort.ts'
import { blockKey } from './cid.ts'
import { BLOCK_TIMEOUT_MS, DIAL_PATIENCE_MS, MAX_BLOCK_TIMEOUTS, PATIENCE_PER_TIMEOUT, UNREACHABLE_MS } from './constants.ts'
import { PeerLink } from './peer-link.ts'
import { Want } from './want.ts'
import type { Bitswap } from './bitswap.ts'
import type { Log } from './log.ts'
import type { Provider } from './provider.ts'
import type { Libp2p, PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'

export interface ExchangeInit {
  libp2p: Libp2p
  bitswap: Bitswap
  /** Stores a block that came, whose hash is right, if there is room. */
  store: (cid: CID, bytes: Uint8Array) => Promise<unknown>
  log: Log
  blockTimeoutMs?: number
  /** Peers that may have any block, asked when no provider has it; default whoever is connected. */
  others?: () => PeerId[]
}

/**
 * Gets blocks from other peers, by data streams or bitswap, and stores them. A block is asked of one peer at a time: the given providers first,
 * the least busy of them; then whoever is connected. It is asked of the next one when a peer does not have it, cannot
 * be reached, disconnects or stays silent, and fails with `BLOCK_UNAVAILABLE` when nobody is left.
 */
export class Exchange {
  readonly #libp2p: Libp2p
  readonly #bitswap: Bitswap
  readonly #store: ExchangeInit['store']
  readonly #log: Log
  readonly #timeoutMs: number
  readonly #others: () => PeerId[]
  readonly #wants = new Map<string, Want>()
  readonly #links = new Map<string, PeerLink>()
  readonly #onDisconnect = (event: CustomEvent<PeerId>): void => { this.#disconnected(event.detail) }
  #sweeper: NodeJS.Timeout | undefined

  constructor (init: ExchangeInit) {
    this.#libp2p = init.libp2p
    this.#bitswap = init.bitswap
    this.#store = init.store
    this.#log = init.log
    this.#others = init.others ?? (() => this.#libp2p.getPeers())
    this.#timeoutMs = init.blockTimeoutMs ?? BLOCK_TIMEOUT_MS
    this.#bitswap.onBlock(({ sender, cid, block }) => { this.#received(sender, cid, block) })
    this.#bitswap.onPresence(({ sender, cid, has }) => { if (!has) this.#missing(sender, cid) })
    this.#libp2p.addEventListener('peer:disconnect', this.#onDisconnect)
  }

  /** The bytes of a block, whose hash is right and which is stored if there is room. Callers that want the same block share one want. */
  async want (cid: CID, providers: readonly Provider[], signal?: AbortSignal): Promise<Uint8Array> {
    if (signal?.aborted === true) throw aborted(signal, `wanting block ${cid}`)
    const known = this.#wants.get(blockKey(cid))
    const want = known ?? new Want(cid, performance.now())
    for (const provider of providers) {
      const link = this.#link(provider.peer)
      for (const address of provider.addresses) link.addresses.set(`${address}`, address)
      if (link.name !== `${this.#libp2p.peerId}`) want.providers.add(link)
    }
    want.callers++
    if (known == null) {
      this.#wants.set(want.key, want)
      this.#sweeper ??= setInterval(() => { this.#sweep() }, Math.min(this.#timeoutMs / 8, DIAL_PATIENCE_MS))
      this.#askNext(want)
    }
    const giveUp = Promise.withResolvers<never>()
    const onAbort = (): void => { giveUp.reject(aborted(signal, `wanting block ${cid}`)) }
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      return await Promise.race([want.block, giveUp.promise])
    } finally {
      signal?.removeEventListener('abort', onAbort)
      if (--want.callers === 0) this.#forget(want)
    }
  }

  /** Fails what is still wanted. */
  stop (): void {
    this.#libp2p.removeEventListener('peer:disconnect', this.#onDisconnect)
    for (const want of [...this.#wants.values()]) {
      want.reject(new MapReduceError('ABORTED', `block ${want.cid} was wanted while this peer stopped`))
      this.#forget(want)
    }
    for (const link of this.#links.values()) link.close()
  }

  #link (peer: PeerId): PeerLink {
    const name = `${peer}`
    let link = this.#links.get(name)
    if (link == null) {
      link = new PeerLink(peer, {
        libp2p: this.#libp2p,
        bitswap: this.#bitswap,
        log: this.#log,
        onUnsent: (link, keys, reason) => { for (const key of keys) this.#refused(link, this.#wants.get(key), reason) },
        onBlock: async (_, key, cid, block) => { await this.#landed(key, cid, block) },
        onNone: (link, key, reason) => { this.#none(link, this.#wants.get(key), reason) }
      })
      this.#links.set(name, link)
    }
    return link
  }

  #askNext (want: Want): void {
    const link = this.#pick(want)
    if (link != null) {
      want.tried.add(link)
      want.waiting.set(link, performance.now())
      link.ask(want)
    } else if (want.waiting.size === 0) {
      this.#fail(want)
    }
  }

  #pick (want: Want): PeerLink | undefined {
    const hinted = [...want.providers].filter(link => !want.tried.has(link))
    if (hinted.length > 0) return best(hinted)
    const others = this.#others().map(peer => this.#link(peer)).filter(link => !want.tried.has(link))
    return others.length > 0 ? best(others) : undefined
  }

  #received (sender: PeerId, cid: CID, block: Uint8Array): void {
    const link = this.#link(sender)
    link.heardAt = performance.now()
    link.misses = 0
    void this.#landed(blockKey(cid), cid, block)
  }

  /** Stores a block that is wanted, and gives it to who wants it. Never rejects. */
  async #landed (key: string, cid: CID, block: Uint8Array): Promise<void> {
    const want = this.#wants.get(key)
    if (want == null || want.landed) return
    want.landed = true
    for (const link of want.waiting.keys()) link.cancel(want)
    want.waiting.clear()
    try {
      await this.#store(cid, block)
      want.resolve(block)
    } catch (error) {
      want.reject(error as Error)
    }
    this.#forget(want)
  }

  #missing (sender: PeerId, cid: CID): void {
    const link = this.#link(sender)
    link.heardAt = performance.now()
    this.#none(link, this.#wants.get(blockKey(cid)), 'does not have it')
  }

  #none (link: PeerLink, want: Want | undefined, reason: string): void {
    if (want == null || !want.waiting.has(link)) return
    link.misses++
    link.cancel(want)
    this.#refused(link, want, reason)
  }

  #refused (link: PeerLink, want: Want | undefined, reason: string): void {
    if (want?.waiting.delete(link) !== true) return
    want.answers.set(link.name, reason)
    this.#askNext(want)
  }

  #disconnected (peer: PeerId): void {
    const link = this.#links.get(`${peer}`)
    if (link == null) return
    for (const key of link.lost()) {
      const want = this.#wants.get(key)
      // One dial more where its address is known: a connection may be lost without its peer.
      if (want != null && link.addresses.size > 0 && !want.retried.has(link)) {
        want.retried.add(link)
        want.tried.delete(link)
        link.unreachableAt = performance.now()
      }
      this.#refused(link, want, 'disconnected')
    }
    if (this.#wants.size === 0) this.#links.delete(link.name)
    link.close()
  }

  #sweep (): void {
    const now = performance.now()
    for (const want of [...this.#wants.values()]) {
      if (want.landed) continue
      if (now - want.lastHeard() > this.#timeoutMs || now - want.since > MAX_BLOCK_TIMEOUTS * this.#timeoutMs) {
        for (const link of want.waiting.keys()) want.answers.set(link.name, link.dialingSince == null ? 'did not answer' : 'could not be reached in time')
        this.#fail(want)
        continue
      }
      if ([...want.waiting].every(([link, askedAt]) => this.#isSlow(link, askedAt, now))) this.#askMore(want, now)
    }
  }

  #isSlow (link: PeerLink, askedAt: number, now: number): boolean {
    if (link.dialingSince != null) return now - link.dialingSince > DIAL_PATIENCE_MS
    return now - Math.max(askedAt, link.heardAt) > this.#timeoutMs * PATIENCE_PER_TIMEOUT
  }

  /** Nobody who was asked says anything: ask another peer, or the same again, once. */
  #askMore (want: Want, now: number): void {
    if (this.#pick(want) != null) {
      this.#askNext(want)
      return
    }
    for (const link of want.waiting.keys()) {
      if (want.retried.has(link) || link.dialingSince != null) continue
      this.#log.debug({ cid: `${want.cid}`, peer: link.name }, 'asking for a block again')
      want.retried.add(link)
      want.waiting.set(link, now)
      link.askAgain(want)
    }
  }

  #fail (want: Want): void {
    const asked = [...want.answers].map(([peer, answer]) => `${peer} ${answer}`).join('; ')
    want.reject(new MapReduceError('BLOCK_UNAVAILABLE', asked === ''
      ? `block ${want.cid} is not here, no provider of it is known and no peer is connected`
      : `block ${want.cid} is unavailable: ${asked}`))
    this.#forget(want)
  }

  #forget (want: Want): void {
    if (this.#wants.get(want.key) !== want) return
    this.#wants.delete(want.key)
    for (const link of want.waiting.keys()) link.cancel(want)
    if (this.#wants.size === 0) {
      clearInterval(this.#sweeper)
      this.#sweeper = undefined
    }
  }
}

/** Reachable before unreachable, connected before not, those that have blocks before those that lack them, then the least busy. */
function best (links: PeerLink[]): PeerLink {
  const now = performance.now()
  const rank = (link: PeerLink): number[] => [
    now - link.unreachableAt < UNREACHABLE_MS ? 1 : 0, link.connected ? 0 : 1, Math.min(link.misses, 1), link.asked.size
  ]
  return links.map(link => ({ link, rank: rank(link) })).reduce((a, b) => less(b.rank, a.rank) ? b : a).link
}

function less (a: number[], b: number[]): boolean {
  const at = a.findIndex((value, i) => value !== b[i])
  return at !== -1 && a[at]! < b[at]!
}
