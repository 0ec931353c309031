import type { Network } from '@ipfs-mapreduce/protocol'
import type { SimulatedClock } from '../clock.ts'
import { createLifetime, type Lifetime } from '../lifetime.ts'
import type { SeededRandom } from '../prng.ts'
import { createCarrier, type Carrier } from './carrier.ts'
import { createConnections } from './connections.ts'
import { createLinks, type Links } from './links.ts'
import { createPeer, listenAddress, type Peer, present } from './peer.ts'
import { createPort } from './port.ts'

export interface VirtualNetworkInit {
  clock: SimulatedClock
  random: SeededRandom
  /** Latency of one hop, drawn evenly between the two, in milliseconds. */
  latencyMs?: { min: number, max: number }
}

/** A network of named peers in virtual time. Its peers' ports pass the compliance suite of the real one. */
export interface VirtualNetwork extends Omit<Links, 'open'>, Pick<Carrier, 'send' | 'intercept' | 'onDelivery'> {
  /**
   * A peer joins, or joins again after a crash under its old address. Names are of letters, digits, `-` and `_`.
   * Throws where a peer of that name is there already.
   */
  join: (name: string, lifetime?: Lifetime) => Network
  /** Ends the process of a peer as `kill -9` does. */
  crash: (name: string) => void
  /** The multiaddr of a peer, known from its first join. */
  address: (name: string) => string
  /** Whether a peer of that name is there and has not left. */
  present: (name: string) => boolean
  /** Whether both could talk now: both there and no cut between them. */
  reachable: (from: string, to: string) => boolean
  /** Whether a link is cut in either direction. */
  cutOff: (from: string, to: string) => boolean
  connections: (name: string) => string[]
}

/** A local network: a few milliseconds, never the same, so that messages overtake each other. */
const DEFAULT_LATENCY_MS = { min: 1, max: 5 }

export function createVirtualNetwork ({ clock, random, latencyMs = DEFAULT_LATENCY_MS }: VirtualNetworkInit): VirtualNetwork {
  const peers = new Map<string, Peer>()
  const links = createLinks()
  const latency = (): number => latencyMs.min + random.int(latencyMs.max - latencyMs.min + 1)
  const carrier = createCarrier({ clock, links, latencyMs: latency })
  const connections = createConnections({ clock, links, latency, peers })
  const named = new Map<string, string>()
  const at = (listen: string): Peer | undefined => peers.get(named.get(listen) ?? '')
  const isPresent = (name: string): boolean => {
    const peer = peers.get(name)
    return peer !== undefined && present(peer)
  }
  const cutOff = (from: string, to: string): boolean => !links.open(from, to) || !links.open(to, from)
  const known = (name: string): Peer => {
    const peer = peers.get(name)
    if (peer === undefined) throw new Error(`no peer ${name} ever joined the virtual network`)
    return peer
  }

  return {
    join (name, lifetime = createLifetime(clock, name)) {
      if (!/^[\w-]+$/.test(name)) throw new RangeError(`a virtual peer's name is of letters, digits, - and _: ${name}`)
      if (isPresent(name)) throw new Error(`the virtual peer ${name} is there already: crash or close it before it joins again`)
      const peer = createPeer(name, peers.get(name)?.listen ?? listenAddress(peers.size + 1), lifetime)
      peers.set(name, peer)
      named.set(peer.listen, name)
      lifetime.onEnd(() => { connections.leave(peer) })
      return createPort(peer, { carrier, connections, links, at })
    },
    crash (name) { known(name).lifetime.end() },
    address: name => `${known(name).listen}/p2p/${name}`,
    present: isPresent,
    reachable: (from, to) => isPresent(from) && isPresent(to) && !cutOff(from, to),
    cutOff,
    connections: name => [...known(name).connections.keys()],
    partition: links.partition,
    cut: links.cut,
    heal: links.heal,
    send: carrier.send,
    intercept: carrier.intercept,
    onDelivery: carrier.onDelivery
  }
}
