import type { Libp2p, PeerInfo } from '@libp2p/interface'
import { mdns } from '@libp2p/mdns'
import type { MulticastDNSComponents } from '@libp2p/mdns'
import { multiaddr } from '@multiformats/multiaddr'
import { MAX_DISCOVERED_PEERS } from './constants.ts'
import { messageOf } from './failure.ts'
import type { NetworkLog } from './log.ts'
import { onLoopback } from './loopback.ts'

/** The name under which the nodes of a cluster look for each other by mDNS: a cluster's name is a DNS label. */
export const serviceTag = (cluster: string): string => `${cluster}._ipmr._udp.local`

/** mDNS for one cluster. Where multicast is not to be had it finds nobody, and says so in libp2p's log alone. */
export function discovery (cluster: string, found: (peer: PeerInfo) => void) {
  return (components: MulticastDNSComponents) => {
    const service = mdns({ serviceTag: serviceTag(cluster) })(components)
    // Every answer counts, not only a peer's first: a connection lost since is made again.
    service.addEventListener('peer', event => { found(event.detail) })
    return service
  }
}

/** What of a peer's addresses a node dials: one that listens on loopback alone meets its own machine alone. */
export function dialable (addresses: string[], listen: string[]): string[] {
  return listen.every(onLoopback) ? addresses.filter(onLoopback) : addresses
}

/** Dials a peer that mDNS found, unless it is connected, out of bounds, or there are many already. */
export async function meet (libp2p: Libp2p, peer: PeerInfo, listen: string[], log: NetworkLog): Promise<void> {
  if (libp2p.getConnections(peer.id).length > 0 || libp2p.getPeers().length >= MAX_DISCOVERED_PEERS || peer.id.equals(libp2p.peerId)) { return }
  const addresses = dialable(peer.multiaddrs.map(address => address.toString()), listen)
  if (addresses.length === 0) { return }
  try {
    await libp2p.dial(addresses.map(address => multiaddr(address.includes('/p2p/') ? address : `${address}/p2p/${peer.id.toString()}`)))
  } catch (error) {
    log.debug({ peer: peer.id.toString() }, `Cannot connect to a peer found by mDNS: ${messageOf(error)}`)
  }
}
