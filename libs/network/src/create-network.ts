import type { Libp2p, PrivateKey } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { PROTOCOL_ID, REQUEST_TIMEOUT_MS, topicName } from '@ipfs-mapreduce/protocol'
import type { Network } from '@ipfs-mapreduce/protocol'
import { Conduct } from './conduct.ts'
import type { Offence, Offender } from './conduct.ts'
import { BAN_MS, CLOSE_TIMEOUT_MS, DEFAULT_LISTEN, MAX_STREAMS_PER_CONNECTION } from './constants.ts'
import { Deadline } from './deadline.ts'
import { Dialler } from './dialler.ts'
import { meet } from './discovery.ts'
import { Door, openDoorFault } from './door.ts'
import { messageOf } from './failure.ts'
import { Gossip } from './gossip.ts'
import { silentLog } from './log.ts'
import type { NetworkLog } from './log.ts'
import { createNode } from './node.ts'
import type { NodeInit, Services } from './node.ts'
import { Peers } from './peers.ts'
import { Requester } from './requester.ts'
import { Responder } from './responder.ts'

/** Who a node is, where it listens, and who may connect. */
export interface NetworkInit {
  /** Who this node is; a new Ed25519 key where absent. */
  privateKey?: PrivateKey
  /** Names the topics, and the mDNS service. */
  cluster: string
  /** Multiaddrs to listen at; DEFAULT_LISTEN (loopback, any port) where absent, nowhere where empty. */
  listen?: string[]
  /** Multiaddrs dialled once, in the background, when the node has started. */
  bootstrap?: string[]
  /** Whether to look for the cluster's nodes on the local network. */
  mdns?: boolean
  /** How long an exchange with a peer may take, on either side; REQUEST_TIMEOUT_MS where absent. */
  requestTimeoutMs?: number
  /** The swarm's key, as `readSwarmKey` gives it: nobody without it gets further than a TCP connection. */
  swarmKey?: Uint8Array
  /** Ids of the peers that may connect, and be connected to; whoever comes where absent. */
  allow?: string[]
  /** Measures libp2p, such as `@libp2p/prometheus-metrics`; nothing is measured without it. */
  metrics?: NodeInit['metrics']
  log?: NetworkLog
  /** What the node calls itself to its peers, e.g. `ipmr-mapper/0.1.0`. */
  agent?: string
}

/** The port over libp2p; other protocols (data streams, bitswap) may register on its node. */
export type Libp2pNetwork = Network & {
  readonly libp2p: Libp2p<Services>
  /** Offences of others since the start, by kind. */
  offences: () => Record<Offence, number>
  /** Peers against which something is held now, those that offended last first; at most so many. */
  offenders: (most: number) => Offender[]
}

/**
 * Starts a node of a cluster. Rejects with `BAD_INPUT` where the cluster cannot be a name or strangers could come
 * in (neither `swarmKey` nor `allow`, and `listen` beyond loopback), `FATAL` where the node cannot listen.
 */
export async function createNetwork (init: NetworkInit): Promise<Libp2pNetwork> {
  topicName(init.cluster, 'workers')
  const log = init.log ?? silentLog
  const listen = init.listen ?? [DEFAULT_LISTEN]
  const fault = openDoorFault({ ...init, listen })
  if (fault !== undefined) throw new MapReduceError('BAD_INPUT', fault)
  const conduct = new Conduct({ nowMs: () => performance.now(), onBanned: (peer, last) => { cutOff(libp2p, peer, last, log) } })
  const { gater } = new Door({ allow: init.allow, conduct })
  const libp2p: Libp2p<Services> = await createNode({ ...init, listen, gater, ...(init.mdns === true ? { onFound: peer => { void meet(libp2p, peer, listen, log) } } : {}) })
  const timeoutMs = init.requestTimeoutMs ?? REQUEST_TIMEOUT_MS
  const responder = new Responder(log, timeoutMs, conduct)
  const parts: Parts = {
    libp2p,
    responder,
    conduct,
    requester: new Requester(new Dialler(libp2p), timeoutMs, conduct),
    gossip: new Gossip(libp2p.services.pubsub, init.cluster, log, conduct),
    peers: new Peers(libp2p, log)
  }
  parts.peers.onPeer(({ type, peer }) => { if (type === 'connected') parts.gossip.connected(peer) })
  await libp2p.handle(PROTOCOL_ID, responder.onStream, { maxInboundStreams: MAX_STREAMS_PER_CONNECTION, maxOutboundStreams: MAX_STREAMS_PER_CONNECTION })
  try {
    await libp2p.start()
  } catch (cause) {
    throw new MapReduceError('FATAL', `Cannot listen at ${listen.join(', ')}: ${messageOf(cause)}; give other addresses or stop who listens there`, { cause })
  }
  const network = assemble(parts, log)
  for (const address of init.bootstrap ?? []) {
    network.dial(address).catch((error: unknown) => { log.warn({ address }, messageOf(error)) })
  }
  return network
}

interface Parts {
  libp2p: Libp2p<Services>
  responder: Responder
  conduct: Conduct
  requester: Requester
  gossip: Gossip
  peers: Peers
}

function assemble ({ libp2p, responder, conduct, requester, gossip, peers }: Parts, log: NetworkLog): Libp2pNetwork {
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    requester.close()
    responder.close()
    await stop(libp2p, log)
    peers.close()
  }
  return {
    libp2p,
    offences: () => conduct.counts(),
    offenders: most => conduct.offenders(most),
    peer: libp2p.peerId.toString(),
    addresses: () => libp2p.getMultiaddrs().map(address => address.toString()),
    request: (to, message, options) => requester.request(to, message, options),
    handle: handler => { responder.handle(handler) },
    publish: (topic, announcement) => gossip.publish(topic, announcement),
    subscribe: (topic, listener) => { gossip.subscribe(topic, listener) },
    onPeer: listener => peers.onPeer(listener),
    connected: peer => peers.connected(peer),
    dial: (address, options) => requester.dial(address, options),
    close: () => closing ??= close()
  }
}

/** Ends the connections of a peer that has gone too far, without goodbyes that it could draw out; the door keeps it out from now on. */
function cutOff (libp2p: Libp2p, peer: string, last: Offence, log: NetworkLog): void {
  log.warn({ peer, offence: last, ms: BAN_MS }, `Disconnected a peer for its offences, the last of which was ${last}`)
  const reason = new MapReduceError('REFUSED', `peer ${peer} has offended too often`)
  for (const connection of libp2p.getConnections(peerIdFromString(peer))) connection.abort(reason)
}

/** Stops the node; one that does not end is left to the process's end. */
async function stop (libp2p: Libp2p, log: NetworkLog): Promise<void> {
  const deadline = new Deadline(CLOSE_TIMEOUT_MS, () => new MapReduceError('TIMEOUT', `libp2p did not stop within ${CLOSE_TIMEOUT_MS} ms`))
  try {
    await deadline.race(Promise.resolve(libp2p.stop()))
  } catch (error) {
    log.warn({ err: error }, `Closing the network: ${messageOf(error)}`)
  } finally {
    deadline.clear()
  }
}
