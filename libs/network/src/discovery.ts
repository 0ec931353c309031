import type { Libp2p, PeerInfo } from '@libp2p/interface'
import { mdns } from '@libp2p/mdns'
import type { MulticastDNSComponents } from '@libp2p/mdns'
import { MAX_DISCOVERED_PEERS } from './constants.ts'
import { messageOf } from './failure.ts'
import type { NetworkLog } from './log.ts'

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

/** Dials a peer that mDNS found, unless it is connected or there are many already. */
export async function meet (libp2p: Libp2p, peer: PeerInfo, log: NetworkLog): Promise<void> {
  if (libp2p.getConnections(peer.id).length > 0 || libp2p.getPeers().length >= MAX_DISCOVERED_PEERS || peer.id.equals(libp2p.peerId)) { return }
  try {
    await libp2p.dial(peer.multiaddrs.map(address => address.encapsulate(`/p2p/${peer.id.toString()}`)))
  } catch (error) {
    log.debug({ peer: peer.id.toString() }, `Cannot connect to a peer found by mDNS: ${messageOf(error)}`)
  }
}
