import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createFiles } from './files.ts'
import { all, collect, failure } from './peers.spec.support.ts'
import { MEMORY, openStore } from './store.ts'
import type { HeliaFiles } from './files.ts'
import type { Store } from './store.ts'

const CHUNK = 1024
const bytes = Buffer.from(Array.from({ length: 3 * CHUNK + 5 }, (_, i) => i % 251))

describe('a store in a directory', () => {
  let home: string
  let open: Array<() => Promise<void>>
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'ipmr-store-'))
    open = []
  })
  afterEach(async () => {
    for (const close of open.reverse()) await close()
    await rm(home, { recursive: true })
  })

  const use = async (name: string, readOnly: string[] = []): Promise<{ files: HeliaFiles, store: Store, close: () => Promise<void> }> => {
    const store = await openStore(join(home, name), { readOnly: readOnly.map(other => join(home, other, 'blocks')) })
    const files = await createFiles({ store })
    const close = async (): Promise<void> => {
      await files.stop()
      await store.close()
    }
    open.push(close)
    return { files, store, close }
  }
  const blockFiles = async (name: string): Promise<string[]> => (await readdir(join(home, name, 'blocks'), { recursive: true })).filter(path => path.endsWith('.data')).map(path => join(home, name, 'blocks', path))

  it('keeps blocks and pins when it is opened again', async () => {
    const first = await use('a')
    const { cid } = await first.files.add([bytes], { chunkBytes: CHUNK })
    const { cid: other } = await first.files.put([bytes.subarray(1)])
    await first.files.pin(cid)
    await first.close()
    open.pop()
    const { files } = await use('a')
    await files.remove(cid)
    await files.remove(other)
    expect(bytes.equals(await collect(files.read(cid)))).toBe(true)
    expect(await files.has([other])).toEqual([false])
    await files.unpin(cid)
    await files.remove(cid)
    expect(await blockFiles('a')).toEqual([])
  })

  it('leaves no temporary files, and writes one block once', async () => {
    const { files } = await use('a')
    await Promise.all(Array.from({ length: 20 }, async () => await files.add([bytes, bytes], { chunkBytes: CHUNK })))
    const written = (await readdir(join(home, 'a', 'blocks'), { recursive: true, withFileTypes: true })).filter(entry => entry.isFile() && entry.name !== '.checked')
    expect(written.every(({ name }) => name.endsWith('.data') && !name.startsWith('.'))).toBe(true)
    expect(written.length).toBe(new Set(written.map(({ name }) => name)).size)
  })

  it('says which directory another one holds, and what to do', async () => {
    await use('a')
    const { error } = await failure(openStore(join(home, 'a')))
    expect(error).toMatchObject({ name: 'MapReduceError', code: 'STORAGE' })
    expect(error.message).toContain(join(home, 'a'))
    expect(error.message).toContain('--data-dir')
  })

  it('says which directory cannot be used', async () => {
    await writeFile(join(home, 'file'), '')
    const { error } = await failure(openStore(join(home, 'file')))
    expect(error).toMatchObject({ code: 'STORAGE' })
    expect(error.message).toContain(join(home, 'file'))
  })

  it('fetches a damaged block again rather than give it out', async () => {
    const { files } = await use('a')
    const { cid } = await files.put([bytes])
    const [path] = await blockFiles('a')
    await writeFile(path!, bytes.subarray(1))
    expect((await failure(collect(files.read(cid)))).error).toMatchObject({ code: 'BLOCK_UNAVAILABLE' })
    expect(await files.has([cid])).toEqual([false])
    await files.put([bytes])
    expect(bytes.equals(await collect(files.read(cid)))).toBe(true)
  })

  it('writes a damaged block anew when it is put again, as after a power cut', async () => {
    const first = await use('a')
    const { cid } = await first.files.put([bytes])
    await first.close()
    open.pop()
    for (const path of await blockFiles('a')) await writeFile(path, '')
    const { files } = await use('a')
    expect((await files.put([bytes])).cid).toBe(cid)
    expect(bytes.equals(await collect(files.read(cid)))).toBe(true)
  })

  it('keeps no damaged block as pinned: it comes from elsewhere, or the pin fails', async () => {
    const spoilLeaves = async (name: string): Promise<number> => {
      const paths = await blockFiles(name)
      const sizes = await Promise.all(paths.map(async path => (await stat(path)).size))
      const leaves = paths.filter((_, i) => sizes[i] === CHUNK)
      // As after a power cut; and not the files of another store that these are second names of.
      for (const path of leaves) {
        await rm(path)
        await writeFile(path, '')
      }
      return leaves.length
    }
    const first = await use('a')
    const { cid } = await first.files.add([bytes], { chunkBytes: CHUNK })
    await first.close()
    open.pop()
    expect(await spoilLeaves('a')).toBe(3)
    const { files } = await use('a')
    expect((await failure(files.pin(cid))).error).toMatchObject({ code: 'BLOCK_UNAVAILABLE' })
    await files.add([bytes], { chunkBytes: CHUNK })
    expect(await files.pin(cid)).toEqual({ blocks: 0, bytes: 0 })
    const other = await use('b', ['a'])
    for (let i = 0; i < 2; i++) {
      expect(await other.files.pin(cid)).toEqual({ blocks: 0, bytes: 0 })
      expect(await spoilLeaves('b')).toBe(3)
    }
    expect(await other.files.pin(cid)).toEqual({ blocks: 0, bytes: 0 })
    await files.unpin(cid)
    await files.remove(cid)
    expect(bytes.equals(await collect(other.files.read(cid)))).toBe(true)
  })

  it('checks a block that was read before when its file has changed, its size or not', async () => {
    const { files } = await use('a')
    const { cid } = await files.put([bytes])
    for (let i = 0; i < 2; i++) expect(bytes.equals(await collect(files.read(cid)))).toBe(true)
    const [path] = await blockFiles('a')
    await writeFile(path!, Buffer.from(bytes).fill(0, 7, 8))
    // As if time had gone by: two writes may fall into one tick of the clock.
    await utimes(path!, new Date(), new Date(Date.now() + 1000))
    expect((await failure(collect(files.read(cid)))).error).toMatchObject({ code: 'BLOCK_UNAVAILABLE' })
  })

  it('tells a block that cannot be read from one that is absent', async () => {
    const { files } = await use('a')
    const { cid } = await files.put([bytes])
    const [path] = await blockFiles('a')
    await rm(path!)
    await mkdir(path!)
    const { error } = await failure(collect(files.read(cid)))
    expect(error).toMatchObject({ code: 'STORAGE' })
    expect(error.message).toContain(path!)
  })

  describe('with others that are only read', () => {
    it('reads their blocks and writes none of them', async () => {
      const a = await use('a')
      const b = await use('b', ['a', 'not-there-yet'])
      const { cid } = await a.files.add([bytes], { chunkBytes: CHUNK })
      expect(bytes.equals(await collect(b.files.read(cid)))).toBe(true)
      expect(await b.files.has([cid])).toEqual([true])
      expect(await b.files.fetch(cid)).toEqual({ blocks: 0, bytes: 0 })
      expect(await blockFiles('b')).toEqual([])
      await b.files.remove(cid)
      expect(await a.files.has((await all(a.files.leaves(cid))).map(leaf => leaf.cid))).toEqual([true, true, true, true])
    })

    it('reads those that appear later', async () => {
      const b = await use('b', ['a'])
      const a = await use('a')
      const { cid } = await a.files.put([bytes])
      expect(bytes.equals(await collect(b.files.read(cid)))).toBe(true)
    })

    it('pins in its own blocks, which no other can delete', async () => {
      const a = await use('a')
      const b = await use('b', ['a'])
      const { cid } = await a.files.add([bytes], { chunkBytes: CHUNK })
      expect(await b.files.pin(cid)).toEqual({ blocks: 0, bytes: 0 })
      await a.files.remove(cid)
      expect(bytes.equals(await collect(b.files.read(cid)))).toBe(true)
    })

    it('passes over a damaged block of theirs', async () => {
      const a = await use('a')
      await (await use('c')).files.put([bytes])
      const b = await use('b', ['a', 'c'])
      const { cid } = await a.files.put([bytes])
      const [path] = await blockFiles('a')
      await writeFile(path!, 'spoilt')
      expect(bytes.equals(await collect(b.files.read(cid)))).toBe(true)
      expect((await stat(path!)).size).toBe(6)
    })
  })
})

it('a store in memory starts empty each time', async () => {
  const one = await createFiles({ store: await openStore(MEMORY) })
  const { cid } = await one.put([bytes])
  const two = await createFiles({ store: await openStore(MEMORY) })
  expect(await two.has([cid])).toEqual([false])
})
