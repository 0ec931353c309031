import { afterEach, describe, expect, it } from '@jest/globals'
import { gossipsub } from '@libp2p/gossipsub'
import type { GossipSub } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import type { Libp2p } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { lpStream } from '@libp2p/utils'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { PROTOCOL_ID, topicName } from '@ipfs-mapreduce/protocol'
import type { Announcement, Message, PeerEvent } from '@ipfs-mapreduce/protocol'
import { networkCompliance } from '@ipfs-mapreduce/protocol/compliance'
import { MAX_STREAMS_PER_CONNECTION } from './constants.ts'
import { networkOn } from './network-on.ts'
import type { NetworkOn, NetworkOnInit } from './network-on.ts'

const ping: Message = { type: 'statusQuery' }
const ack: Message = { type: 'ack' }
const heartbeat: Announcement = { type: 'heartbeat', cluster: 'local', role: 'worker', slots: 1, running: [], draining: false }
/** A tenth of MAX_OFFENCE_POINTS each. */
const MALFORMED_TO_BAN = 10
const nodes: Libp2p[] = []

/** A node as its owner makes it, who knows nothing of clusters. */
async function node (services: Record<string, ReturnType<typeof gossipsub>> = { chatter: gossipsub() }, listen = '/ip4/127.0.0.1/tcp/0'): Promise<Libp2p> {
  const libp2p = await createLibp2p({
    addresses: { listen: [listen] }, transports: [tcp()], connectionEncrypters: [noise()],
    // By default ten streams may come before the connection stands here too; the suite asks 200 times at once.
    streamMuxers: [yamux({ maxEarlyStreams: MAX_STREAMS_PER_CONNECTION })],
    services: { identify: identify(), ...services }
  })
  nodes.push(libp2p as unknown as Libp2p)
  return libp2p as unknown as Libp2p
}

/** Until a node has heard that somebody listens to a topic. */
async function subscribed ({ services }: Libp2p, topic: string): Promise<void> {
  const { chatter } = services as unknown as { chatter: GossipSub }
  await new Promise<void>(resolve => {
    const check = (): void => {
      if (chatter.getSubscribers(topic).length === 0) return
      chatter.removeEventListener('subscription-change', check)
      resolve()
    }
    chatter.addEventListener('subscription-change', check)
    check()
  })
}

/** Announces with each heartbeat of gossipsub until it was heard: what is said before a stream to a new subscriber stands is lost. */
async function announceUntil (heard: Promise<unknown>, network: NetworkOn, { services }: Libp2p): Promise<void> {
  const { chatter } = services as unknown as { chatter: GossipSub }
  let isHeard = false
  void heard.then(() => { isHeard = true })
  while (!isHeard) {
    await network.publish('workers', heartbeat)
    await Promise.race([heard, new Promise(resolve => { chatter.addEventListener('gossipsub:heartbeat', resolve, { once: true }) })])
  }
}

async function pair (init: Partial<NetworkOnInit> = {}): Promise<{ a: NetworkOn, b: NetworkOn, nodes: [Libp2p, Libp2p] }> {
  const [one, other] = [await node(), await node()]
  return { a: await networkOn(one, { cluster: 'local', ...init }), b: await networkOn(other, { cluster: 'local' }), nodes: [one, other] }
}

afterEach(async () => { await Promise.all(nodes.splice(0).map(async one => { await one.stop() })) })

networkCompliance('a libp2p node of somebody else', () => {
  const made: NetworkOn[] = []
  return {
    network: async () => {
      const libp2p = await node()
      const network = await networkOn(libp2p, { cluster: 'local' })
      made.push(network)
      // The suite's peers go when they are closed; here that is for the node's owner to do.
      const close = async (): Promise<void> => {
        await network.close()
        await libp2p.stop()
      }
      return { ...network, close }
    },
    connect: async (a, b) => { await a.dial(b.addresses()[0]!) },
    teardown: async () => { await Promise.all(made.splice(0).map(async network => { await network.close() })) }
  }
})

describe('a network on a node of somebody else', () => {
  it('asks, answers, announces and tells of peers, also of those that were connected before', async () => {
    const [one, other] = [await node(), await node()]
    await one.dial(other.getMultiaddrs())
    const a = await networkOn(one, { cluster: 'local' })
    const b = await networkOn(other, { cluster: 'local' })
    expect(a.connected(b.peer)).toBe(true)
    b.handle(async (from, message) => from === a.peer && message.type === 'statusQuery' ? ack : ping)
    expect(await a.request(b.addresses()[0]!, ping)).toEqual(ack)
    const heard = new Promise<[string, Announcement]>(resolve => { b.subscribe('workers', (from, announcement) => { resolve([from, announcement]) }) })
    await a.publish('workers', heartbeat)
    await subscribed(one, topicName('local', 'workers'))
    await announceUntil(heard, a, one)
    expect(await heard).toEqual([a.peer, heartbeat])
    const lost = new Promise<PeerEvent>(resolve => { a.onPeer(resolve) })
    await other.stop()
    expect(await lost).toEqual({ type: 'disconnected', peer: b.peer })
  })

  it('leaves the node as it was: running, and free to take part again', async () => {
    const { a, b, nodes: [one] } = await pair()
    await a.dial(b.addresses()[0]!)
    a.subscribe('jobs', () => {})
    await a.close()
    expect([one.status, one.getProtocols().includes(PROTOCOL_ID), one.getPeers().length]).toEqual(['started', false, 1])
    expect((one.services as unknown as { chatter: { getTopics: () => string[] } }).chatter.getTopics()).not.toContain(topicName('local', 'jobs'))
    await expect(a.request(b.peer, ping)).rejects.toMatchObject({ code: 'ABORTED' })
    const again = await networkOn(one, { cluster: 'local' })
    b.handle(async () => ack)
    expect(await again.request(b.peer, ping)).toEqual(ack)
  })

  it('does not listen to who is not allowed, and does not ask them', async () => {
    const { a, b } = await pair({ allow: ['12D3KooWSomebodyElse'] })
    a.handle(async () => ack)
    await expect(b.request(a.addresses()[0]!, ping)).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect(a.offences().unlisted).toBe(1)
    await expect(a.dial(b.addresses()[0]!)).rejects.toMatchObject({ code: 'REFUSED', message: expect.stringContaining(b.peer) })
  })

  it('does not answer a peer that offends too often on the stream that it has, and leaves none when it closes', async () => {
    const { a, b, nodes: [one, other] } = await pair()
    b.handle(async () => ack)
    await a.request(b.addresses()[0]!, ping)
    const frames = lpStream(await other.getConnections()[0]!.newStream(PROTOCOL_ID))
    const isOpen = (): boolean => one.getConnections()[0]!.streams.some(stream => stream.protocol === PROTOCOL_ID && stream.direction === 'inbound')
    await expect((async () => {
      for (;;) {
        await frames.write(Uint8Array.of(0xff, 0xff, 0xff))
        await frames.read()
      }
    })()).rejects.toThrow()
    // Some are forgiven meanwhile.
    expect(a.offences().malformed).toBeGreaterThanOrEqual(MALFORMED_TO_BAN)
    expect(a.offences().malformed).toBeLessThan(2 * MALFORMED_TO_BAN)
    expect(a.offences().banned).toBe(1)
    expect(isOpen()).toBe(false)
    await a.close()
    const ours = (libp2p: Libp2p): number => libp2p.getConnections().flatMap(({ streams }) => streams).filter(({ protocol }) => protocol === PROTOCOL_ID).length
    while (ours(one) + ours(other) > 0) await new Promise(resolve => { setImmediate(resolve) })
    expect(one.getPeers()).toHaveLength(1)
  })

  it('is refused, in words that help, on a node that cannot or must not take part', async () => {
    const without = await node({})
    await expect(networkOn(without, { cluster: 'local' })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('pubsub: gossipsub()') })
    const unsigned = await node({ pubsub: gossipsub({ globalSignaturePolicy: 'StrictNoSign' }) })
    await expect(networkOn(unsigned, { cluster: 'local' })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('globalSignaturePolicy') })
    const one = await node()
    await expect(networkOn(one, { cluster: 'not a name' })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await networkOn(one, { cluster: 'local' })
    await expect(networkOn(one, { cluster: 'local' })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('takes part already') })
    await one.stop()
    await expect(networkOn(one, { cluster: 'local' })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('start it first') })
  })

  it('is refused where strangers could take part, unless somebody says who may', async () => {
    const open = await node(undefined, '/ip4/0.0.0.0/tcp/0')
    const beyond = open.getMultiaddrs().some(address => !address.toString().startsWith('/ip4/127.'))
    if (!beyond) {
      process.stdout.write('not tried with an address beyond loopback: this machine has none\n')
      return
    }
    await expect(networkOn(open, { cluster: 'local' })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('allow: [PEERID') })
    await (await networkOn(open, { cluster: 'local', privateSwarm: true })).close()
    await (await networkOn(open, { cluster: 'local', allow: [] })).close()
  })
})
