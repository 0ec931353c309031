import { once } from 'node:events'
import { identify } from '@libp2p/identify'
import type { Libp2p, PrivateKey } from '@libp2p/interface'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { DHT_PROTOCOL } from '../constants.ts'
import { routingTableOf } from '../dht-search.ts'

/** A DHT like the public one, of nodes in this process on loopback. */
export interface Dht {
  nodes: Libp2p[]
  /** Multiaddrs of the first node, by which the DHT is joined. */
  bootstrap: string[]
  stop: () => Promise<void>
}

export interface DhtServer {
  privateKey?: PrivateKey
  port?: number
}

/** Longest wait until the nodes know each other. */
const SETTLE_TIMEOUT_MS = 20_000

/**
 * Starts a DHT, whose first node may have a key and a port of its own. Each of its nodes knows all others: in one that has not settled,
 * what is provided may reach nobody, and then who looks for it finds it by luck.
 */
export async function startDht (size: number, first: DhtServer = {}): Promise<Dht> {
  const nodes = await Promise.all(Array.from({ length: size }, async (_, i) => await createServer(i === 0 ? first : {})))
  for (const [i, node] of nodes.entries()) {
    for (const other of nodes.slice(i + 1)) await node.dial(other.getMultiaddrs())
  }
  await Promise.all(nodes.map(async node => { await knowsOthers(node, size - 1) }))
  return {
    nodes,
    bootstrap: nodes[0]!.getMultiaddrs().map(String),
    stop: async () => { await Promise.all(nodes.map(async node => { await node.stop() })) }
  }
}

async function knowsOthers (node: Libp2p, others: number): Promise<void> {
  const routingTable = routingTableOf(node)
  const signal = AbortSignal.timeout(SETTLE_TIMEOUT_MS)
  while (routingTable.size < others) await once(routingTable, 'peer:add', { signal })
}

async function createServer ({ privateKey, port = 0 }: DhtServer): Promise<Libp2p> {
  return await createLibp2p({
    ...privateKey !== undefined && { privateKey },
    addresses: { listen: [`/ip4/127.0.0.1/tcp/${port}`] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { inboundConnectionThreshold: 100 },
    services: { identify: identify(), ping: ping(), dht: kadDHT({ protocol: DHT_PROTOCOL, clientMode: false, peerInfoMapper: passthroughMapper, initialQuerySelfInterval: 0 }) }
  })
}
