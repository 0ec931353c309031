import type { OutsideInit } from '@ipfs-mapreduce/blocks'
import { createOutsideNode, type NetworkInit } from '@ipfs-mapreduce/network'
import type { Log } from '@ipfs-mapreduce/actors'
import type { Closers } from './closers.ts'
import type { IpfsChoice } from './ipfs-options.ts'
import { VERSION } from './version.ts'

export interface OutsideParts {
  log: Log
  closers: Closers
  /** The cluster's: with it, IPFS nodes are asked that have it too, and no others. */
  swarmKey?: NetworkInit['swarmKey']
}

/** Starts the node that asks IPFS nodes beyond the cluster; undefined where none is to be asked. */
export async function openOutside ({ ipfsPeers, routing }: Pick<IpfsChoice, 'ipfsPeers' | 'routing'>, { log, closers, swarmKey }: OutsideParts): Promise<OutsideInit | undefined> {
  if (ipfsPeers.length === 0 && routing === undefined) return undefined
  const node = await createOutsideNode({ peers: ipfsPeers, log, agent: `ipmr/${VERSION}`, ...routing !== undefined && { routing }, ...swarmKey !== undefined && { swarmKey } })
  closers.add('node for IPFS peers', node.stop)
  const { libp2p, findProviders } = node
  return { libp2p, peers: ipfsPeers, ...findProviders !== undefined && { findProviders } }
}
