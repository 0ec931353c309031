import { describe, expect, it } from '@jest/globals'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { MAX_MESSAGE_BYTES, REQUEST_TIMEOUT_MS, type Announcement, type Message, type Network, type PeerEvent } from '@ipfs-mapreduce/protocol'
import { createClock } from '../clock.ts'
import { createRandom } from '../prng.ts'
import { createTrace } from './trace.ts'
import { createVirtualNetwork } from './virtual-network.ts'

const ack: Message = { type: 'ack' }
const question: Message = { type: 'statusQuery', job: 'j1' }
const advert: Announcement = { type: 'masterAdvert', cluster: 'local', addresses: ['/ip4/10.0.0.1/tcp/4510/p2p/a'] }

/** Peers a, b and c; a is connected to both. */
async function three (seed = 1) {
  const clock = createClock()
  const network = createVirtualNetwork({ clock, random: createRandom(seed) })
  const trace = createTrace(network)
  const [a, b, c] = ['a', 'b', 'c'].map(name => network.join(name)) as [Network, Network, Network]
  for (const peer of [a, b, c]) peer.handle(async () => ack)
  const events: Array<[string, PeerEvent]> = []
  const dials = [a.dial(network.address('b')), a.dial(network.address('c'))]
  await clock.advance(20)
  await Promise.all(dials)
  for (const peer of [a, b, c]) peer.onPeer(event => { events.push([peer.peer, event]) })
  return { clock, network, trace, a, b, c, events }
}

/** How a promise ends: its value, or the code of its error. */
function watch (promise: Promise<unknown>): { ended: unknown } {
  const state: { ended: unknown } = { ended: undefined }
  promise.then(value => { state.ended = value }, (error: unknown) => { state.ended = error instanceof MapReduceError ? error.code : error })
  return state
}

describe('virtual network', () => {
  it('asks and answers through the codec, in virtual time', async () => {
    const { clock, a, b } = await three()
    const asked: Array<[string, Message]> = []
    b.handle(async (from, message) => {
      asked.push([from, message])
      return { type: 'blocksHeld', held: [true, false] }
    })
    const message: Message = { type: 'blocksQuery', cids: ['bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'] }
    const answer = watch(a.request('b', message))
    const startMs = clock.now()
    await clock.runUntil(() => answer.ended !== undefined, 100)
    expect(answer.ended).toEqual({ type: 'blocksHeld', held: [true, false] })
    expect(asked).toEqual([['a', message]])
    expect(asked[0]![1]).not.toBe(message)
    expect(clock.now()).toBeGreaterThan(startMs)
  })

  it('refuses what the codec refuses, before it is sent', async () => {
    const { a, trace } = await three()
    await expect(a.request('b', { type: 'blocksQuery', cids: ['no cid'] })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(a.request('b', { type: 'attemptAborted', ref: { job: 'x'.repeat(MAX_MESSAGE_BYTES + 1), kind: 'map', task: 0, attempt: 1 }, reason: '' })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(trace.lines()).toEqual([])
  })

  it('dials addresses with and without a peer, and knows nobody by name alone', async () => {
    const { clock, network, b, c } = await three()
    const unknown = watch(b.request('c', ack))
    const nobody = watch(b.dial('/ip4/10.9.9.9/tcp/4510'))
    await clock.advance(20)
    expect([unknown.ended, nobody.ended]).toEqual(['UNREACHABLE', 'UNREACHABLE'])
    const dialled = watch(b.dial(network.address('c').replace(/\/p2p\/.*/, '')))
    await clock.advance(20)
    expect(dialled.ended).toBe('c')
    expect([b.connected('c'), c.connected('b')]).toEqual([true, true])
  })

  it('loses over a cut link in silence: the caller waits its whole timeout', async () => {
    const { clock, network, a, events } = await three()
    network.partition('a', 'b')
    const cut = watch(a.request('b', question))
    await clock.advance(REQUEST_TIMEOUT_MS - 1)
    expect(cut.ended).toBeUndefined()
    await clock.advance(1)
    expect(cut.ended).toBe('UNREACHABLE')
    expect(events).toEqual([])
    network.heal()
    const healed = watch(a.request('b', question))
    await clock.advance(20)
    expect(healed.ended).toEqual(ack)
  })

  it('delivers the request but not the answer over a link cut one way', async () => {
    const { clock, network, trace, a } = await three()
    network.cut('b', 'a')
    const cut = watch(a.request('b', question))
    await clock.advance(REQUEST_TIMEOUT_MS)
    expect(cut.ended).toBe('UNREACHABLE')
    expect(trace.lines().map(line => line.replace(/^\S+ /, ''))).toEqual(['a -> b statusQuery j1', 'b -x a ack of statusQuery j1 (cut)'])
  })

  it('tells of a crash and fails at once what waits for the dead', async () => {
    const { clock, network, a, b, events } = await three()
    b.handle(async () => await new Promise<Message>(() => {}))
    const waiting = watch(a.request('b', question))
    await clock.advance(20)
    network.crash('b')
    await clock.advance(20)
    expect(waiting.ended).toBe('UNREACHABLE')
    expect(events).toEqual([['a', { type: 'disconnected', peer: 'b' }]])
    expect(network.present('b')).toBe(false)
    const refused = watch(a.request(network.address('b'), question))
    await clock.advance(20)
    expect(refused.ended).toBe('UNREACHABLE')
  })

  it('lets nothing of a crashed process run on', async () => {
    const { clock, network, a, trace } = await three()
    const pending = watch(a.request('b', question))
    network.crash('a')
    const after = watch(a.request(network.address('b'), question))
    await a.publish('masters', advert)
    const before = trace.lines().length
    await clock.advance(2 * REQUEST_TIMEOUT_MS)
    expect([pending.ended, after.ended]).toEqual([undefined, undefined])
    expect(trace.lines().slice(before).filter(line => line.includes('b -> a') || line.includes('a -> c'))).toEqual([])
  })

  it('takes a crashed peer back under its address, as a new process', async () => {
    const { clock, network, a, events } = await three()
    const address = network.address('b')
    network.partition('a', 'b')
    network.crash('b')
    await clock.advance(20)
    network.heal()
    expect(() => network.join('a')).toThrow('is there already')
    const again = network.join('b')
    again.handle(async () => ({ type: 'jobAccepted', job: 'j2' }))
    expect(network.address('b')).toBe(address)
    // The crash was not noticed over the cut: the first request finds the dead connection, the second dials.
    const first = watch(a.request('b', question))
    await clock.advance(20)
    const second = watch(a.request('b', question))
    await clock.advance(20)
    expect([first.ended, second.ended]).toEqual(['UNREACHABLE', { type: 'jobAccepted', job: 'j2' }])
    expect(events).toEqual([['a', { type: 'disconnected', peer: 'b' }], ['a', { type: 'connected', peer: 'b' }]])
  })

  it('spreads gossip through subscribers, once to each, and not to its source', async () => {
    const { clock, a, b, c } = await three()
    const heard: string[] = []
    for (const peer of [a, b, c]) peer.subscribe('masters', (from, { type }) => { heard.push(`${peer.peer} heard ${type} of ${from}`) })
    b.subscribe('jobs', () => { heard.push('another topic') })
    await b.publish('masters', advert)
    await clock.advance(20)
    expect(heard.sort()).toEqual(['a heard masterAdvert of b', 'c heard masterAdvert of b'])
  })

  it('lets faults drop, delay and repeat what they name', async () => {
    const { clock, network, trace, a, b } = await three()
    let heard = 0
    b.subscribe('masters', () => { heard++ })
    const lift = network.intercept(({ cargo }) => {
      if (cargo.kind === 'request') return { drop: true }
      return cargo.kind === 'gossip' ? { copies: 2, delayMs: 1000 } : undefined
    })
    const dropped = watch(a.request('b', question))
    await a.publish('masters', advert)
    await clock.advance(1000)
    expect(heard).toBe(0)
    await clock.advance(20)
    expect(heard).toBe(3)
    await clock.advance(REQUEST_TIMEOUT_MS)
    expect(dropped.ended).toBe('UNREACHABLE')
    expect(trace.lines()[0]).toMatch(/a -x b statusQuery j1 \(dropped\)$/)
    lift()
    const passed = watch(a.request('b', question))
    await clock.advance(20)
    expect(passed.ended).toEqual(ack)
  })

  it('gives the same trace for the same seed, and another for another', async () => {
    const run = async (seed: number): Promise<readonly string[]> => {
      const { clock, trace, a, b, c } = await three(seed)
      for (const peer of [b, c]) peer.subscribe('masters', () => { watch(peer.request('a', question)) })
      for (let i = 0; i < 20; i++) await a.publish('masters', advert)
      await clock.advance(100)
      return trace.lines()
    }
    expect(await run(3)).toEqual(await run(3))
    expect(await run(3)).not.toEqual(await run(4))
    expect((await run(3)).length).toBe(20 * 2 * 3)
  })

  it('mends one cut and leaves another', async () => {
    const { clock, network, a } = await three()
    const mend = network.partition('a', ['b', 'c'])
    network.cut('c', 'a')
    mend()
    expect([network.cutOff('a', 'b'), network.cutOff('a', 'c')]).toEqual([false, true])
    const [toB, toC] = [watch(a.request('b', question)), watch(a.request('c', question))]
    await clock.advance(REQUEST_TIMEOUT_MS)
    expect([toB.ended, toC.ended]).toEqual([ack, 'UNREACHABLE'])
  })

  it('breaks the connection of a message that is damaged, on either way', async () => {
    for (const kind of ['request', 'answer']) {
      const { clock, network, a, b, events } = await three()
      let asked = 0
      b.handle(async () => {
        asked++
        return ack
      })
      const stop = network.intercept(({ cargo }) => cargo.kind === kind ? { damage: 0.3 } : undefined)
      const answer = watch(a.request('b', question))
      await clock.advance(30)
      expect({ kind, ended: answer.ended, asked }).toEqual({ kind, ended: 'UNREACHABLE', asked: kind === 'request' ? 0 : 1 })
      expect(events.filter(([, { type }]) => type === 'disconnected').map(([peer, { peer: other }]) => `${peer} ${other}`).sort()).toEqual(['a b', 'b a'])
      stop()
      const again = watch(a.request('b', question))
      await clock.advance(30)
      expect(again.ended).toEqual(ack)
    }
  })

  it('hands a damaged announcement to the decoder, which refuses it or reads another', async () => {
    const { clock, network, a, b } = await three()
    const heard: Announcement[] = []
    b.subscribe('masters', (_, announcement) => { heard.push(announcement) })
    const damages = Array.from({ length: 64 }, (_, i) => i / 64)
    network.intercept(({ cargo }) => cargo.kind === 'gossip' ? { damage: damages.shift()! } : undefined)
    for (let i = 0; i < 64; i++) {
      await a.publish('masters', advert)
      await clock.advance(20)
    }
    expect(heard.length).toBeLessThan(64)
    expect(heard).toContainEqual({ ...advert, cluster: expect.not.stringMatching(/^local$/) })
  })
})
