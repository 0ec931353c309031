import type { Libp2p } from '@libp2p/interface'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { preSharedKey } from '@libp2p/pnet'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import type { CID } from 'multiformats/cid'
import { DHT_JOIN_TIMEOUT_MS, MAX_OUTSIDE_CONNECTIONS, SEARCH_TIMEOUT_MS } from './constants.ts'
import { dhtOf, dhtSearch } from './dht-search.ts'
import { messageOf } from './failure.ts'
import { silentLog } from './log.ts'
import { routerSearch } from './router-search.ts'
import { ask } from './search.ts'
import type { NetworkLog } from './log.ts'
import type { FoundPeer } from './search.ts'

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
  /** Longest wait for a first peer of the DHT; 20 s. */
  joinTimeoutMs?: number
  /** Longest search for a block's peers once the DHT is joined; 10 s. */
  searchTimeoutMs?: number
}

/** A node that asks IPFS nodes beyond the cluster. */
export interface OutsideNode {
  libp2p: Libp2p
  /**
   * Tells of each peer that is said to have a block, until nobody knows of more, a bound is over or the signal aborts. Never rejects:
   * resolves to what could not be asked, and why. Undefined without routing.
   */
  findProviders: ((cid: CID, found: (peer: FoundPeer) => void, signal: AbortSignal) => Promise<string[]>) | undefined
  /** Ends what is looked for, and leaves. */
  stop: () => Promise<void>
}

/**
 * Starts a node beside that of the cluster, for IPFS nodes that are no peers of it. It has a key that nobody has seen before, listens
 * nowhere, and knows neither the protocols nor the topics of a cluster: whoever it meets can ask it for nothing.
 */
export async function createOutsideNode (init: OutsideNodeInit): Promise<OutsideNode> {
  const { peers, routing, swarmKey, agent, log = silentLog, joinTimeoutMs = DHT_JOIN_TIMEOUT_MS, searchTimeoutMs = SEARCH_TIMEOUT_MS } = init
  const bootstrap = routing?.bootstrap ?? []
  const libp2p = await createLibp2p({
    addresses: { listen: [] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { maxConnections: MAX_OUTSIDE_CONNECTIONS },
    ...swarmKey !== undefined && { connectionProtector: preSharedKey({ psk: swarmKey }) },
    ...agent !== undefined && { nodeInfo: { userAgent: agent } },
    services: { identify: identify(), ping: ping(), ...bootstrap.length > 0 && { dht: await dhtOf(bootstrap) } }
  })
  const meet = async (address: string, signal?: AbortSignal): Promise<boolean> => {
    try {
      await libp2p.dial(multiaddr(address), { ...signal !== undefined && { signal } })
      return true
    } catch (error) {
      // It is no trouble where nobody waits for it any more.
      if (signal?.aborted !== true) log.warn({ address }, `Cannot connect with an IPFS node: ${messageOf(error)}`)
      return false
    }
  }
  for (const address of new Set([...peers, ...bootstrap])) void meet(address)
  const searches = [
    ...bootstrap.length === 0 ? [] : [dhtSearch(libp2p, { bootstrap, meet, joinTimeoutMs })],
    ...await Promise.all((routing?.routers ?? []).map(async url => await routerSearch(libp2p, url)))
  ]
  return {
    libp2p,
    findProviders: routing && (async (cid, found, signal) => {
      const unasked = await Promise.all(searches.map(async search => await ask(search, { cid, found, signal, searchTimeoutMs })))
      for (const reason of unasked.flat()) log.warn({ cid: `${cid}` }, `Cannot ask the routing of IPFS who has a block: ${reason}`)
      return unasked.flat()
    }),
    stop: async () => {
      for (const search of searches) await search.stop()
      await libp2p.stop()
    }
  }
}
