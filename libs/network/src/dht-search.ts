import { once } from 'node:events'
import type { Libp2p } from '@libp2p/interface'
import { isPrivate } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { DHT_PROTOCOL } from './constants.ts'
import type { Search } from './search.ts'

/** As a client of the DHT: it stores nothing for others, who could not reach it. */
export async function dhtOf (bootstrap: string[]): Promise<ReturnType<typeof import('@libp2p/kad-dht')['kadDHT']>> {
  const { kadDHT, passthroughMapper, removePrivateAddressesMapper } = await import('@libp2p/kad-dht')
  // A DHT that is joined on a private network is one of that network.
  const isLan = bootstrap.every(address => isPrivate(multiaddr(address)) === true)
  return kadDHT({
    protocol: DHT_PROTOCOL,
    clientMode: true,
    peerInfoMapper: isLan ? passthroughMapper : removePrivateAddressesMapper,
    // Its own wait has no bound of its own, and adds a walk to itself of which no search has need.
    allowQueryWithZeroPeers: true
  })
}

/** The peers that a node's DHT can ask: connected ones that have answered. Tells of each by the event `peer:add`. */
export type RoutingTable = EventTarget & { readonly size: number }

/** Of a node with a DHT (`dhtOf`). The declared type of the table lacks the events of its base class. */
export function routingTableOf ({ services }: Libp2p): RoutingTable {
  return (services.dht as unknown as { routingTable: RoutingTable }).routingTable
}

interface Joining {
  bootstrap: string[]
  /** Connects with a peer; false where that fails. */
  meet: (address: string, signal: AbortSignal) => Promise<boolean>
  joinTimeoutMs: number
}

/** Asks the DHT that a node was made with (`dhtOf`). */
export function dhtSearch (libp2p: Libp2p, joining: Joining): Search {
  const routingTable = routingTableOf(libp2p)
  return {
    name: 'its DHT',
    ready: async signal => { if (routingTable.size === 0) await join({ libp2p, routingTable, signal, ...joining }) },
    run: async function * (cid, signal) {
      for await (const { id, multiaddrs } of libp2p.contentRouting.findProviders(cid, { signal })) yield { peer: id, addresses: multiaddrs }
    },
    stop: async () => {}
  }
}

/** Resolves when there is a first peer in the routing table. */
async function join ({ libp2p, routingTable, signal, bootstrap, meet, joinTimeoutMs }: Joining & { libp2p: Libp2p, routingTable: RoutingTable, signal: AbortSignal }): Promise<void> {
  const timeout = AbortSignal.timeout(joinTimeoutMs)
  const ends = AbortSignal.any([signal, timeout])
  const added = once(routingTable, 'peer:add', { signal: ends })
  // Who was away at the start may be there by now.
  const met = Promise.all(bootstrap.map(async address => await meet(address, ends)))
  const nobody = met.then(all => { if (!all.includes(true)) throw new Error('none of its peers can be reached') })
  try {
    await Promise.race([added, nobody.then(async () => await added)])
  } catch (error) {
    if (!timeout.aborted) throw error
    // A peer that did not answer when it was connected is not asked again on that connection.
    await Promise.all(bootstrap.map(async address => { await libp2p.hangUp(multiaddr(address)) }))
    throw new Error(`none of its peers has answered in ${joinTimeoutMs / 1000} s`, { cause: error })
  }
}
