import type { Libp2p } from '@libp2p/interface'
import type { PeerEvent } from '@ipfs-mapreduce/protocol'
import { messageOf } from './failure.ts'
import type { NetworkLog } from './log.ts'

/** Who is connected, and who wants to know. */
export class Peers {
  readonly #connected = new Set<string>()
  readonly #listeners = new Set<(event: PeerEvent) => void>()
  readonly #log: NetworkLog

  constructor (libp2p: Libp2p, log: NetworkLog) {
    this.#log = log
    libp2p.addEventListener('peer:connect', event => { this.#change('connected', event.detail.toString()) })
    libp2p.addEventListener('peer:disconnect', event => { this.#change('disconnected', event.detail.toString()) })
  }

  connected (peer: string): boolean {
    return this.#connected.has(peer)
  }

  onPeer (listener: (event: PeerEvent) => void): () => void {
    // A function of its own, so that one listener added twice can be removed once.
    const own = (event: PeerEvent): void => { listener(event) }
    this.#listeners.add(own)
    return () => { this.#listeners.delete(own) }
  }

  /** Forgets the connections of a node that has been stopped: libp2p does not tell of those. */
  clear (): void {
    this.#listeners.clear()
    this.#connected.clear()
  }

  #change (type: PeerEvent['type'], peer: string): void {
    const known = this.#connected.has(peer)
    if (known === (type === 'connected')) { return }
    if (known) { this.#connected.delete(peer) } else { this.#connected.add(peer) }
    this.#log.debug({ peer }, type)
    for (const listener of [...this.#listeners]) {
      try {
        listener({ type, peer })
      } catch (error) {
        this.#log.error({ peer, err: error }, `A listener of peers threw: ${messageOf(error)}`)
      }
    }
  }
}
