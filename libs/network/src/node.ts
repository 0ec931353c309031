import { gossipsub, StrictSign } from '@libp2p/gossipsub'
import type { GossipSub } from '@libp2p/gossipsub'
import { createTopicScoreParams } from '@libp2p/gossipsub/score'
import { identify } from '@libp2p/identify'
import type { Identify } from '@libp2p/identify'
import type { ComponentLogger, ConnectionGater, Libp2p, Metrics, PeerInfo, PrivateKey } from '@libp2p/interface'
import { ping } from '@libp2p/ping'
import type { Ping } from '@libp2p/ping'
import { preSharedKey } from '@libp2p/pnet'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { MAX_MESSAGE_BYTES, topicName, TOPICS } from '@ipfs-mapreduce/protocol'
import { BAN_MS, INBOUND_CONNECTIONS_PER_HOST_PER_SECOND, MAX_CONNECTIONS, MAX_GOSSIP_BACKLOG_BYTES, MAX_INCOMING_PENDING_CONNECTIONS, MAX_STREAMS_PER_CONNECTION, PING_TIMEOUT_MS } from './constants.ts'
import { discovery } from './discovery.ts'
import { encryption } from './encryption.ts'

/** What a node of ours carries; a type rather than an interface, as libp2p's service map wants it. */
export type Services = { identify: Identify, ping: Ping, pubsub: GossipSub }

/**
 * Of the scores of gossipsub that of invalid announcements alone: a small cluster has peers that announce little, and a
 * count that fades only slowly can be read. It weighs little, so that a peer is judged by its conduct first.
 */
const INVALID_ALONE = createTopicScoreParams({
  topicWeight: 1, timeInMeshWeight: 0, firstMessageDeliveriesWeight: 0, meshMessageDeliveriesWeight: 0, meshFailurePenaltyWeight: 0,
  invalidMessageDeliveriesWeight: -0.1, invalidMessageDeliveriesDecay: 0.999
})

export interface NodeInit {
  privateKey?: PrivateKey
  cluster: string
  listen: string[]
  agent?: string
  /** Of `parseSwarmKey`: only who has it can connect. */
  swarmKey?: Uint8Array
  /** Who may connect. */
  gater: ConnectionGater
  /** Measures the node: see `NetworkInit`. */
  metrics?: (components: { logger: ComponentLogger }) => Metrics
  /** Told of peers of the cluster on the local network; no mDNS where absent. */
  onFound?: (peer: PeerInfo) => void
}

/**
 * A libp2p node over TCP, Noise and Yamux, not started yet. The peer store is kept in memory on purpose: addresses
 * of an earlier run only cost failed dials.
 */
export async function createNode (init: NodeInit): Promise<Libp2p<Services>> {
  return createLibp2p<Services>({
    start: false,
    ...(init.privateKey === undefined ? {} : { privateKey: init.privateKey }),
    ...(init.agent === undefined ? {} : { nodeInfo: { userAgent: init.agent } }),
    ...(init.metrics === undefined ? {} : { metrics: init.metrics }),
    addresses: { listen: init.listen },
    connectionGater: init.gater,
    ...(init.swarmKey === undefined ? {} : { connectionProtector: preSharedKey({ psk: init.swarmKey }) }),
    transports: [tcp()],
    connectionEncrypters: [encryption()],
    // A peer may ask as soon as its own side of the connection stands, before ours does.
    streamMuxers: [yamux({ maxEarlyStreams: MAX_STREAMS_PER_CONNECTION })],
    connectionManager: {
      maxConnections: MAX_CONNECTIONS,
      inboundConnectionThreshold: INBOUND_CONNECTIONS_PER_HOST_PER_SECOND,
      maxIncomingPendingConnections: MAX_INCOMING_PENDING_CONNECTIONS
    },
    ...(init.onFound === undefined ? {} : { peerDiscovery: [discovery(init.cluster, init.onFound)] }),
    connectionMonitor: { pingTimeout: { minTimeout: PING_TIMEOUT_MS } },
    services: {
      identify: identify(),
      ping: ping(),
      pubsub: gossipsub({
        allowedTopics: TOPICS.map(topic => topicName(init.cluster, topic)),
        globalSignaturePolicy: StrictSign,
        fallbackToFloodsub: false,
        // Own announcements go to every subscriber at once: clusters are small, and leases depend on them.
        floodPublish: true,
        allowPublishToZeroTopicPeers: true,
        maxInboundDataLength: MAX_MESSAGE_BYTES,
        maxOutboundBufferSize: MAX_GOSSIP_BACKLOG_BYTES,
        // The peers of a cluster may share one host: more than ten on an IP are no Sybils.
        scoreParams: {
          IPColocationFactorWeight: 0,
          retainScore: BAN_MS,
          topics: Object.fromEntries(TOPICS.map(topic => [topicName(init.cluster, topic), INVALID_ALONE]))
        }
      })
    }
  })
}
