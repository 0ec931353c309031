import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { CID } from 'multiformats/cid'
import { CREDIT_BYTES, MAX_READ_AHEAD, MAX_STREAM_WANTS, RIDE_BYTES } from './constants.ts'
import { DATA_PROTOCOL_ID, answerDecoder, askDecoder, blockHeader, creditFrame, wantFrame } from './data-frames.ts'
import { GivingStream } from './giving-stream.ts'
import { silent } from './log.ts'
import { collect, failure, peers } from './peers.spec.support.ts'
import { MEMORY, openStore } from './store.ts'
import { piecesOfMessage } from './stream-message.ts'
import type { Answer, Ask } from './data-frames.ts'
import type { Peer } from './peers.spec.support.ts'
import type { Libp2p, Stream } from '@libp2p/interface'

const KIB = 1024
/** A peer that is silent for a third of it is left for another one. */
const IMPATIENT_MS = 4_500
/** For tests that move many blocks, on a machine that does much else. */
const BUSY_MS = 20_000
/** Below that third. */
const AT_ONCE_MS = 1_400

let cluster: ReturnType<typeof peers>
beforeEach(() => { cluster = peers() })
afterEach(async () => { await cluster.stop() })

const runs = async (holder: Peer, count: number, bytes: number): Promise<string[]> => {
  const cids: string[] = []
  for (let i = 0; i < count; i++) cids.push((await holder.files.put([randomBytes(bytes)])).cid)
  return cids
}
const without = async (node: Libp2p, protocol: string): Promise<void> => {
  await node.unhandle(node.getProtocols().filter(id => id.startsWith(protocol)))
}

describe('the data stream', () => {
  let holder: Peer
  let reader: Peer
  beforeEach(async () => {
    holder = await cluster.peer()
    reader = await cluster.peer({ blockTimeoutMs: IMPATIENT_MS })
  })
  const fetchAll = async (cids: string[], ...holders: Peer[]): Promise<number> => {
    const providers = holders.flatMap(({ addresses }) => addresses)
    const fetched = await Promise.all(cids.map(async cid => await reader.files.fetch(cid, { providers })))
    return fetched.reduce((sum, { blocks }) => sum + blocks, 0)
  }

  it('brings more blocks than may be wanted at once, on one stream, where there is no bitswap', async () => {
    await without(holder.libp2p, '/ipfs/bitswap')
    // Each fetch has 256 blocks under way: together they have more than a stream may.
    const cids = await Promise.all(Array.from({ length: 6 }, async () => (await holder.files.add([randomBytes(256 * KIB)], { chunkBytes: KIB })).cid))
    expect(await fetchAll(cids, holder)).toBeGreaterThan(1.25 * MAX_STREAM_WANTS)
    for (const cid of cids) expect((await collect(reader.files.read(cid))).byteLength).toBe(256 * KIB)
    expect(reader.libp2p.getConnections().flatMap(({ streams }) => streams).filter(({ protocol }) => protocol === DATA_PROTOCOL_ID)).toHaveLength(1)
  }, BUSY_MS)

  it('brings files of many blocks, past its credit', async () => {
    await without(holder.libp2p, '/ipfs/bitswap')
    const bytes = randomBytes(2 * CREDIT_BYTES)
    const { cid } = await holder.files.put([bytes])
    expect(bytes.equals(await collect(reader.files.read(cid, { providers: holder.addresses })))).toBe(true)
  }, BUSY_MS)

  it('leaves it to bitswap where a peer does not speak it', async () => {
    await without(holder.libp2p, DATA_PROTOCOL_ID)
    expect(await fetchAll(await runs(holder, 20, 1000), holder)).toBe(20)
  })

  it('says what a holder does not have, and another one is asked', async () => {
    await without(holder.libp2p, '/ipfs/bitswap')
    const other = await cluster.peer()
    const cids = await runs(other, 20, 1000)
    const start = performance.now()
    expect(await fetchAll(cids, holder, other)).toBe(20)
    expect(performance.now() - start).toBeLessThan(AT_ONCE_MS)
    const { error } = await failure(reader.files.fetch((await runs(reader, 1, 10))[0]!.replace(/.{4}$/, 'aaaa'), { providers: holder.addresses }))
    expect(error).toMatchObject({ code: 'BLOCK_UNAVAILABLE', message: expect.stringContaining(`${holder.libp2p.peerId} does not have it`) })
  })

  it('ends a fetch whose block cannot be stored, and goes on with the next', async () => {
    const [one, two] = await runs(holder, 2, 1000)
    const store = await openStore(MEMORY)
    const full = await cluster.peer({ store })
    const cache = store.blockstore.cache.bind(store.blockstore)
    store.blockstore.cache = async () => { throw new MapReduceError('STORAGE', 'no space is left') }
    expect((await failure(full.files.fetch(one!, { providers: holder.addresses }))).error).toMatchObject({ code: 'STORAGE' })
    store.blockstore.cache = cache
    expect((await full.files.fetch(two!, { providers: holder.addresses })).blocks).toBe(1)
  })

  describe('of a holder that does harm', () => {
    /** A holder of everything that `blocks` has, whose data stream is what `give` makes of it. */
    const holderThat = async (give: (stream: Stream, ask: Ask & { type: 'want' }, blocks: Peer) => void): Promise<Peer> => {
      const peer = await cluster.peer()
      await without(peer.libp2p, DATA_PROTOCOL_ID)
      await peer.libp2p.handle(DATA_PROTOCOL_ID, stream => {
        const asks = askDecoder()
        stream.addEventListener('message', ({ data }) => {
          for (const piece of piecesOfMessage(data)) asks.push(piece)
          for (let ask = asks.next(); ask !== undefined; ask = asks.next()) if (ask.type === 'want') give(stream, ask, peer)
        })
      })
      return peer
    }
    const falsehood = Buffer.from('not what was asked for')
    const lie = (stream: Stream): void => { stream.send(Buffer.concat([blockHeader(falsehood.byteLength), falsehood])) }

    it('refuses wrong bytes, and asks another', async () => {
      const liar = await holderThat(lie)
      const cids = await runs(holder, 10, 1000)
      await reader.libp2p.dial(liar.libp2p.getMultiaddrs())
      const start = performance.now()
      expect(await fetchAll(cids, liar, holder)).toBe(10)
      expect(performance.now() - start).toBeLessThan(AT_ONCE_MS)
      for (const cid of cids) expect((await collect(reader.files.read(cid))).byteLength).toBe(1000)
    })

    it('says so where there is no other', async () => {
      const liar = await holderThat(lie)
      const { error, ms } = await failure(reader.files.fetch((await runs(holder, 1, 1000))[0]!, { providers: liar.addresses }))
      expect(error).toMatchObject({ code: 'BLOCK_UNAVAILABLE', message: expect.stringContaining(`${liar.libp2p.peerId} sent bytes that are not its`) })
      expect(ms).toBeLessThan(AT_ONCE_MS)
    })

    it.each([
      ['breaks its stream off', (stream: Stream) => { stream.abort(new Error('no more')) }],
      ['ends its stream', (stream: Stream) => { void stream.close() }],
      ['sends what is no frame', (stream: Stream) => { stream.send(Uint8Array.of(0)) }],
      ['sends a block that is too large', (stream: Stream) => { stream.send(blockHeader(1e9)) }],
      ['is silent', () => {}]
    ])('goes on by bitswap where it %s', async (_, give) => {
      const peer = await holderThat(give)
      const cids = await runs(peer, 10, 1000)
      const start = performance.now()
      expect(await fetchAll(cids, peer)).toBe(10)
      // A silent stream costs its patience once, not for each block.
      expect(performance.now() - start).toBeLessThan(IMPATIENT_MS)
    })

    it('resets a stream that answers what was not asked', async () => {
      const peer = await holderThat(stream => {
        lie(stream)
        lie(stream)
      })
      await failure(reader.files.fetch((await runs(holder, 1, 1000))[0]!, { providers: peer.addresses }))
      expect(reader.libp2p.getConnections(peer.libp2p.peerId).flatMap(({ streams }) => streams).filter(({ protocol }) => protocol === DATA_PROTOCOL_ID)).toEqual([])
    })

    it('costs one wait where it hangs with all that it was asked for', async () => {
      const dead = await cluster.node()
      for (const protocol of [DATA_PROTOCOL_ID, '/ipfs/bitswap/1.2.0']) await dead.handle(protocol, stream => { stream.addEventListener('message', () => {}) })
      const cids = await runs(holder, 40, 1000)
      await reader.libp2p.dial(dead.getMultiaddrs())
      const providers = [...dead.getMultiaddrs().map(address => `${address}`), ...holder.addresses]
      const start = performance.now()
      await Promise.all(cids.map(async cid => { await reader.files.fetch(cid, { providers }) }))
      expect(performance.now() - start).toBeLessThan(IMPATIENT_MS)
    })
  })
})

describe('a holder on the data stream', () => {
  const IDLE_MS = 400

  /** A holder whose reads and writes are counted, and a stream to it. */
  const open = async (count: number, bytes: number): Promise<{ cids: CID[], stream: Stream, reads: () => number, writes: number[], ended: Promise<unknown>, answers: Answer[], answered: (count: number) => Promise<void> }> => {
    const holder = await cluster.peer()
    const reader = await cluster.node()
    const cids = (await runs(holder, count, bytes)).map(cid => CID.parse(cid))
    const writes: number[] = []
    let reads = 0
    const blockstore = { get: (cid: CID) => {
      reads++
      return holder.store.blockstore.get(cid)
    } }
    await holder.libp2p.handle('/counted', stream => {
      const send = stream.send.bind(stream)
      stream.send = bytes => {
        writes.push(bytes.byteLength)
        return send(bytes)
      }
      void new GivingStream(stream, { blockstore, log: silent, idleMs: IDLE_MS }).run()
    })
    const stream = await reader.dialProtocol(holder.libp2p.getMultiaddrs(), '/counted')
    const decoder = answerDecoder()
    const answers: Answer[] = []
    const waiting = new Set<() => void>()
    stream.addEventListener('message', ({ data }) => {
      for (const piece of piecesOfMessage(data)) decoder.push(piece)
      for (let answer = decoder.next(); answer !== undefined; answer = decoder.next()) answers.push(answer)
      for (const wake of waiting) wake()
    })
    const answered = async (count: number): Promise<void> => {
      while (answers.length < count) await new Promise<void>(resolve => { waiting.add(resolve) })
    }
    return { cids, stream, reads: () => reads, writes, ended: once(stream, 'close'), answers, answered }
  }

  it('lets small blocks ride together, and answers in the order of wants', async () => {
    const { cids, stream, writes, answers, answered } = await open(500, KIB)
    stream.send(Buffer.concat([creditFrame(CREDIT_BYTES), ...cids.map(wantFrame)]))
    await answered(500)
    expect(answers.every(answer => answer.type === 'block' && answer.bytes.byteLength === KIB)).toBe(true)
    expect(writes.length).toBeLessThanOrEqual(Math.ceil(500 * KIB / RIDE_BYTES) + 5)
  })

  it('sends no more than its reader has credit for, and a block at most above', async () => {
    const { cids, stream, reads, writes, answered } = await open(30, 100 * KIB)
    stream.send(Buffer.concat([creditFrame(250 * KIB), ...cids.map(wantFrame)]))
    await answered(3)
    expect(writes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(301 * KIB)
    expect(reads()).toBeLessThanOrEqual(3 + MAX_READ_AHEAD)
    stream.send(creditFrame(CREDIT_BYTES))
    await answered(30)
  })

  it('reads no further than its reader takes, and leaves one that takes nothing', async () => {
    const { cids, stream, reads, ended } = await open(40, 1024 * KIB)
    stream.pause()
    stream.send(Buffer.concat([creditFrame(1e9), ...cids.map(wantFrame)]))
    expect(await ended).toMatchObject([{ type: 'close' }])
    expect(reads()).toBeLessThan(20)
  }, BUSY_MS)

  it('leaves one that asks for nothing', async () => {
    const { stream, ended } = await open(0, 0)
    stream.send(creditFrame(1))
    await ended
    expect(stream.status).toBe('reset')
  })

  it('ends the stream when its reader has, after the last answer', async () => {
    const { cids, stream, answers, ended } = await open(3, KIB)
    stream.send(Buffer.concat([creditFrame(CREDIT_BYTES), ...cids.map(wantFrame)]))
    await stream.close()
    await ended
    expect(answers).toHaveLength(3)
    expect(stream.status).toBe('closed')
  })

  it.each([
    ['wants too much at once', (cids: CID[]) => Array.from({ length: MAX_STREAM_WANTS + 1 }, () => wantFrame(cids[0]!))],
    ['gives more credit than there can be', () => [creditFrame(2 ** 32 - 1), creditFrame(2 ** 32 - 1)]],
    ['sends what is no ask', () => [Uint8Array.of(5, 5, 5, 5, 5, 5)]]
  ])('resets the stream of one that %s', async (_, frames) => {
    const { cids, stream, ended } = await open(1, KIB)
    stream.send(Buffer.concat(frames(cids)))
    await ended
    expect(stream.status).toBe('reset')
  })

  it('resets the stream of one that ends its asks without credit for them', async () => {
    const { cids, stream, ended } = await open(1, KIB)
    stream.send(wantFrame(cids[0]!))
    await stream.close()
    await ended
    expect(stream.status).toBe('reset')
  })
})
