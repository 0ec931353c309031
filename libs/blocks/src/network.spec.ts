import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { MISSING, PATIENT_MS, all, collect, failure, peers } from './peers.spec.support.ts'
import type { Peer } from './peers.spec.support.ts'

const CHUNK = 16 * 1024
/** The smallest, for files of many leaves. */
const SMALL = 1024
/** Past one window, so that a transfer is under way when its first bytes are read. */
const LARGE_BYTES = 12 * 1024 * 1024
/** Far below every timeout. */
const AT_ONCE_MS = 1_500
/** How soon a lost provider must be noticed. */
const SOON_MS = 3_000
/** Nothing listens here: the port is reserved. */
const NOWHERE = '/ip4/127.0.0.1/tcp/1/p2p/12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq'

describe('content over the network', () => {
  let cluster: ReturnType<typeof peers>
  let a: Peer
  let b: Peer
  beforeEach(async () => {
    cluster = peers()
    a = await cluster.peer()
    b = await cluster.peer()
  })
  afterEach(async () => { await cluster.stop() })

  it('comes from a provider that is not connected yet, and is kept', async () => {
    const bytes = randomBytes(50 * CHUNK + 1)
    const { cid } = await a.files.add([bytes], { chunkBytes: CHUNK })
    const { blocks, bytes: moved } = await b.files.fetch(cid, { providers: a.addresses })
    expect(blocks).toBe(52)
    expect(moved).toBeGreaterThan(bytes.byteLength)
    await a.libp2p.stop()
    expect(bytes.equals(await collect(b.files.read(cid)))).toBe(true)
  })

  it('comes from whoever is connected, without a hint', async () => {
    const { cid } = await a.files.add([randomBytes(100)])
    await b.libp2p.dial(a.libp2p.getMultiaddrs())
    expect((await b.files.fetch(cid)).blocks).toBe(1)
  })

  it('moves only the blocks of a range', async () => {
    const bytes = randomBytes(2100 * SMALL)
    const { cid } = await a.files.add([bytes], { chunkBytes: SMALL })
    // 2,100 leaves lie below three nodes below a root: the range needs two leaves, one node and the root.
    expect((await b.files.fetch(cid, { offset: 1500 * SMALL - 1, length: 2, providers: a.addresses })).blocks).toBe(4)
    const range = { offset: 5 * SMALL + 3, length: SMALL, providers: a.addresses }
    expect(bytes.subarray(range.offset, range.offset + range.length).equals(await collect(b.files.read(cid, range)))).toBe(true)
  })

  it('is put together from providers that each have a part', async () => {
    const bytes = randomBytes(60 * CHUNK)
    const { cid } = await a.files.add([bytes], { chunkBytes: CHUNK })
    const c = await cluster.peer()
    await c.files.fetch(cid, { length: 30 * CHUNK, providers: a.addresses })
    const leaves: string[] = []
    for await (const leaf of a.files.leaves(cid)) leaves.push(leaf.cid)
    for (const leaf of leaves.slice(0, 30)) await a.files.remove(leaf)
    expect(bytes.equals(await collect(b.files.read(cid, { providers: [...a.addresses, ...c.addresses] })))).toBe(true)
  })

  it('of one raw block is not fetched to tell its leaf, where its size is known', async () => {
    const { cid } = await a.files.add([randomBytes(100)])
    expect(await all(b.files.leaves(cid, { bytes: 100, providers: a.addresses }))).toEqual([{ cid, offset: 0, bytes: 100 }])
    expect(await b.files.has([cid])).toEqual([false])
  })

  it('is moved once for two who want it at a time', async () => {
    const { cid } = await a.files.add([randomBytes(20 * CHUNK)], { chunkBytes: CHUNK })
    const reads = [b.files.read(cid, { providers: a.addresses }), b.files.read(cid, { providers: a.addresses })].map(collect)
    const [one, two] = await Promise.all(reads)
    expect(one?.equals(two!)).toBe(true)
  })

  it('comes again, at once, after it was removed', async () => {
    const { cid } = await a.files.add([randomBytes(20 * CHUNK)], { chunkBytes: CHUNK })
    for (let i = 0; i < 3; i++) {
      const start = performance.now()
      expect((await b.files.fetch(cid, { providers: a.addresses })).blocks).toBe(21)
      expect(performance.now() - start).toBeLessThan(PATIENT_MS / 4)
      await b.files.remove(cid)
    }
  })

  it('is pinned where it was not before', async () => {
    const { cid } = await a.files.add([randomBytes(20 * CHUNK)], { chunkBytes: CHUNK })
    expect((await b.files.pin(cid, { providers: a.addresses })).blocks).toBe(21)
    await b.files.remove(cid)
    expect(await b.files.has([cid])).toEqual([true])
  })

  describe('when it cannot be had', () => {
    it('fails at once where nobody is known', async () => {
      const { error, ms } = await failure(b.files.fetch(MISSING))
      expect(error).toMatchObject({ name: 'MapReduceError', code: 'BLOCK_UNAVAILABLE' })
      expect(error.message).toContain(MISSING)
      expect(ms).toBeLessThan(AT_ONCE_MS)
    })

    it('fails at once, and as soon the next time, where those asked do not have it', async () => {
      for (let i = 0; i < 2; i++) {
        const { error, ms } = await failure(b.files.fetch(MISSING, { providers: a.addresses }))
        expect(error).toMatchObject({ code: 'BLOCK_UNAVAILABLE' })
        expect(error.message).toContain(MISSING)
        expect(error.message).toContain(`${a.libp2p.peerId} does not have it`)
        expect(ms).toBeLessThan(AT_ONCE_MS)
      }
    })

    it('comes from the one who gets it later', async () => {
      const bytes = Buffer.from('nobody has this')
      await failure(b.files.fetch(MISSING, { providers: a.addresses }))
      expect(await a.files.put([bytes])).toEqual({ cid: MISSING, bytes: bytes.byteLength })
      expect(bytes.equals(await collect(b.files.read(MISSING, { providers: a.addresses })))).toBe(true)
    })

    it('fails at once where a provider cannot be reached', async () => {
      const { error, ms } = await failure(b.files.fetch(MISSING, { providers: [NOWHERE] }))
      expect(error).toMatchObject({ code: 'BLOCK_UNAVAILABLE' })
      expect(error.message).toMatch(/12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq cannot be reached: .*ECONNREFUSED/)
      expect(ms).toBeLessThan(AT_ONCE_MS)
    })

    it('comes from the provider that can be reached', async () => {
      const { cid } = await a.files.add([randomBytes(10 * CHUNK)], { chunkBytes: CHUNK })
      const { blocks } = await b.files.fetch(cid, { providers: [NOWHERE, 'no address', '/ip4/127.0.0.1/tcp/1', ...a.addresses] })
      expect(blocks).toBe(11)
    })

    it('fails soon when the provider stops in the middle', async () => {
      const { cid } = await a.files.add([randomBytes(LARGE_BYTES)], { chunkBytes: 256 * 1024 })
      const read = b.files.read(cid, { providers: a.addresses })[Symbol.asyncIterator]()
      await read.next()
      await a.libp2p.stop()
      const rest = async (): Promise<void> => { while (!(await read.next()).done) continue }
      const { error, ms } = await failure(rest())
      expect(error).toMatchObject({ code: 'BLOCK_UNAVAILABLE' })
      expect(error.message).toContain(`${a.libp2p.peerId}`)
      expect(ms).toBeLessThan(SOON_MS)
    })

    it('goes on with another provider when one stops in the middle', async () => {
      const bytes = randomBytes(LARGE_BYTES)
      const { cid } = await a.files.add([bytes], { chunkBytes: 256 * 1024 })
      const c = await cluster.peer()
      await c.files.add([bytes], { chunkBytes: 256 * 1024 })
      const read = b.files.read(cid, { providers: [...a.addresses, ...c.addresses] })[Symbol.asyncIterator]()
      const pieces = [(await read.next()).value as Uint8Array]
      await a.libp2p.stop()
      for (let next = await read.next(); next.done !== true; next = await read.next()) pieces.push(next.value)
      expect(bytes.equals(Buffer.concat(pieces))).toBe(true)
    })

    it('goes on when a connection is lost and its peer is not', async () => {
      const bytes = randomBytes(LARGE_BYTES)
      const { cid } = await a.files.add([bytes], { chunkBytes: 256 * 1024 })
      const read = b.files.read(cid, { providers: a.addresses })[Symbol.asyncIterator]()
      const pieces = [(await read.next()).value as Uint8Array]
      for (const connection of b.libp2p.getConnections(a.libp2p.peerId)) connection.abort(new Error('the cable was pulled'))
      for (let next = await read.next(); next.done !== true; next = await read.next()) pieces.push(next.value)
      expect(bytes.equals(Buffer.concat(pieces))).toBe(true)
    })
  })

  describe('when a peer is silent', () => {
    const IMPATIENT_MS = 1_000
    let b: Peer
    beforeEach(async () => { b = await cluster.peer({ blockTimeoutMs: IMPATIENT_MS }) })

    /** A peer that takes every bitswap message and answers none. */
    const mute = async (): Promise<string[]> => {
      const node = await cluster.node()
      await node.handle('/ipfs/bitswap/1.2.0', stream => { stream.addEventListener('message', () => {}) })
      return node.getMultiaddrs().map(address => `${address}`)
    }

    it('fails at the deadline, naming it', async () => {
      const [address] = await mute()
      const { error, ms } = await failure(b.files.fetch(MISSING, { providers: [address!] }))
      expect(error).toMatchObject({ code: 'BLOCK_UNAVAILABLE' })
      expect(error.message).toContain(`${address!.split('/p2p/')[1]} did not answer`)
      expect(ms).toBeGreaterThan(IMPATIENT_MS * 0.9)
      expect(ms).toBeLessThan(IMPATIENT_MS * 3)
    })

    it('asks another one before that', async () => {
      const { cid } = await a.files.add([randomBytes(10 * CHUNK)], { chunkBytes: CHUNK })
      expect((await b.files.fetch(cid, { providers: [...await mute(), ...a.addresses] })).blocks).toBe(11)
    })

    it('ends with its caller\'s signal', async () => {
      const providers = await mute()
      const controller = new AbortController()
      const fetching = failure(b.files.fetch(MISSING, { providers, signal: controller.signal }))
      controller.abort()
      expect((await fetching).error).toMatchObject({ code: 'ABORTED' })
      expect((await failure(b.files.fetch(MISSING, { providers, signal: AbortSignal.timeout(50) }))).error).toMatchObject({ code: 'TIMEOUT' })
    })

    it('ends when the files are stopped', async () => {
      const fetching = failure(b.files.fetch(MISSING, { providers: await mute() }))
      await new Promise(setImmediate)
      await b.files.stop()
      expect((await fetching).error).toMatchObject({ code: 'ABORTED' })
    })
  })

  it('is not fetched on behind a reader that stopped', async () => {
    const { cid } = await a.files.add([randomBytes(LARGE_BYTES)], { chunkBytes: 256 * 1024 })
    const { cid: next } = await a.files.add([randomBytes(100)])
    const leaves = await all(a.files.leaves(cid))
    for await (const bytes of b.files.read(cid, { providers: a.addresses })) {
      expect(bytes.byteLength).toBe(256 * 1024)
      break
    }
    // What was on its way when the reader stopped comes before what is asked for afterwards.
    await b.files.fetch(next, { providers: a.addresses })
    expect((await b.files.has(leaves.map(leaf => leaf.cid))).filter(held => held).length).toBeLessThan(leaves.length)
  })

  it('comes to one who asks again after an abort', async () => {
    const { cid } = await a.files.add([randomBytes(LARGE_BYTES)], { chunkBytes: 256 * 1024 })
    const controller = new AbortController()
    const read = b.files.read(cid, { providers: a.addresses, signal: controller.signal })[Symbol.asyncIterator]()
    await read.next()
    controller.abort()
    await failure((async () => { while (!(await read.next()).done) continue })())
    const start = performance.now()
    expect((await collect(b.files.read(cid, { providers: a.addresses }))).byteLength).toBe(LARGE_BYTES)
    expect(performance.now() - start).toBeLessThan(SOON_MS)
  })
})
