import type { SimulatedClock } from '../clock.ts'
import type { Call } from './call.ts'
import type { Links } from './links.ts'
import { type Peer, present } from './peer.ts'

/** Connections between virtual peers: how they come about and how their loss is noticed. */
export interface Connections {
  /**
   * Runs `then` with the connected peer, after a round trip where there is no connection yet. Fails the call where
   * nobody listens; stays silent over a cut link, so that the call ends by its timeout.
   */
  connect: (self: Peer, call: Call, then: (remote: Peer) => void) => void
  /** The other side of a connection is found dead: forget it, tell, and fail what waits for it. */
  lose: (self: Peer, remote: Peer) => void
  /** A peer writes on all of its connections: those whose other side is dead, and can say so, are found out. */
  probe: (self: Peer) => void
  /** A connection breaks for both of its sides. */
  reset: (one: Peer, other: Peer) => void
  /** A peer is gone; the others notice after a latency, unless the link to them is cut. */
  leave: (gone: Peer) => void
}

export function createConnections ({ clock, links, latency, peers }: { clock: SimulatedClock, links: Links, latency: () => number, peers: ReadonlyMap<string, Peer> }): Connections {
  const join = (self: Peer, remote: Peer): void => {
    if (self.connections.get(remote.name) === remote) return
    self.connections.set(remote.name, remote)
    self.known.add(remote.name)
    for (const watch of self.watchers) watch({ type: 'connected', peer: remote.name })
  }

  const connections: Connections = {
    connect (self, call, then) {
      const name = call.to
      const held = self.connections.get(name)
      if (held !== undefined) {
        then(held)
        return
      }
      clock.setTimeout(() => {
        if (!present(self) || !links.open(self.name, name) || !links.open(name, self.name)) return
        const remote = peers.get(name)
        if (remote === undefined || !present(remote)) {
          call.fail('UNREACHABLE', 'the connection is refused, nobody listens there')
          return
        }
        join(remote, self)
        join(self, remote)
        then(remote)
      }, 2 * latency(), `dial ${self.name} -> ${name}`)
    },
    lose (self, remote) {
      if (self.connections.get(remote.name) !== remote) return
      self.connections.delete(remote.name)
      for (const watch of self.watchers) watch({ type: 'disconnected', peer: remote.name })
      for (const call of self.calls) if (call.to === remote.name) call.fail('UNREACHABLE', 'the connection was lost before an answer came')
    },
    probe (self) {
      for (const remote of [...self.connections.values()]) {
        if (present(remote) || !links.open(self.name, remote.name) || !links.open(remote.name, self.name)) continue
        clock.setTimeout(() => { if (present(self)) connections.lose(self, remote) }, 2 * latency(), `reset ${remote.name} -> ${self.name}`)
      }
    },
    reset (one, other) {
      connections.lose(one, other)
      connections.lose(other, one)
    },
    leave (gone) {
      for (const other of gone.connections.values()) {
        clock.setTimeout(() => {
          if (links.open(gone.name, other.name) && present(other)) connections.lose(other, gone)
        }, latency(), `disconnect ${gone.name} -> ${other.name}`)
      }
      gone.connections.clear()
    }
  }
  return connections
}
