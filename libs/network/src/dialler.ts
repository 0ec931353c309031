import type { Connection, Libp2p, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { CODE_P2P, multiaddr } from '@multiformats/multiaddr'
import type { Multiaddr } from '@multiformats/multiaddr'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { messageOf } from './failure.ts'

interface Target {
  peer?: PeerId
  address?: Multiaddr
}

/** Finds or makes a connection to who is named by peer id, or by a multiaddr with or without `/p2p/PEER`. */
export class Dialler {
  readonly #libp2p: Libp2p

  constructor (libp2p: Libp2p) {
    this.#libp2p = libp2p
  }

  async connection (to: string, signal: AbortSignal): Promise<Connection> {
    const target = parseTarget(to)
    return this.#open(target) ?? await this.#libp2p.dial(target.address ?? target.peer!, { signal })
  }

  #open ({ peer, address }: Target): Connection | undefined {
    const open = (connection: Connection): boolean => connection.status === 'open'
    if (peer !== undefined) { return this.#libp2p.getConnections(peer).find(open) }
    // An address alone: the connection that was made to it.
    return this.#libp2p.getConnections().find(connection =>
      open(connection) && connection.direction === 'outbound' && connection.remoteAddr.decapsulateCode(CODE_P2P).equals(address!))
  }
}

function parseTarget (to: string): Target {
  try {
    if (!to.startsWith('/')) { return { peer: peerIdFromString(to) } }
    const address = multiaddr(to)
    const peer = address.getComponents().findLast(component => component.code === CODE_P2P)?.value
    return peer === undefined ? { address } : { address, peer: peerIdFromString(peer) }
  } catch (cause) {
    throw new MapReduceError('BAD_INPUT', `${JSON.stringify(to)} is neither a peer id nor a multiaddr: ${messageOf(cause)}`, { cause })
  }
}
