import type { Libp2p, PeerId } from '@libp2p/interface'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { peerIdFromCID } from '@libp2p/peer-id'
import { ping } from '@libp2p/ping'
import { preSharedKey } from '@libp2p/pnet'
import { tcp } from '@libp2p/tcp'
import { isPrivate } from '@libp2p/utils'
import { yamux } from '@libp2p/yamux'
import type { Multiaddr } from '@multiformats/multiaddr'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import type { CID } from 'multiformats/cid'
import { DHT_PROTOCOL, MAX_OUTSIDE_CONNECTIONS } from './constants.ts'
import { messageOf } from './failure.ts'
import { silentLog } from './log.ts'
import type { NetworkLog } from './log.ts'

/** The public network's routing, or another one of its kind. */
export interface Routing {
  /** Multiaddrs, with `/p2p/PEER`, of nodes by which the DHT is joined; none leaves it out. */
  bootstrap: string[]
  /** URLs of servers that answer who has content (Delegated Routing V1 HTTP API). */
  routers: string[]
}

/** Whom the node connects with, and how it looks for more. */
export interface OutsideNodeInit {
  /** Multiaddrs of IPFS nodes to connect with at the start. */
  peers: string[]
  /** Without it, nobody is looked for. */
  routing?: Routing
  /** The swarm's key: those nodes have it too then. */
  swarmKey?: Uint8Array
  agent?: string
  log?: NetworkLog
}

/** A peer that is said to have content. */
export interface FoundPeer {
  peer: PeerId
  addresses: Multiaddr[]
}

/** A node that asks IPFS nodes beyond the cluster. */
export interface OutsideNode {
  libp2p: Libp2p
  /** Tells of each peer that is said to have a block, until nobody knows of more or the signal aborts. Never rejects: who cannot be asked is logged. Undefined without routing. */
  findProviders: ((cid: CID, found: (peer: FoundPeer) => void, signal: AbortSignal) => Promise<void>) | undefined
  /** Ends what is looked for, and leaves. */
  stop: () => Promise<void>
}

/** One way to look for who has a block. */
interface Search {
  run: (cid: CID, signal: AbortSignal) => AsyncIterable<FoundPeer>
  stop: () => Promise<void>
}

/**
 * Starts a node beside that of the cluster, for IPFS nodes that are no peers of it. It has a key that nobody has seen before, listens
 * nowhere, and knows neither the protocols nor the topics of a cluster: whoever it meets can ask it for nothing.
 */
export async function createOutsideNode (init: OutsideNodeInit): Promise<OutsideNode> {
  const { routing, swarmKey, agent, log = silentLog } = init
  const dht = routing === undefined || routing.bootstrap.length === 0 ? {} : { dht: await publicDht(routing) }
  const libp2p = await createLibp2p({
    addresses: { listen: [] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { maxConnections: MAX_OUTSIDE_CONNECTIONS },
    ...swarmKey !== undefined && { connectionProtector: preSharedKey({ psk: swarmKey }) },
    ...agent !== undefined && { nodeInfo: { userAgent: agent } },
    services: { identify: identify(), ping: ping(), ...dht }
  })
  const meet = async (address: string): Promise<void> => {
    try {
      await libp2p.dial(multiaddr(address))
    } catch (error) {
      log.warn({ address }, `Cannot connect with an IPFS node: ${messageOf(error)}`)
    }
  }
  for (const address of new Set([...init.peers, ...routing?.bootstrap ?? []])) void meet(address)
  const searches = routing === undefined ? [] : await searchesOf(libp2p, routing)
  return {
    libp2p,
    findProviders: routing && (async (cid, found, signal) => {
      // Who was away at the start may be there by now; without anybody a search waits in vain.
      if (libp2p.getConnections().length === 0) await Promise.all(routing.bootstrap.map(meet))
      await Promise.all(searches.map(async search => { await tell(search, { cid, found, signal, log }) }))
    }),
    stop: async () => {
      for (const search of searches) await search.stop()
      await libp2p.stop()
    }
  }
}

/** As a client of the DHT: it stores nothing for others, who could not reach it. */
async function publicDht ({ bootstrap }: Routing): Promise<ReturnType<typeof import('@libp2p/kad-dht')['kadDHT']>> {
  const { kadDHT, passthroughMapper, removePrivateAddressesMapper } = await import('@libp2p/kad-dht')
  // A DHT that is joined on a private network is one of that network.
  const isLan = bootstrap.every(address => isPrivate(multiaddr(address)) === true)
  return kadDHT({ protocol: DHT_PROTOCOL, clientMode: true, peerInfoMapper: isLan ? passthroughMapper : removePrivateAddressesMapper })
}

async function searchesOf (libp2p: Libp2p, { bootstrap, routers }: Routing): Promise<Search[]> {
  const { delegatedRoutingV1HttpApiClient } = await import('@helia/delegated-routing-v1-http-api-client')
  const dht: Search = {
    run: async function * (cid, signal) {
      for await (const { id, multiaddrs } of libp2p.contentRouting.findProviders(cid, { signal })) yield { peer: id, addresses: multiaddrs }
    },
    stop: async () => {}
  }
  return [
    ...bootstrap.length === 0 ? [] : [dht],
    ...routers.map((url): Search => {
      const client = delegatedRoutingV1HttpApiClient({ url })({ logger: libp2p.logger })
      return {
        run: async function * (cid, signal) {
          for await (const { ID, Addrs } of client.getProviders(cid, { signal })) yield { peer: peerIdFromCID(ID), addresses: Addrs }
        },
        stop: async () => { await client.stop() }
      }
    })
  ]
}

async function tell ({ run }: Search, { cid, found, signal, log }: { cid: CID, found: (peer: FoundPeer) => void, signal: AbortSignal, log: NetworkLog }): Promise<void> {
  try {
    for await (const peer of run(cid, signal)) {
      if (signal.aborted) return
      found(peer)
    }
  } catch (error) {
    // A router that knows nobody says so with an error.
    if (!signal.aborted && (error as Error).name !== 'NotFoundError') log.warn({ cid: `${cid}` }, `Cannot ask a router of IPFS who has a block: ${messageOf(error)}`)
  }
}
