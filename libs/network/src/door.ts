import type { ConnectionGater, MultiaddrConnection, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { Conduct, Offence } from './conduct.ts'
import { onLoopback } from './loopback.ts'

export interface DoorInit {
  /** Peers that may connect, and be connected to; everybody where absent. */
  allow: readonly string[] | undefined
  conduct: Conduct
}

/** Who may come in: judged when a peer has proved who it is, before it can say anything else. */
export class Door {
  readonly #allow: ReadonlySet<string> | undefined
  readonly #conduct: Conduct
  /** Connections whose peer has proved who it is. */
  readonly #known = new WeakSet<MultiaddrConnection>()

  constructor ({ allow, conduct }: DoorInit) {
    this.#allow = allow === undefined ? undefined : new Set(allow)
    this.#conduct = conduct
  }

  readonly gater: ConnectionGater = {
    denyDialPeer: peer => this.#fault(peer) !== undefined,
    denyInboundConnection: connection => {
      connection.addEventListener('close', () => { if (!this.#known.has(connection)) this.#conduct.note('stranger') }, { once: true })
      return false
    },
    denyInboundEncryptedConnection: (peer, connection) => {
      this.#known.add(connection)
      return this.#denies(peer)
    },
    denyOutboundEncryptedConnection: peer => this.#denies(peer)
  }

  #denies (peer: PeerId): boolean {
    const fault = this.#fault(peer)
    if (fault !== undefined) this.#conduct.note(fault, peer.toString())
    return fault !== undefined
  }

  #fault (peer: PeerId): Offence | undefined {
    if (this.#conduct.isBanned(peer.toString())) return 'banned'
    return this.#allow?.has(peer.toString()) === false ? 'unlisted' : undefined
  }
}

/** Why a node may not listen like this: strangers would reach it, and nothing would keep them out. Undefined where it may. */
export function openDoorFault ({ listen, swarmKey, allow }: { listen: readonly string[], swarmKey?: unknown, allow?: readonly string[] }): string | undefined {
  const beyond = listen.find(address => !onLoopback(address))
  if (beyond === undefined || swarmKey !== undefined || allow !== undefined) return undefined
  return `${beyond} can be reached by strangers: make a swarm key with ipmr key swarm.key and give it to every peer with --swarm-key swarm.key, or name the peers that may connect with --allow PEERID`
}

/** Whether a text is a peer's id, in the form in which ids are compared: `12D3KooW…`, or `Qm…` of an RSA key. */
export function isPeerId (text: string): boolean {
  try {
    return peerIdFromString(text).toString() === text
  } catch {
    return false
  }
}
