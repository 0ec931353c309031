/**
 * The port to other peers over libp2p.
 *
 * @module @ipfs-mapreduce/network
 */
export * from './constants.ts'
export { createNetwork } from './create-network.ts'
export type { Libp2pNetwork, NetworkInit } from './create-network.ts'
export type { Offence, Offender } from './conduct.ts'
export { isPeerId, openDoorFault } from './door.ts'
export { loadOrCreateKey, peerIdOf } from './identity.ts'
export { onLoopback } from './loopback.ts'
export { networkOn } from './network-on.ts'
export type { NetworkOn, NetworkOnInit } from './network-on.ts'
export type { NetworkLog } from './log.ts'
export { createOutsideNode } from './outside-node.ts'
export type { OutsideNode, OutsideNodeInit, Routing } from './outside-node.ts'
export type { FoundPeer } from './search.ts'
export type { Services } from './node.ts'
export { makeSwarmKey, parseSwarmKey, readSwarmKey } from './swarm-key.ts'
