import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { generateKeyPair, publicKeyToProtobuf } from '@libp2p/crypto/keys'
import { RPC } from '@libp2p/gossipsub/message'
import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id'
import { lpStream } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { encodeAnnouncement, PROTOCOL_ID, topicName, UnauthorizedError } from '@ipfs-mapreduce/protocol'
import type { Announcement, Message } from '@ipfs-mapreduce/protocol'
import { createNetwork } from './create-network.ts'
import type { Libp2pNetwork, NetworkInit } from './create-network.ts'
import { makeSwarmKey, parseSwarmKey } from './swarm-key.ts'

const made: Libp2pNetwork[] = []
const ack: Message = { type: 'ack' }
const query: Message = { type: 'statusQuery' }
const heartbeat = (slots: number): Announcement => ({ type: 'heartbeat', cluster: 'local', role: 'mapper', slots, running: [], draining: false })
const UNREACHABLE = expect.objectContaining({ code: 'UNREACHABLE' })
const workers = topicName('local', 'workers')

async function network (init: Partial<NetworkInit> = {}): Promise<Libp2pNetwork> {
  const one = await createNetwork({ cluster: 'local', ...init })
  one.handle(() => Promise.resolve(ack))
  made.push(one)
  return one
}

const addressOf = (one: Libp2pNetwork): string => one.addresses()[0]!
const portOf = (one: Libp2pNetwork): number => Number(/\/tcp\/(\d+)/.exec(addressOf(one))?.[1])
const key = (): Uint8Array => parseSwarmKey(makeSwarmKey())

const turn = (): Promise<void> => new Promise(resolve => { setImmediate(resolve) })

/** Resolves when the count of an offence has come so far; fails where it does not. */
async function counted (one: Libp2pNetwork, offence: keyof ReturnType<Libp2pNetwork['offences']>, times = 1): Promise<void> {
  const giveUpMs = performance.now() + 10_000
  while (one.offences()[offence] < times && performance.now() < giveUpMs) await turn()
  expect(one.offences()).toMatchObject({ [offence]: times })
}

/** Resolves when a peer disconnects the next time. */
const leaves = (one: Libp2pNetwork, peer: string): Promise<void> => new Promise(resolve => {
  one.onPeer(event => { if (event.type === 'disconnected' && event.peer === peer) resolve() })
})

/** Resolves when a peer is not connected. */
const gone = async (one: Libp2pNetwork, peer: string): Promise<void> => { if (one.connected(peer)) await leaves(one, peer) }

afterEach(async () => { await Promise.all(made.splice(0).map(one => one.close())) }, 20_000)

describe('a swarm key', () => {
  it('lets those meet who have it', async () => {
    const swarmKey = key()
    const [a, b] = [await network({ swarmKey }), await network({ swarmKey })]
    expect(await a.dial(addressOf(b))).toBe(b.peer)
    expect(await a.request(b.peer, query)).toEqual(ack)
    expect(b.offences().stranger).toBe(0)
  })

  it.each([['another key', { swarmKey: key() }], ['no key', {}]])('keeps out who has %s, and counts it', async (_name, init) => {
    const a = await network({ swarmKey: key() })
    const stranger = await network({ ...init, requestTimeoutMs: 1_500 })
    await expect(stranger.dial(addressOf(a))).rejects.toEqual(UNREACHABLE)
    expect(a.libp2p.getPeers()).toEqual([])
    await counted(a, 'stranger')
  }, 20_000)

  it('keeps out who comes without one to those who have none: they cannot speak to each other', async () => {
    const a = await network()
    const other = await network({ swarmKey: key(), requestTimeoutMs: 1_500 })
    await expect(other.dial(addressOf(a))).rejects.toEqual(UNREACHABLE)
    expect(a.libp2p.getPeers()).toEqual([])
  }, 20_000)

  it('gives nothing but a nonce to who sends noise', async () => {
    const a = await network({ swarmKey: key() })
    const socket = connect(portOf(a), '127.0.0.1')
    const heard: Buffer[] = []
    socket.on('data', chunk => heard.push(chunk))
    socket.on('error', () => {})
    socket.write(Buffer.alloc(100_000, 0xab))
    await new Promise(resolve => { socket.once('close', resolve) })
    await counted(a, 'stranger')
    // 24 bytes, and what those bytes made of the greeting that only a holder of the key can read.
    expect(Buffer.concat(heard).toString('latin1')).not.toContain('multistream')
  }, 20_000)
})

describe('a node that listens beyond loopback', () => {
  const listen = ['/ip4/127.0.0.1/tcp/0', '/ip4/0.0.0.0/tcp/0']

  it('does not start without a swarm key or a list, and says how', async () => {
    await expect(network({ listen })).rejects.toEqual(expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringMatching(/0\.0\.0\.0.*ipmr key.*--swarm-key.*--allow/) }))
  })

  it('starts with either', async () => {
    await network({ listen, swarmKey: key() })
    await network({ listen, allow: [] })
  })
})

describe('a list of who may connect', () => {
  it('lets those in who are on it, and nobody else, whoever dials', async () => {
    const [friend, stranger] = [await network(), await network()]
    const a = await network({ allow: [friend.peer] })
    expect(await friend.dial(addressOf(a))).toBe(a.peer)
    expect(await friend.request(a.peer, query)).toEqual(ack)
    await stranger.dial(addressOf(a)).catch(() => '')
    await counted(a, 'unlisted')
    await gone(stranger, a.peer)
    await expect(stranger.request(addressOf(a), query)).rejects.toEqual(UNREACHABLE)
    await expect(a.dial(addressOf(stranger))).rejects.toEqual(UNREACHABLE)
    expect(a.connected(stranger.peer)).toBe(false)
    expect(a.offences().stranger).toBe(0)
  }, 20_000)
})

describe('a peer that offends', () => {
  /** Offends with a stream of our protocol, and waits until it has ended. */
  const send = async (from: Libp2pNetwork, to: Libp2pNetwork, bytes: Uint8Array): Promise<void> => {
    const stream = await from.libp2p.dialProtocol(peerIdFromString(to.peer), PROTOCOL_ID)
    const closed = once(stream as unknown as EventTarget, 'close')
    stream.send(bytes)
    await Promise.all([closed, stream.close().catch(() => undefined)])
  }

  it.each([
    ['malformed', Uint8Array.of(3, 0xff, 0xff, 0xff)],
    // MAX_MESSAGE_BYTES + 1 as a varint.
    ['oversized', Uint8Array.of(0x81, 0x80, 0x80, 0x02)]
  ] as const)('with what is %s is disconnected in the end, and kept out', async (offence, bytes) => {
    const [a, b] = [await network(), await network()]
    const bystander = await network()
    await Promise.all([a, bystander].map(one => one.dial(addressOf(b))))
    const ended = leaves(a, b.peer)
    for (let n = 0; n < 9; n++) await send(a, b, bytes)
    await counted(b, offence, 9)
    expect(b.connected(a.peer)).toBe(true)
    // A little is forgiven while they are sent.
    while (b.connected(a.peer)) await Promise.all([turn(), send(a, b, bytes).catch(() => undefined)])
    await ended
    expect(b.offences()[offence]).toBeGreaterThanOrEqual(10)
    expect(b.offences()[offence]).toBeLessThan(20)
    await a.dial(addressOf(b)).catch(() => '')
    await counted(b, 'banned')
    await gone(b, a.peer)
    await expect(b.dial(addressOf(a))).rejects.toEqual(UNREACHABLE)
    expect(await bystander.request(b.peer, query)).toEqual(ack)
  }, 20_000)

  it('by asking what it may not ask is refused, and in the end disconnected', async () => {
    const [a, b] = [await network(), await network()]
    b.handle(() => Promise.reject(new UnauthorizedError('not yours')))
    await a.dial(addressOf(b))
    const ended = leaves(a, b.peer)
    await expect(a.request(b.peer, query)).rejects.toEqual(expect.objectContaining({ code: 'REFUSED', message: 'not yours' }))
    await Promise.allSettled(Array.from({ length: 400 }, () => a.request(b.peer, query)))
    expect(b.connected(a.peer)).toBe(true)
    while (a.connected(b.peer)) await Promise.all([turn(), ...Array.from({ length: 50 }, () => a.request(b.peer, query).catch(() => ack))])
    await ended
    expect(b.offences().unauthorized).toBeGreaterThanOrEqual(500)
  }, 20_000)

  it('with answers that are no messages is disconnected in the end', async () => {
    const [a, b] = [await network(), await network()]
    await b.libp2p.unhandle(PROTOCOL_ID)
    await b.libp2p.handle(PROTOCOL_ID, stream => {
      stream.send(Uint8Array.of(3, 0xff, 0xff, 0xff))
      void stream.close().catch(() => undefined)
    })
    await a.dial(addressOf(b))
    const ended = leaves(b, a.peer)
    for (let n = 0; n < 9; n++) await expect(a.request(b.peer, query)).rejects.toEqual(expect.objectContaining({ code: 'BAD_INPUT' }))
    while (a.connected(b.peer)) await Promise.all([turn(), a.request(b.peer, query).catch(() => ack)])
    await ended
    expect(a.offences().malformed).toBeGreaterThanOrEqual(10)
  }, 20_000)
})

describe('announcements', () => {
  const PREFIX = new TextEncoder().encode('libp2p-pubsub:')

  async function signed (author: PrivateKey, number: bigint, data: Uint8Array): Promise<RPC.Message> {
    const seqno = new Uint8Array(8)
    new DataView(seqno.buffer).setBigUint64(0, number)
    const message: RPC.Message = { from: peerIdFromPrivateKey(author).toMultihash().bytes, data, seqno, topic: workers }
    const bytes = Buffer.concat([PREFIX, RPC.Message.encode(message)])
    return { ...message, signature: await author.sign(bytes), key: publicKeyToProtobuf(author.publicKey) }
  }

  /** Sends messages as a hostile peer would: past gossipsub, on a stream of its protocol. */
  async function inject (from: Libp2pNetwork, to: Libp2pNetwork, messages: RPC.Message[]): Promise<void> {
    const stream = await from.libp2p.dialProtocol(multiaddr(addressOf(to)), from.libp2p.services.pubsub.protocols)
    await lpStream(stream).write(RPC.encode({ subscriptions: [], messages }))
  }

  function hear (one: Libp2pNetwork, last: number): { slots: number[], done: Promise<void> } {
    const slots: number[] = []
    const done = new Promise<void>(resolve => {
      one.subscribe('workers', (_from, announcement) => {
        if (announcement.type !== 'heartbeat') return
        slots.push(announcement.slots)
        if (announcement.slots === last) resolve()
      })
    })
    return { slots, done }
  }

  it('that were heard before are dropped and counted, those that overtook each other are not', async () => {
    const [attacker, b, author] = [await network(), await network(), await generateKeyPair('Ed25519')]
    const { slots, done } = hear(b, 5)
    const say = (number: bigint, slots: number): Promise<RPC.Message> => signed(author, number, encodeAnnouncement(heartbeat(slots)))
    const now = BigInt(Date.now()) * 1_000_000n
    await attacker.dial(addressOf(b))
    await inject(attacker, b, [await say(now, 1)])
    await inject(attacker, b, [await say(now + 2n, 2)])
    await inject(attacker, b, [await say(now + 1n, 3)])
    // Gossipsub has never seen it, as it would have forgotten one of two minutes ago.
    await inject(attacker, b, [await say(now - 3_600_000_000_000n, 4)])
    await counted(b, 'replayed')
    await inject(attacker, b, [await say(now + 3n, 5)])
    await done
    expect(slots).toEqual([1, 2, 3, 5])
    expect(b.offences()).toMatchObject({ replayed: 1, forged: 0, malformed: 0 })
  }, 20_000)

  it('that their author has not signed are dropped, and who passes them on is disconnected in the end', async () => {
    const [attacker, b, author] = [await network(), await network(), await generateKeyPair('Ed25519')]
    const { slots } = hear(b, 0)
    await attacker.dial(addressOf(b))
    const ended = leaves(b, attacker.peer)
    const now = BigInt(Date.now()) * 1_000_000n
    for (let n = 0; n < 30; n++) {
      const one = await signed(author, now + BigInt(n), encodeAnnouncement(heartbeat(1)))
      await inject(attacker, b, [{ ...one, data: encodeAnnouncement(heartbeat(2)) }]).catch(() => undefined)
    }
    await ended
    expect(b.offences().forged).toBeGreaterThanOrEqual(10)
    expect(slots).toEqual([])
  }, 20_000)

  it('that are no announcements cost who passes them on, also where another has signed them', async () => {
    const [attacker, b, author] = [await network(), await network(), await generateKeyPair('Ed25519')]
    const { slots } = hear(b, 0)
    await attacker.dial(addressOf(b))
    const ended = leaves(b, attacker.peer)
    const now = BigInt(Date.now()) * 1_000_000n
    for (let n = 0; n < 11; n++) await inject(attacker, b, [await signed(author, now + BigInt(n), Uint8Array.of(n, 0xff))]).catch(() => undefined)
    await ended
    expect(b.offences()).toMatchObject({ malformed: expect.any(Number), forged: 0 })
    expect(b.offences().malformed).toBeGreaterThanOrEqual(10)
    expect(slots).toEqual([])
  }, 20_000)

  it('of honest peers cost nobody anything', async () => {
    const all = [await network(), await network(), await network()]
    const heard = all.map(one => hear(one, 40).done)
    await all[0]!.dial(addressOf(all[1]!))
    await all[1]!.dial(addressOf(all[2]!))
    await all[2]!.dial(addressOf(all[0]!))
    const { pubsub } = all[0]!.libp2p.services
    while (pubsub.getSubscribers(workers).length < 2) await once(pubsub as unknown as EventTarget, 'subscription-change')
    for (let n = 1; n <= 40; n++) await all[0]!.publish('workers', heartbeat(n))
    await Promise.all(heard.slice(1))
    for (const one of all) expect(Object.values(one.offences()).reduce((sum, count) => sum + count)).toBe(0)
  }, 20_000)
})
