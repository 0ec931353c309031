import type { Libp2p } from '@libp2p/interface'
import type { GossipSub } from '@libp2p/gossipsub'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { MAX_ADDRESSES, PROTOCOL_ID, REQUEST_TIMEOUT_MS, topicName } from '@ipfs-mapreduce/protocol'
import type { Network } from '@ipfs-mapreduce/protocol'
import { Conduct } from './conduct.ts'
import type { Offence } from './conduct.ts'
import { MAX_STREAMS_PER_CONNECTION } from './constants.ts'
import { Dialler } from './dialler.ts'
import { messageOf } from './failure.ts'
import { Gossip } from './gossip.ts'
import { silentLog } from './log.ts'
import type { NetworkLog } from './log.ts'
import { onLoopback } from './loopback.ts'
import { Peers } from './peers.ts'
import { Requester } from './requester.ts'
import { Responder } from './responder.ts'

/** Which cluster a node takes part in, and with whom. */
export interface NetworkOnInit {
  /** Names the topics. */
  cluster: string
  /** Ids of the peers that may take part; whoever is connected where absent. */
  allow?: readonly string[]
  /**
   * Whoever is connected is trusted, as where the node's libp2p has a swarm key. Without it, and without `allow`, a node that
   * listens beyond loopback is refused.
   */
  privateSwarm?: boolean
  /** How long an exchange with a peer may take, on either side, in milliseconds; REQUEST_TIMEOUT_MS where absent. */
  requestTimeoutMs?: number
  log?: NetworkLog
}

/** The port on a libp2p node of somebody else. `close` leaves the node as it was found. */
export type NetworkOn = Network & {
  /** Offences of others since the start, by kind. */
  offences: () => Record<Offence, number>
}

/**
 * The port over a libp2p node that runs already, which stays its owner's: connections are not cut and addresses not chosen here.
 * Who is not allowed, or has offended too often, is not listened to.
 *
 * Rejects with `BAD_INPUT` where the cluster cannot be a name, the node has no gossipsub that signs, is not started, takes part
 * already, or strangers could take part.
 */
export async function networkOn (libp2p: Libp2p, init: NetworkOnInit): Promise<NetworkOn> {
  topicName(init.cluster, 'workers')
  const pubsub = gossipsubOf(libp2p)
  refuseOpenDoor(libp2p, init)
  const log = init.log ?? silentLog
  const conduct = new Conduct({ nowMs: () => performance.now(), onBanned: (peer, last) => { log.warn({ peer, offence: last }, `Not listening to a peer for its offences, the last of which was ${last}`) } })
  const allow = init.allow === undefined ? undefined : new Set(init.allow)
  const admits = (peer: string): boolean => {
    const fault = conduct.isBanned(peer) ? 'banned' : allow?.has(peer) === false ? 'unlisted' : undefined
    if (fault !== undefined) conduct.note(fault, peer)
    return fault === undefined
  }
  const timeoutMs = init.requestTimeoutMs ?? REQUEST_TIMEOUT_MS
  const responder = new Responder(log, timeoutMs, conduct, admits)
  await takeProtocol(libp2p, responder)
  const requester = new Requester(new Dialler(libp2p), timeoutMs, conduct)
  const gossip = new Gossip(pubsub, init.cluster, log, conduct, admits)
  const peers = new Peers(libp2p, log)
  peers.onPeer(({ type, peer }) => { if (type === 'connected') gossip.connected(peer) })
  const close = async (): Promise<void> => {
    requester.close()
    responder.close()
    gossip.close({ goesOn: libp2p.status === 'started' })
    peers.close()
    await libp2p.unhandle(PROTOCOL_ID)
  }
  let closing: Promise<void> | undefined
  return {
    offences: () => conduct.counts(),
    peer: libp2p.peerId.toString(),
    addresses: () => libp2p.getMultiaddrs().map(address => address.toString()).slice(0, MAX_ADDRESSES),
    request: (to, message, options) => requester.request(to, message, options),
    handle: handler => { responder.handle(handler) },
    publish: (topic, announcement) => gossip.publish(topic, announcement),
    subscribe: (topic, listener) => { gossip.subscribe(topic, listener) },
    onPeer: listener => peers.onPeer(listener),
    connected: peer => peers.connected(peer),
    dial: async (address, options) => {
      const peer = await requester.dial(address, options)
      if (!admits(peer)) throw new MapReduceError('REFUSED', `the peer at ${address}, ${peer}, is not one of those allowed`)
      return peer
    },
    close: () => closing ??= close()
  }
}

/** The node's gossipsub, whatever its owner calls the service. */
function gossipsubOf (libp2p: Libp2p): GossipSub {
  if (libp2p.status !== 'started') throw new MapReduceError('BAD_INPUT', `the libp2p node is ${libp2p.status}: start it first, as in await helia.start()`)
  const found = Object.values(libp2p.services as Record<string, unknown>).find(isGossipsub)
  if (found === undefined) throw new MapReduceError('BAD_INPUT', 'the libp2p node has no gossipsub, by which peers of a cluster hear of each other: add pubsub: gossipsub() of @libp2p/gossipsub to its services')
  if ((found as { globalSignaturePolicy?: string }).globalSignaturePolicy === 'StrictNoSign') throw new MapReduceError('BAD_INPUT', 'the libp2p node\'s gossipsub does not sign what it announces: leave its globalSignaturePolicy at StrictSign')
  return found
}

function isGossipsub (service: unknown): service is GossipSub {
  return typeof service === 'object' && service !== null && 'topicValidators' in service && service.topicValidators instanceof Map && 'publish' in service && 'getSubscribers' in service
}

function refuseOpenDoor (libp2p: Libp2p, { allow, privateSwarm }: NetworkOnInit): void {
  if (allow !== undefined || privateSwarm === true) return
  const beyond = libp2p.getMultiaddrs().map(address => address.toString()).find(address => !onLoopback(address))
  if (beyond === undefined) return
  throw new MapReduceError('BAD_INPUT', `the node can be reached by strangers at ${beyond}: name the peers that may take part with allow: [PEERID, …], or say privateSwarm: true where its libp2p has a swarm key`)
}

async function takeProtocol (libp2p: Libp2p, responder: Responder): Promise<void> {
  try {
    await libp2p.handle(PROTOCOL_ID, responder.onStream, { maxInboundStreams: MAX_STREAMS_PER_CONNECTION, maxOutboundStreams: MAX_STREAMS_PER_CONNECTION })
  } catch (cause) {
    if ((cause as Error).name !== 'DuplicateProtocolHandlerError') throw cause
    throw new MapReduceError('BAD_INPUT', `the node ${libp2p.peerId} takes part already: stop what it does first, or use another node (${messageOf(cause)})`, { cause })
  }
}
