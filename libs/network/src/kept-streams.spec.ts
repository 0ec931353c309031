import { afterEach, describe, expect, it } from '@jest/globals'
import type { Stream } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { decodeMessage, encodeMessage, PROTOCOL_ID } from '@ipfs-mapreduce/protocol'
import type { Message } from '@ipfs-mapreduce/protocol'
import { Conduct } from './conduct.ts'
import { KEPT_STREAMS_PER_PEER } from './constants.ts'
import { createNetwork } from './create-network.ts'
import { Dialler } from './dialler.ts'
import { KeptStreams } from './kept-streams.ts'
import { Requester } from './requester.ts'
import type { Libp2pNetwork, NetworkInit } from './create-network.ts'

const made: Libp2pNetwork[] = []
const ping: Message = { type: 'statusQuery' }
const named = (job: string): Message => ({ type: 'jobAccepted', job })

async function network (init: Partial<NetworkInit> = {}): Promise<Libp2pNetwork> {
  const one = await createNetwork({ cluster: 'local', ...init })
  made.push(one)
  return one
}

function streamsOf ({ libp2p }: Libp2pNetwork): Stream[] {
  return libp2p.getConnections().flatMap(connection => connection.streams).filter(stream => stream.protocol === PROTOCOL_ID)
}

async function until (holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => { setImmediate(resolve) })
}

afterEach(async () => { await Promise.all(made.splice(0).map(one => one.close())) }, 20_000)

describe('a stream whose exchange is over', () => {
  it('is used for the next one, by each side its own', async () => {
    const [a, b] = [await network(), await network()]
    a.handle(async () => named('a'))
    b.handle(async () => named('b'))
    await a.dial(b.addresses()[0]!)
    for (let i = 0; i < 10; i++) {
      expect(await a.request(b.peer, ping)).toEqual(named('b'))
      expect(await b.request(a.peer, ping)).toEqual(named('a'))
    }
    expect(streamsOf(a)).toHaveLength(2)
    expect(streamsOf(b)).toHaveLength(2)
  })

  it('is one of few that stay, however many there were', async () => {
    const [a, b] = [await network(), await network()]
    const all = Promise.withResolvers<void>()
    let asked = 0
    b.handle(async () => {
      if (++asked === 3 * KEPT_STREAMS_PER_PEER) all.resolve()
      await all.promise
      return named(`${asked}`)
    })
    await a.dial(b.addresses()[0]!)
    await Promise.all(Array.from({ length: 3 * KEPT_STREAMS_PER_PEER }, async () => await a.request(b.peer, ping)))
    await until(() => streamsOf(a).length === KEPT_STREAMS_PER_PEER && streamsOf(b).length === KEPT_STREAMS_PER_PEER)
  })

  it('ends on both sides when nobody has used it for a while', async () => {
    const [a, b] = [await network(), await network()]
    b.handle(async () => named('one'))
    await a.dial(b.addresses()[0]!)
    const requester = new Requester(new Dialler(a.libp2p), 1_000, new Conduct({ nowMs: () => 0, onBanned: () => {} }), new KeptStreams(20))
    for (let i = 0; i < 3; i++) {
      expect(await requester.request(b.peer, ping)).toEqual(named('one'))
      await until(() => streamsOf(a).length === 0 && streamsOf(b).length === 0)
    }
    requester.close()
  })

  it('ends on both sides when either one closes', async () => {
    const [a, b] = [await network(), await network()]
    b.handle(async () => named('one'))
    await a.dial(b.addresses()[0]!)
    const requester = new Requester(new Dialler(a.libp2p), 1_000, new Conduct({ nowMs: () => 0, onBanned: () => {} }))
    await requester.request(b.peer, ping)
    expect(streamsOf(b)).toHaveLength(1)
    requester.close()
    await until(() => streamsOf(a).length === 0 && streamsOf(b).length === 0)
    await a.request(b.peer, ping)
    const [stream] = streamsOf(a)
    await b.close()
    await until(() => stream!.status !== 'open')
  })

  it('is not used where its answer was not waited for: no request has the answer of another one', async () => {
    const [a, b] = [await network(), await network()]
    const slow = Promise.withResolvers<Message>()
    const asked = Promise.withResolvers<void>()
    b.handle(async (_, message) => {
      if (message.type !== 'cancelJob') return named('another')
      asked.resolve()
      return await slow.promise
    })
    await a.dial(b.addresses()[0]!)
    const impatient = new AbortController()
    const given = expect(a.request(b.peer, { type: 'cancelJob', job: 'j', reason: 'none' }, { signal: impatient.signal })).rejects.toMatchObject({ code: 'ABORTED' })
    await asked.promise
    impatient.abort()
    await given
    slow.resolve(named('late'))
    for (let i = 0; i < 5; i++) expect(await a.request(b.peer, ping)).toEqual(named('another'))
  })

  it('is not used where its peer has ended it: one that answers once and ends its side is asked on another stream', async () => {
    const [a, b] = [await network(), await network()]
    await b.libp2p.unhandle(PROTOCOL_ID)
    let streams = 0
    await b.libp2p.handle(PROTOCOL_ID, async stream => {
      const frames = lpStream(stream)
      await frames.read()
      await frames.write(encodeMessage(named(`${++streams}`)))
      await stream.close()
    })
    await a.dial(b.addresses()[0]!)
    for (const job of ['1', '2', '3']) {
      expect(await a.request(b.peer, ping)).toEqual(named(job))
      await until(() => streamsOf(a).every(stream => stream.remoteWriteStatus === 'closed'))
    }
  })

  it('need not stay: who ends its side after asking has its answer, and the stream ends', async () => {
    const [a, b] = [await network(), await network()]
    b.handle(async () => named('one'))
    const stream = await a.libp2p.dialProtocol(multiaddr(b.addresses()[0]!), PROTOCOL_ID)
    const frames = lpStream(stream)
    await frames.write(encodeMessage(ping))
    await stream.close()
    expect(decodeMessage((await frames.read()).subarray())).toEqual(named('one'))
    await until(() => streamsOf(b).length === 0)
  })

  it('is reset where what comes next is no request', async () => {
    const [a, b] = [await network(), await network()]
    b.handle(async () => named('one'))
    const stream = await a.libp2p.dialProtocol(multiaddr(b.addresses()[0]!), PROTOCOL_ID)
    const frames = lpStream(stream)
    await frames.write(encodeMessage(ping))
    await frames.read()
    // A message of more than MAX_MESSAGE_BYTES is announced.
    stream.send(Uint8Array.of(0x81, 0x80, 0x80, 0x02))
    await until(() => stream.status === 'reset')
    expect(b.offences()).toMatchObject({ oversized: 1 })
  })

  it('carries many at once, one after another on each, without mixing them up', async () => {
    const [a, b] = [await network(), await network()]
    b.handle(async (_, message) => {
      for (let turns = message.type === 'cancelJob' ? message.job.length : 0; turns > 0; turns--) await new Promise(resolve => { setImmediate(resolve) })
      return named(message.type === 'cancelJob' ? message.job : 'other')
    })
    await a.dial(b.addresses()[0]!)
    const jobs = Array.from({ length: 400 }, (_, i) => `${'x'.repeat(i * 7 % 13)}-${i}`)
    expect(await Promise.all(jobs.map(async job => await a.request(b.peer, { type: 'cancelJob', job, reason: 'none' })))).toEqual(jobs.map(named))
  })
})
