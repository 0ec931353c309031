import type { Libp2p, PeerId } from '@libp2p/interface'
import type { PeerEvent } from '@ipfs-mapreduce/protocol'
import { messageOf } from './failure.ts'
import type { NetworkLog } from './log.ts'

/** Who is connected, and who wants to know. */
export class Peers {
  readonly #connected = new Set<string>()
  readonly #listeners = new Set<(event: PeerEvent) => void>()
  readonly #log: NetworkLog
  readonly #libp2p: Libp2p
  readonly #onConnect = (event: CustomEvent<PeerId>): void => { this.#change('connected', event.detail.toString()) }
  readonly #onDisconnect = (event: CustomEvent<PeerId>): void => { this.#change('disconnected', event.detail.toString()) }

  constructor (libp2p: Libp2p, log: NetworkLog) {
    this.#log = log
    this.#libp2p = libp2p
    for (const peer of libp2p.getPeers()) this.#connected.add(peer.toString())
    libp2p.addEventListener('peer:connect', this.#onConnect)
    libp2p.addEventListener('peer:disconnect', this.#onDisconnect)
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

  /** Listens no more, and forgets the connections: of those of a node that has been stopped libp2p does not tell. */
  close (): void {
    this.#libp2p.removeEventListener('peer:connect', this.#onConnect)
    this.#libp2p.removeEventListener('peer:disconnect', this.#onDisconnect)
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
