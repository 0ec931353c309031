import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from '@jest/globals'
import { lpStream } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { MemoryDatastore } from 'datastore-core'
import { decodeMessage, MAX_MESSAGE_BYTES, PROTOCOL_ID, topicName } from '@ipfs-mapreduce/protocol'
import type { Announcement, Message, PeerEvent } from '@ipfs-mapreduce/protocol'
import { KEPT_STREAMS_PER_PEER, MAX_HANDLERS, MAX_REQUESTS_PER_PEER } from './constants.ts'
import { createNetwork } from './create-network.ts'
import type { Libp2pNetwork, NetworkInit } from './create-network.ts'
import { loadOrCreateKey } from './identity.ts'
import { silentLog } from './log.ts'

const made: Libp2pNetwork[] = []
const children: ChildProcess[] = []
const ping: Message = { type: 'statusQuery' }
const ack: Message = { type: 'ack' }
const heartbeat: Announcement = { type: 'heartbeat', cluster: 'local', role: 'mapper', slots: 1, running: [], draining: false }

async function network (init: Partial<NetworkInit> = {}): Promise<Libp2pNetwork> {
  const one = await createNetwork({ cluster: 'local', ...init })
  made.push(one)
  return one
}

const withoutPeer = (address: string): string => address.replace(/\/p2p\/.*/, '')
const subscribed = (pubsub: Libp2pNetwork['libp2p']['services']['pubsub'], topic: string, peers: number): Promise<void> => new Promise(resolve => {
  const check = (): void => {
    if (pubsub.getSubscribers(topic).length < peers) { return }
    pubsub.removeEventListener('subscription-change', check)
    resolve()
  }
  pubsub.addEventListener('subscription-change', check)
  check()
})

afterEach(async () => {
  for (const child of children.splice(0)) { child.kill('SIGKILL') }
  await Promise.all(made.splice(0).map(one => one.close()))
}, 20_000)

describe('connections', () => {
  it('are made by an address that does not name its peer, and used again', async () => {
    const [a, b] = [await network(), await network()]
    const address = withoutPeer(b.addresses()[0]!)
    expect(await a.dial(address)).toBe(b.peer)
    expect(await a.dial(address)).toBe(b.peer)
    expect(a.libp2p.getConnections()).toHaveLength(1)
  })

  it('are refused where another peer answers than the address names', async () => {
    const [a, b, c] = [await network(), await network(), await network()]
    await expect(a.dial(`${withoutPeer(b.addresses()[0]!)}/p2p/${c.peer}`)).rejects.toEqual(expect.objectContaining({ code: 'UNREACHABLE' }))
    expect(a.connected(b.peer)).toBe(false)
  })

  it.each(['', 'nobody', '/ip4/999.0.0.1/tcp/1', '/nonsense'])('to %j are BAD_INPUT', async to => {
    const a = await network()
    await expect(a.dial(to)).rejects.toEqual(expect.objectContaining({ code: 'BAD_INPUT' }))
    await expect(a.request(to, ping)).rejects.toEqual(expect.objectContaining({ code: 'BAD_INPUT' }))
  })

  it('are made to the bootstrap peers, of which some may be gone', async () => {
    const gone = await network()
    const [nowhere] = gone.addresses()
    await gone.close()
    const b = await network()
    const met = new Promise<PeerEvent>(resolve => { b.onPeer(resolve) })
    const warned = new Promise<object>(resolve => {
      const log = { debug: () => {}, info: () => {}, error: () => {}, warn: resolve }
      void network({ bootstrap: [nowhere!, withoutPeer(b.addresses()[0]!)], log })
    })
    expect(await met).toEqual({ type: 'connected', peer: expect.any(String) })
    expect(await warned).toEqual({ address: nowhere })
  }, 20_000)

  it('from one host may come all at once', async () => {
    const hub = await network()
    const others = await Promise.all(Array.from({ length: 15 }, () => network()))
    const all = new Promise<void>(resolve => { hub.onPeer(() => { if (others.every(other => hub.connected(other.peer))) { resolve() } }) })
    await Promise.all(others.map(other => other.dial(hub.addresses()[0]!)))
    await all
  }, 30_000)

  it('cannot be listened for where another listens', async () => {
    const a = await network()
    const listen = [withoutPeer(a.addresses()[0]!)]
    await expect(network({ listen })).rejects.toEqual(expect.objectContaining({ code: 'FATAL', message: expect.stringContaining(listen[0]!) }))
  })

  it('are of the peer whose key it was given', async () => {
    const datastore = new MemoryDatastore()
    const a = await network({ privateKey: await loadOrCreateKey(datastore) })
    await a.close()
    expect((await network({ privateKey: await loadOrCreateKey(datastore) })).peer).toBe(a.peer)
  })

  it('show as gone within a second when their peer is killed', async () => {
    const a = await network()
    const source = `
      import { createNetwork } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}
      const network = await createNetwork({ cluster: 'local' })
      network.handle(() => new Promise(() => { console.log('asked') }))
      console.log(network.addresses()[0])`
    const child = spawn(process.execPath, ['--conditions=@ipfs-mapreduce/source', '--input-type=module-typescript', '--eval', source], { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env.PATH } })
    children.push(child)
    const lines = createInterface(child.stdout)
    const [address] = await once(lines, 'line') as [string]
    const peer = await a.dial(address)
    const pending = expect(a.request(peer, ping)).rejects.toEqual(expect.objectContaining({ code: 'UNREACHABLE' }))
    await once(lines, 'line')
    const gone = new Promise<number>(resolve => { a.onPeer(event => { if (event.type === 'disconnected' && event.peer === peer) { resolve(performance.now()) } }) })
    const killed = performance.now()
    child.kill('SIGKILL')
    expect(await gone - killed).toBeLessThan(1_000)
    await pending
    expect(a.connected(peer)).toBe(false)
  }, 30_000)
})

describe('streams', () => {
  it('of more requests than a peer takes at once wait for their turn', async () => {
    const [a, b] = [await network(), await network()]
    let now = 0
    let most = 0
    b.handle(async () => {
      most = Math.max(most, ++now)
      await new Promise(resolve => { setImmediate(resolve) })
      now--
      return ack
    })
    await a.dial(b.addresses()[0]!)
    await Promise.all(Array.from({ length: 3 * MAX_REQUESTS_PER_PEER }, () => a.request(b.peer, ping)))
    expect(most).toBeLessThanOrEqual(MAX_REQUESTS_PER_PEER)
    // A few stay for the next ones.
    const open = (): number => a.libp2p.getConnections().flatMap(connection => connection.streams).filter(stream => stream.protocol === PROTOCOL_ID).length
    while (open() > KEPT_STREAMS_PER_PEER) await new Promise(resolve => { setImmediate(resolve) })
  }, 30_000)

  it('end on both sides when a peer does not answer in time', async () => {
    const [a, b] = [await network({ requestTimeoutMs: 200 }), await network({ requestTimeoutMs: 300 })]
    b.handle(() => new Promise(() => {}))
    await a.dial(b.addresses()[0]!)
    await expect(a.request(b.peer, ping)).rejects.toEqual(expect.objectContaining({ code: 'UNREACHABLE', message: expect.stringContaining(b.peer) }))
  })

  it('of a peer that sends half a message are reset', async () => {
    const [a, b] = [await network(), await network({ requestTimeoutMs: 200 })]
    b.handle(() => Promise.resolve(ack))
    const stream = await a.libp2p.dialProtocol(multiaddr(b.addresses()[0]!), PROTOCOL_ID)
    const closed = once(stream as unknown as EventTarget, 'close')
    stream.send(Uint8Array.of(100, 1, 2, 3))
    await closed
    expect(stream.status).toBe('reset')
  })

  it('of a peer that announces more than a message may have are reset before it is sent', async () => {
    const [a, b] = [await network(), await network()]
    const stream = await a.libp2p.dialProtocol(multiaddr(b.addresses()[0]!), PROTOCOL_ID)
    const closed = once(stream as unknown as EventTarget, 'close')
    // MAX_MESSAGE_BYTES + 1 as a varint.
    expect(MAX_MESSAGE_BYTES).toBe(2 ** 22)
    stream.send(Uint8Array.of(0x81, 0x80, 0x80, 0x02))
    await closed
    expect(stream.status).toBe('reset')
  })

  it('of a peer that sends no message are answered with the reason', async () => {
    const [a, b] = [await network(), await network()]
    b.handle(() => Promise.resolve(ack))
    const frames = lpStream(await a.libp2p.dialProtocol(multiaddr(b.addresses()[0]!), PROTOCOL_ID))
    await frames.write(Uint8Array.of(0xff, 0xff, 0xff))
    expect(decodeMessage((await frames.read()).subarray())).toEqual({ type: 'refusal', code: 'BAD_INPUT', message: expect.stringContaining('3 bytes') })
  })

  it('whose handler throws are an error, and none where the node has closed under it', async () => {
    const told: string[] = []
    const note = (level: string) => (_: object, message: string): void => { if (message.includes('handler threw')) told.push(`${level}: ${message}`) }
    const [a, b] = [await network(), await network({ log: { ...silentLog, error: note('error'), debug: note('debug') } })]
    await a.dial(b.addresses()[0]!)
    b.handle(async () => { throw new Error('no luck') })
    await expect(a.request(b.peer, ping)).rejects.toThrow(/no luck/)
    const asked = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<never>()
    b.handle(async () => {
      asked.resolve()
      return await closed.promise
    })
    const late = expect(a.request(b.peer, ping)).rejects.toThrow()
    await asked.promise
    await b.close()
    await late
    closed.reject(new Error('the store is closed'))
    await new Promise(resolve => { setImmediate(resolve) })
    expect(told).toEqual(['error: The handler threw: no luck', 'debug: The handler threw while this node closed: the store is closed'])
  })

  it('are refused while too many handlers are at work', async () => {
    const b = await network()
    let release = (): void => {}
    const released = new Promise<void>(resolve => { release = resolve })
    let asked = 0
    let onAsked = (): void => {}
    b.handle(async () => { asked++; onAsked(); await released; return ack })
    const askers = await Promise.all(Array.from({ length: Math.ceil(MAX_HANDLERS / MAX_REQUESTS_PER_PEER) + 1 }, () => network()))
    await Promise.all(askers.map(asker => asker.dial(b.addresses()[0]!)))
    const full = new Promise<void>(resolve => { onAsked = () => { if (asked === MAX_HANDLERS) { resolve() } } })
    const pending = askers.slice(1).flatMap(asker => Array.from({ length: MAX_REQUESTS_PER_PEER }, () => asker.request(b.peer, ping)))
    await full
    await expect(askers[0]!.request(b.peer, ping)).rejects.toEqual(expect.objectContaining({ code: 'TRANSIENT' }))
    release()
    expect(await Promise.all(pending)).toEqual(pending.map(() => ack))
  }, 30_000)
})

describe('gossip', () => {
  const workers = topicName('local', 'workers')

  it('reaches every subscriber of a cluster of 15 on one host, through a hub', async () => {
    const hub = await network()
    hub.subscribe('workers', () => {})
    const others = await Promise.all(Array.from({ length: 14 }, () => network()))
    const heard = others.map(other => new Promise<string>(resolve => { other.subscribe('workers', resolve) }))
    const author = await network()
    await Promise.all([...others, author].map(other => other.dial(hub.addresses()[0]!)))
    await Promise.all([subscribed(hub.libp2p.services.pubsub, workers, 14), subscribed(author.libp2p.services.pubsub, workers, 1)])
    await author.publish('workers', heartbeat)
    expect(await Promise.all(heard)).toEqual(others.map(() => author.peer))
  }, 30_000)

  it('of hostile bytes, or of another cluster, is not delivered', async () => {
    const [a, b] = [await network(), await network()]
    const heard: Announcement[] = []
    const done = new Promise<void>(resolve => {
      b.subscribe('workers', (_from, announcement) => {
        heard.push(announcement)
        if (announcement.type === 'heartbeat' && announcement.slots === 7) { resolve() }
      })
    })
    await a.dial(b.addresses()[0]!)
    await subscribed(a.libp2p.services.pubsub, workers, 1)
    await a.libp2p.services.pubsub.publish(workers, Uint8Array.of(1, 2, 3))
    await a.libp2p.services.pubsub.publish(workers, new Uint8Array(100_000))
    await a.publish('workers', { ...heartbeat, cluster: 'other' })
    await a.publish('workers', { ...heartbeat, slots: 7 })
    await done
    expect(heard).toEqual([{ ...heartbeat, slots: 7 }])
  }, 20_000)

  it('of another cluster is not carried', async () => {
    const [a, b] = [await network(), await network({ cluster: 'other' })]
    a.subscribe('workers', () => {})
    await b.dial(a.addresses()[0]!)
    await a.request(b.peer, ping).catch(() => ack)
    b.subscribe('workers', () => {})
    b.subscribe('jobs', () => {})
    await new Promise(resolve => { a.libp2p.services.pubsub.addEventListener('gossipsub:heartbeat', resolve, { once: true }) })
    expect(a.libp2p.services.pubsub.getSubscribers(topicName('other', 'workers'))).toEqual([])
  }, 20_000)

  it('goes on when a listener throws', async () => {
    const errors: string[] = []
    const [a, b] = [await network(), await network({ log: { debug: () => {}, info: () => {}, warn: () => {}, error: (_fields, message) => { errors.push(message) } } })]
    b.subscribe('workers', () => { throw new Error('mine') })
    const heard = new Promise<string>(resolve => { b.subscribe('workers', resolve) })
    await a.dial(b.addresses()[0]!)
    await subscribed(a.libp2p.services.pubsub, workers, 1)
    await a.publish('workers', heartbeat)
    expect(await heard).toBe(a.peer)
    expect(errors).toEqual(['A listener of workers threw: mine'])
  }, 20_000)
})

describe('mDNS', () => {
  it('starts and stops where multicast may not work', async () => {
    const a = await network({ mdns: true })
    expect(a.addresses()).not.toEqual([])
    await a.close()
  })
})
