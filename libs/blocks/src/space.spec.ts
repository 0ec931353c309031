import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Key } from 'interface-datastore'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { createFiles } from './files.ts'
import { collect, failure, peers } from './peers.spec.support.ts'
import { MEMORY, openStore } from './store.ts'
import type { LevelDatastore } from 'datastore-level'
import type { HeliaFiles } from './files.ts'
import type { Store } from './store.ts'

const KIB = 1024
const CHUNK = 4 * KIB

/** Content that no other seed has. */
const content = (seed: number, bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, (_, i) => (i * 7 + (i >> 8) * seed + seed) % 251))

interface Used { store: Store, files: HeliaFiles, close: () => Promise<void> }

async function use (dataDir: string, maxBytes: number | undefined): Promise<Used> {
  const store = await openStore(dataDir, { maxBytes })
  const files = await createFiles({ store })
  return {
    store,
    files,
    close: async () => {
      await files.stop()
      await store.close()
    }
  }
}

describe('a bounded store', () => {
  let home: string
  let open: Array<() => Promise<void>>
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'ipmr-space-'))
    open = []
  })
  afterEach(async () => {
    for (const close of open.reverse()) await close()
    await rm(home, { recursive: true })
  })

  const start = async (maxBytes: number | undefined, name = 'a'): Promise<Used> => {
    const used = await use(join(home, name), maxBytes)
    open.push(used.close)
    return used
  }
  const stop = async (): Promise<void> => { await open.pop()!() }
  const bytesOnDisk = async (name = 'a'): Promise<number> => await bytesOfBlocks(join(home, name))

  it('refuses what does not fit, says what is used and what to do, and takes it when there is room', async () => {
    const { files } = await start(64 * KIB)
    const first = await files.put([content(1, 40 * KIB)])
    const { error } = await failure(files.put([content(2, 30 * KIB)]))
    expect(error).toMatchObject({ name: 'MapReduceError', code: 'STORAGE' })
    expect(error.message).toContain(`40 KiB of 64 KiB in ${join(home, 'a', 'blocks')} are used`)
    expect(error.message).toContain('--max-storage')
    expect(await bytesOnDisk()).toBe(40 * KIB)
    await files.remove(first.cid)
    const second = await files.put([content(2, 30 * KIB)])
    expect((await collect(files.read(second.cid))).equals(content(2, 30 * KIB))).toBe(true)
  })

  it('says what it holds: counted, kept over a stop, and counted again after a kill', async () => {
    const held = async ({ store }: Used): Promise<ReturnType<Store['usage']>> => {
      await store.storedBytes()
      return store.usage()
    }
    let used = await start(64 * KIB)
    expect(await held(used)).toEqual({ bytes: 0, blocks: 0, maxBytes: 64 * KIB })
    const first = await used.files.put([content(1, 3 * KIB)])
    await used.files.put([content(2, 5 * KIB)])
    // What is here already is not held twice, and what is empty needs no room.
    await used.files.put([content(2, 5 * KIB)])
    await used.files.put([])
    expect(await held(used)).toEqual({ bytes: 8 * KIB, blocks: 2, maxBytes: 64 * KIB })
    await stop()
    used = await start(32 * KIB)
    expect(await held(used)).toEqual({ bytes: 8 * KIB, blocks: 2, maxBytes: 32 * KIB })
    await used.files.remove(first.cid)
    expect(used.store.usage()).toEqual({ bytes: 5 * KIB, blocks: 1, maxBytes: 32 * KIB })
    // Only the database is closed, as a kill would leave it: nothing was noted.
    await used.files.stop()
    await (used.store.datastore as LevelDatastore).close()
    open.pop()
    expect(await held(await start(32 * KIB))).toEqual({ bytes: 5 * KIB, blocks: 1, maxBytes: 32 * KIB })
    expect((await start(undefined, 'unbounded')).store.usage()).toBeUndefined()
  })

  it('drops what came on the way for what is made here, the least recently used first', async () => {
    const { store: { blockstore }, files } = await start(40 * KIB)
    const blocks = await Promise.all(Array.from({ length: 10 }, async (_, i) => {
      const bytes = content(i, 4 * KIB)
      return { bytes, cid: CID.createV1(raw.code, await sha256.digest(bytes)) }
    }))
    for (const { cid, bytes } of blocks) await blockstore.cache(cid, bytes)
    // Room is short: from here on the order of use is known.
    const { cid: first } = await files.put([content(20, 4 * KIB)])
    const here = async (): Promise<number[]> => (await Promise.all(blocks.map(async ({ cid }) => await blockstore.has(cid)))).flatMap((has, i) => has ? [i] : [])
    const [oldest, ...others] = await here()
    await blockstore.read(blocks[oldest!]!.cid)
    await files.put([content(21, 8 * KIB)])
    expect(await here()).toEqual([oldest, ...others.slice(2)])
    expect(await files.has([first])).toEqual([true])
  })

  it('drops nothing that is pinned, made here, or fetched to stay', async () => {
    const network = peers()
    try {
      const holder = await network.peer()
      const store = await openStore(join(home, 'a'), { maxBytes: 100 * KIB })
      const { files } = await network.peer({ store })
      const providers = holder.addresses
      const add = async (seed: number): Promise<string> => (await holder.files.add([content(seed, 20 * KIB)], { chunkBytes: CHUNK })).cid
      const [pinned, stays, ...passing] = await Promise.all([1, 2, 3, 4, 5, 6].map(add)) as [string, string, ...string[]]
      const made = (await files.put([content(7, 20 * KIB)])).cid
      await files.pin(pinned, { providers })
      await files.fetch(stays, { providers })
      for (const [i, cid] of passing.entries()) {
        await files.fetch(cid, { providers, droppable: true })
        expect((await collect(files.read(cid, { providers }))).equals(content(i + 3, 20 * KIB))).toBe(true)
        expect(await bytesOnDisk()).toBeLessThanOrEqual(100 * KIB)
      }
      for (const [seed, cid] of [[1, pinned], [2, stays], [7, made]] as const) expect((await collect(files.read(cid))).equals(content(seed, 20 * KIB))).toBe(true)
      const { error } = await failure(files.fetch((await holder.files.add([content(8, 60 * KIB)], { chunkBytes: CHUNK })).cid, { providers }))
      expect(error).toMatchObject({ code: 'STORAGE' })
      await store.close()
    } finally {
      await network.stop()
    }
  })

  it('reads a file that is larger than its bound, as it passes', async () => {
    const network = peers()
    try {
      const holder = await network.peer()
      const { files } = await network.peer({ store: await openStore(MEMORY, { maxBytes: 64 * KIB }) })
      const { cid } = await holder.files.add([content(1, 500 * KIB)], { chunkBytes: CHUNK })
      expect((await collect(files.read(cid, { providers: holder.addresses }))).equals(content(1, 500 * KIB))).toBe(true)
    } finally {
      await network.stop()
    }
  })

  it('knows after a start what it holds, whether it was closed or killed', async () => {
    const { files } = await start(undefined)
    await files.pin((await files.put([content(1, 40 * KIB)])).cid)
    await stop()
    for (const kill of [false, true, false]) {
      const { files, store } = await start(64 * KIB)
      expect((await failure(files.put([content(2, 30 * KIB)]))).error.message).toContain('40 KiB of 64 KiB')
      if (!kill) {
        await stop()
        continue
      }
      await files.stop()
      await (store.datastore as LevelDatastore).close()
      open.pop()
    }
  })

  it('counts anew where what the last process left cannot be read', async () => {
    for (const left of ['', 'x y', '1', '1 2 3', '-1 1', 'NaN NaN']) {
      const { files } = await start(64 * KIB)
      await files.put([content(1, 10 * KIB)])
      await stop()
      const { store } = await start(undefined)
      await store.datastore.put(new Key('/mapreduce/stored'), new TextEncoder().encode(left))
      await stop()
      const { store: again } = await start(64 * KIB)
      expect(await again.storedBytes()).toBe(10 * KIB)
      await stop()
    }
  })

  it('counts blocks alone, whatever else lies beside them', async () => {
    const { files } = await start(undefined)
    const { cid } = await files.put([content(1, 10 * KIB)])
    await stop()
    const shard = (await readdir(join(home, 'a', 'blocks'))).find(name => !name.startsWith('.'))!
    for (const name of ['._notes.data', 'no block.data', 'AB.data', '.data']) await writeFile(join(home, 'a', 'blocks', shard, name), 'x')
    const { files: again, store } = await start(16 * KIB)
    expect(await store.storedBytes()).toBe(10 * KIB)
    expect(content(1, 10 * KIB).equals(await collect(again.read(cid)))).toBe(true)
    await again.put([content(2, 10 * KIB)])
    expect(await store.storedBytes()).toBe(10 * KIB)
  })

  it('drops what an earlier life of its process has left, pins apart', async () => {
    const before = await start(64 * KIB)
    const pinned = await before.files.put([content(1, 20 * KIB)])
    await before.files.pin(pinned.cid)
    const left = await before.files.put([content(2, 40 * KIB)])
    await stop()
    const { files } = await start(64 * KIB)
    const made = await files.put([content(3, 30 * KIB)])
    expect(await files.has([pinned.cid, left.cid, made.cid])).toEqual([true, false, true])
  })

  it('leaves a tenth of the free disk where it is told to share it', async () => {
    const store = await openStore(join(home, 'a'), { maxBytes: 'disk' })
    const files = await createFiles({ store })
    open.push(async () => {
      await files.stop()
      await store.close()
    })
    const { cid } = await files.put([content(1, 20 * KIB)])
    expect(await files.has([cid])).toEqual([true])
  })

  it('keeps to its bound, counts what it has, and loses nothing that is held or pinned, after any order of operations', async () => {
    const MAX = 24 * KIB
    const blocks = await Promise.all([1, 2, 3, 4, 5, 6].map(async seed => {
      const bytes = content(seed, seed * 2 * KIB)
      return { bytes, cid: CID.createV1(raw.code, await sha256.digest(bytes)) }
    }))
    const step = fc.record({ kind: fc.constantFrom('put', 'cache', 'cache', 'cache', 'pin', 'unpin', 'remove', 'read'), block: fc.nat(5) })
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), fc.boolean(), async (steps, atOnce) => {
      const { store: { blockstore }, files } = await use(MEMORY, MAX)
      const held = new Set<number>()
      const pinned = new Set<number>()
      const run = async ({ kind, block }: { kind: string, block: number }): Promise<void> => {
        const { cid, bytes } = blocks[block]!
        if (kind === 'put') {
          await blockstore.put(cid, bytes)
          held.add(block)
        } else if (kind === 'cache') await blockstore.cache(cid, bytes)
        else if (kind === 'pin') {
          await files.pin(`${cid}`)
          pinned.add(block)
        } else if (kind === 'unpin') {
          await files.unpin(`${cid}`)
          pinned.delete(block)
        } else if (kind === 'remove') {
          await files.remove(`${cid}`)
          if (!pinned.has(block)) held.delete(block)
        } else await blockstore.read(cid)
      }
      const bearable = (error: { code?: string }): void => {
        if (error.code !== 'STORAGE' && error.code !== 'BLOCK_UNAVAILABLE') throw error
      }
      if (atOnce) await Promise.all(steps.map(async step => { await run(step).catch(bearable) }))
      else for (const step of steps) await run(step).catch(bearable)
      let bytes = 0
      for await (const { cid } of blockstore.getAll()) bytes += (await blockstore.read(cid))!.byteLength
      expect(bytes).toBeLessThanOrEqual(MAX)
      // What fits beside what must stay is taken, and nothing that does not.
      const stays = new Set([...held, ...pinned])
      if (!atOnce) for (const block of stays) expect(await blockstore.has(blocks[block]!.cid)).toBe(true)
      const extra = content(99, KIB)
      const needed = [...stays].reduce((sum, block) => sum + blocks[block]!.bytes.byteLength, 0)
      if (!atOnce && needed + KIB <= MAX) await blockstore.put(CID.createV1(raw.code, await sha256.digest(extra)), extra)
      await files.stop()
    }), { numRuns: 300 })
  })
})

async function bytesOfBlocks (dataDir: string): Promise<number> {
  const found = await readdir(join(dataDir, 'blocks'), { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(found.filter(entry => entry.isFile() && entry.name !== '.checked').map(async ({ name, parentPath }) => (await stat(join(parentPath, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
