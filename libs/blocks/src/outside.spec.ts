import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { CID } from 'multiformats/cid'
import { createFiles } from './files.ts'
import { parseProviders } from './provider.ts'
import { all, collect, failure, MISSING, PATIENT_MS, peers } from './peers.spec.support.ts'
import { MEMORY, openStore } from './store.ts'
import type { HeliaFiles } from './files.ts'
import type { FindProviders, OutsideInit } from './outside.ts'
import type { Peer } from './peers.spec.support.ts'
import type { Store } from './store.ts'

/** Ten leaves. */
const BYTES = randomBytes(10 * 1024)
const CHUNKS = { chunkBytes: 1024 }

describe('IPFS nodes beyond the cluster', () => {
  let some: ReturnType<typeof peers>
  let ipfs: Peer
  let cid: string
  beforeEach(async () => {
    some = peers()
    ipfs = await some.peer()
    cid = (await ipfs.files.add([BYTES], CHUNKS)).cid
  })
  afterEach(async () => { await some.stop() })

  /** Files of a node that is alone, or in a cluster, and asks outside by a node of its own. */
  const files = async (init: Omit<OutsideInit, 'libp2p'>, { cluster = false, store }: { cluster?: boolean, store?: Store } = {}): Promise<{ files: HeliaFiles, stop: () => Promise<void>, libp2p: OutsideInit['libp2p'] }> => {
    const libp2p = await some.node()
    const files = await createFiles({ store: store ?? await openStore(MEMORY), ...cluster && { libp2p: await some.node() }, outside: { libp2p, ...init }, blockTimeoutMs: PATIENT_MS })
    return { files, stop: files.stop, libp2p }
  }
  const knows = (...addresses: string[]): FindProviders => async (_, found) => {
    for (const provider of parseProviders(addresses, () => {})) found(provider)
    return []
  }

  for (const cluster of [false, true]) {
    it(`are asked for what is not ${cluster ? 'in the cluster' : 'here'}, which then stays here`, async () => {
      const { files: reader, stop } = await files({ peers: ipfs.addresses }, { cluster })
      expect(BYTES.equals(await collect(reader.read(cid)))).toBe(true)
      expect(await reader.has((await all(reader.leaves(cid))).map(leaf => leaf.cid))).toEqual(Array.from({ length: 10 }, () => true))
      expect(await reader.fetch(cid)).toEqual({ blocks: 0, bytes: 0 })
      await stop()
    })
  }

  it('are looked for where nobody is known, once for a whole file', async () => {
    const asked: string[] = []
    const { files: reader, stop } = await files({
      peers: [],
      findProviders: async (cid, found, signal) => {
        asked.push(`${cid}`)
        return await knows(...ipfs.addresses)(cid, found, signal)
      }
    })
    expect(BYTES.equals(await collect(reader.read(cid)))).toBe(true)
    expect(asked).toEqual([cid])
    await stop()
  })

  it('are looked for by the file, too, for blocks of which nobody makes known that they have them', async () => {
    // As where a peer of the cluster had the root, and this node takes a range of the file.
    const store = await openStore(MEMORY)
    await store.blockstore.put(CID.parse(cid), (await ipfs.store.blockstore.read(CID.parse(cid)))!)
    const findProviders: FindProviders = async (block, found, signal) => `${block}` === cid ? await knows(...ipfs.addresses)(block, found, signal) : []
    const { files: reader, stop } = await files({ peers: [], findProviders }, { store })
    expect(BYTES.subarray(3000, 5000).equals(await collect(reader.read(cid, { offset: 3000, length: 2000 })))).toBe(true)
    await stop()
  })

  it('are looked for by what the file lies below, too, where that alone is made known', async () => {
    const directory = await ipfs.files.directory([{ name: 'file', cid, bytes: BYTES.length }])
    const asked: string[] = []
    const findProviders: FindProviders = async (block, found, signal) => {
      asked.push(`${block}`)
      return `${block}` === directory ? await knows(...ipfs.addresses)(block, found, signal) : []
    }
    const { files: reader, stop } = await files({ peers: [], findProviders }, { cluster: true })
    expect((await failure(collect(reader.read(cid)))).error).toMatchObject({ code: 'BLOCK_UNAVAILABLE' })
    expect(BYTES.equals(await collect(reader.read(cid, { roots: [cid, directory] })))).toBe(true)
    expect(asked).toEqual([cid, cid, directory])
    await stop()
  })

  it('are looked for again where those that are known do not have it', async () => {
    const other = await some.peer()
    const { cid: elsewhere } = await other.files.add([BYTES.subarray(1)], CHUNKS)
    const { files: reader, stop } = await files({ peers: ipfs.addresses, findProviders: knows(...other.addresses) })
    expect(BYTES.equals(await collect(reader.read(cid)))).toBe(true)
    expect(BYTES.subarray(1).equals(await collect(reader.read(elsewhere)))).toBe(true)
    await stop()
  })

  it('that do not have it either are named in the error, and the search ends', async () => {
    const { files: reader, stop } = await files({ peers: ipfs.addresses, findProviders: knows(...ipfs.addresses) }, { cluster: true })
    const { error } = await failure(collect(reader.read(MISSING)))
    expect(error).toMatchObject({ code: 'BLOCK_UNAVAILABLE', message: expect.stringMatching(new RegExp(`${MISSING}.*${ipfs.libp2p.peerId} does not have it.*knows of nobody else$`)) })
    await stop()
  })

  it('that could not be asked are told of as what they are, once', async () => {
    const { files: reader, stop } = await files({ peers: [], findProviders: async () => ['its DHT: none of its peers can be reached'] })
    const { error } = await failure(collect(reader.read(MISSING, { roots: [MISSING, cid] })))
    expect(error).toMatchObject({ code: 'BLOCK_UNAVAILABLE', message: expect.stringMatching(new RegExp(`${MISSING}.*knows of nobody else, as far as it could be asked \\(its DHT: none of its peers can be reached\\)$`)) })
    await stop()
  })

  it('are waited for no longer than the reader waits', async () => {
    const { files: reader, stop } = await files({ peers: [], findProviders: async (_, __, signal) => await new Promise(resolve => { signal.addEventListener('abort', () => { resolve([]) }) }) })
    expect((await failure(collect(reader.read(MISSING, { signal: AbortSignal.timeout(50) })))).error).toMatchObject({ code: expect.stringMatching(/TIMEOUT|BLOCK_UNAVAILABLE/) })
    await stop()
  })

  it('are given nothing, though they are connected', async () => {
    const { files: reader, stop, libp2p } = await files({ peers: ipfs.addresses })
    const { cid: own } = await reader.put([randomBytes(100)])
    await collect(reader.read(cid))
    expect(ipfs.libp2p.getPeers().map(String)).toContain(`${libp2p.peerId}`)
    expect((await failure(collect(ipfs.files.read(own)))).error).toMatchObject({ code: 'BLOCK_UNAVAILABLE', message: expect.stringContaining(`${libp2p.peerId} does not have it`) })
    expect(await reader.has([CID.parse(own).toString()])).toEqual([true])
    await stop()
  })
})
