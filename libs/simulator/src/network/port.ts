import { MapReduceError, type ErrorCode } from '@ipfs-mapreduce/mapreduce'
import {
  decodeAnnouncement, decodeMessage, encodeAnnouncement, encodeMessage, REQUEST_TIMEOUT_MS,
  type Announcement, type Message, type Network, type RequestOptions
} from '@ipfs-mapreduce/protocol'
import { type Call, openCall } from './call.ts'
import { type Carrier, member } from './carrier.ts'
import type { Connections } from './connections.ts'
import { damaged } from './damage.ts'
import { recipients } from './gossip.ts'
import type { Links } from './links.ts'
import { namedPeer, type Peer, present } from './peer.ts'

/** What the port of a peer needs of the virtual network. */
export interface World {
  carrier: Carrier
  connections: Connections
  links: Links
  /** The peer that listens at a multiaddr, dead or alive. */
  at: (listen: string) => Peer | undefined
}

/** The `Network` port of one run of a peer. */
export function createPort (self: Peer, world: World): Network {
  const { bound } = self.lifetime
  const { carrier, connections, links } = world

  return {
    peer: self.name,
    addresses: () => [`${self.listen}/p2p/${self.name}`],
    request: async (to, message, options) => await bound(request(self, world, to, message, options)),
    handle (handler) { self.handler = handler },
    async publish (topic, announcement) {
      const bytes = encodeAnnouncement(announcement)
      if (!present(self)) return
      connections.probe(self)
      for (const { peer, hops } of recipients(self, topic, links.open)) {
        carrier.send({ from: self.name, to: peer.name, cargo: { kind: 'gossip', topic, message: announcement } }, {
          hops,
          present: () => present(peer),
          arrive (damage) {
            const received = announced(damage === undefined ? bytes : damaged(bytes, damage))
            if (received !== undefined) for (const listen of peer.topics.get(topic) ?? []) listen(self.name, received)
          }
        })
      }
    },
    subscribe (topic, listener) {
      self.topics.set(topic, [...self.topics.get(topic) ?? [], listener])
    },
    onPeer: listener => member(self.watchers, listener),
    connected: peer => self.connections.has(peer),
    dial: async (address, options) => await bound(dial(self, world, address, options)),
    async close () {
      if (!self.open) return
      self.open = false
      for (const call of self.calls) call.fail('ABORTED', 'this peer left the network')
      connections.leave(self)
    }
  }
}

async function dial (self: Peer, world: World, address: string, { signal }: RequestOptions = {}): Promise<string> {
  refuseClosed(self)
  const to = namedPeer(address) ?? world.at(address)?.name ?? address
  const call = openCall<string>(self, { to, what: 'dial', timeoutMs: REQUEST_TIMEOUT_MS, signal })
  if (to === self.name) call.fail('UNREACHABLE', 'a peer does not dial itself')
  else world.connections.connect(self, call as Call, remote => { call.resolve(remote.name) })
  return await call.promise
}

async function request (self: Peer, world: World, to: string, message: Message, { signal }: RequestOptions = {}): Promise<Message> {
  refuseClosed(self)
  const bytes = encodeMessage(message)
  const name = namedPeer(to) ?? to
  const call = openCall<Message>(self, { to: name, what: `${message.type} to`, timeoutMs: REQUEST_TIMEOUT_MS, signal })
  if (name === self.name) call.fail('UNREACHABLE', 'a peer does not dial itself')
  else if (name === to && !self.known.has(name)) call.fail('UNREACHABLE', 'no address of this peer is known')
  else world.connections.connect(self, call as Call, remote => { ask(self, remote, world, { message, bytes, call }) })
  return await call.promise
}

/** Sends a request over a connection. A dead other side answers with a reset. */
function ask (self: Peer, remote: Peer, { carrier, connections, links }: World, { message, bytes, call }: { message: Message, bytes: Uint8Array, call: Call<Message> }): void {
  if (!call.pending()) return
  carrier.send({ from: self.name, to: remote.name, cargo: { kind: 'request', message } }, {
    present () {
      if (present(remote)) return true
      if (links.open(remote.name, self.name)) connections.lose(self, remote)
      return false
    },
    broken () { connections.reset(self, remote) },
    arrive () {
      void answerOf(remote, self.name, bytes).then(answer => {
        if (!present(remote)) return
        carrier.send({ from: remote.name, to: self.name, cargo: { kind: 'answer', message: answer.message, request: message } }, {
          present: () => present(self) && call.pending(),
          broken () { connections.reset(self, remote) },
          arrive () { settle(call, answer.bytes) }
        })
      })
    }
  })
}

/** The announcement in some bytes; nothing where the decoder refuses them, as a topic's validator does. */
function announced (bytes: Uint8Array): Announcement | undefined {
  try {
    return decodeAnnouncement(bytes)
  } catch (error) {
    if (error instanceof MapReduceError && error.code === 'BAD_INPUT') return undefined
    throw error
  }
}

/** What a peer answers, in the wire's bytes. Its errors travel as a refusal; it never rejects. */
async function answerOf (peer: Peer, from: string, bytes: Uint8Array): Promise<{ message: Message, bytes: Uint8Array }> {
  try {
    if (peer.handler === undefined) throw new MapReduceError('REFUSED', `${peer.name} does not answer messages`)
    const message = await peer.lifetime.bound(peer.handler(from, decodeMessage(bytes)))
    return { message, bytes: encodeMessage(message) }
  } catch (error) {
    const message: Message = { type: 'refusal', code: codeOf(error), message: error instanceof Error ? error.message : String(error) }
    return { message, bytes: encodeMessage(message) }
  }
}

function settle (call: Call<Message>, bytes: Uint8Array): void {
  const answer = decodeMessage(bytes)
  if (answer.type === 'refusal') call.reject(new MapReduceError(answer.code, answer.message))
  else call.resolve(answer)
}

function codeOf (error: unknown): ErrorCode {
  return error instanceof MapReduceError ? error.code : 'TRANSIENT'
}

function refuseClosed (self: Peer): void {
  if (!self.open) throw new MapReduceError('ABORTED', `${self.name} left the network: nothing can be asked from it`)
}
