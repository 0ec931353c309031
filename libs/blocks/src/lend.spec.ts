import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { importer } from 'ipfs-unixfs-importer'
import { createFiles } from './files.ts'
import { all, collect } from './peers.spec.support.ts'
import { MEMORY, openStore } from './store.ts'
import type { HeliaFiles } from './files.ts'
import type { Store, StoreOptions } from './store.ts'
import type { Lent, RangeOptions } from '@ipfs-mapreduce/mapreduce'

const CHUNK = 1024
const content = randomBytes(3 * CHUNK + 5)
/** A file system of its own on most Linux machines. */
const ELSEWHERE = '/dev/shm'

describe('blocks that are lent', () => {
  let home: string
  let lentDir: string
  let open: Array<() => Promise<void>>
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'ipmr-lend-'))
    lentDir = join(home, 'lent')
    await mkdir(lentDir)
    open = []
  })
  afterEach(async () => {
    for (const close of open.reverse()) await close()
    await rm(home, { recursive: true })
  })

  const use = async (name: string, options: StoreOptions = {}): Promise<{ files: HeliaFiles, store: Store }> => {
    const store = await openStore(name === MEMORY ? name : join(home, name), options)
    const files = await createFiles({ store })
    open.push(async () => {
      await files.stop()
      await store.close()
    })
    return { files, store }
  }
  let placed = 0
  const borrow = async (files: HeliaFiles, cid: string, range: RangeOptions = {}, directory = lentDir): Promise<{ bytes: Buffer, lent: Lent[] }> => {
    const pieces = await all(files.lend!(cid, { ...range, place: () => join(directory, `${++placed}`) }))
    const lent = pieces.filter((piece): piece is Lent => !(piece instanceof Uint8Array))
    const parts = await Promise.all(pieces.map(async piece => piece instanceof Uint8Array ? piece : (await readFile(piece.path)).subarray(piece.offset, piece.offset + piece.bytes)))
    return { bytes: Buffer.concat(parts), lent }
  }
  const blockFiles = async (name: string): Promise<string[]> => (await readdir(join(home, name, 'blocks'), { recursive: true })).filter(path => path.endsWith('.data')).map(path => join(home, name, 'blocks', path))

  it('are files that hold what a read gives, of a whole file or a range', async () => {
    const { files } = await use('a')
    const { cid } = await files.add([content], { chunkBytes: CHUNK })
    for (const range of [{}, { offset: 1 }, { offset: CHUNK, length: CHUNK }, { offset: CHUNK - 1, length: 2 }, { offset: 5, length: 0 }, { offset: 10 * CHUNK }]) {
      const { bytes, lent } = await borrow(files, cid, range)
      expect(bytes).toEqual(await collect(files.read(cid, range)))
      expect(lent.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(bytes.length)
    }
  })

  it('of a file of one block are its file', async () => {
    const { files } = await use('a')
    const { cid } = await files.put([content])
    for (const range of [{}, { offset: 7, length: 100 }, { offset: content.length }]) {
      const { bytes, lent } = await borrow(files, cid, range)
      expect(bytes).toEqual(await collect(files.read(cid, range)))
      expect(lent).toHaveLength(bytes.length > 0 ? 1 : 0)
    }
  })

  it('take no room, and stay when the store lets go of them', async () => {
    const { files } = await use('a')
    const { cid } = await files.put([content])
    const [file] = await blockFiles('a')
    const { lent } = await borrow(files, cid)
    expect((await stat(lent[0]!.path)).ino).toBe((await stat(file!)).ino)
    await files.remove(cid)
    expect(existsSync(file!)).toBe(false)
    expect(await readFile(lent[0]!.path)).toEqual(content)
  })

  it('may be another store\'s, and stay its own', async () => {
    const { cid } = await (await use('theirs')).files.add([content], { chunkBytes: CHUNK })
    const { files } = await use('mine', { readOnly: [join(home, 'theirs', 'blocks')] })
    const { bytes, lent } = await borrow(files, cid)
    expect(bytes).toEqual(content)
    expect(lent).toHaveLength(4)
    expect(await blockFiles('mine')).toEqual([])
  })

  it('are checked: what is damaged is not lent, and comes from where it is whole', async () => {
    const theirs = await use('theirs')
    const { cid } = await theirs.files.put([content])
    const { files } = await use('mine', { readOnly: [join(home, 'theirs', 'blocks')] })
    await files.put([content])
    const spoiled = Buffer.from(content)
    spoiled[0]! ^= 1
    await writeFile((await blockFiles('mine'))[0]!, spoiled)
    expect((await borrow(files, cid)).bytes).toEqual(content)
    await writeFile((await blockFiles('theirs'))[0]!, spoiled)
    await expect(borrow(files, cid)).rejects.toMatchObject({ code: 'BLOCK_UNAVAILABLE' })
    expect((await readdir(lentDir)).length).toBeLessThanOrEqual(1)
  })

  it('are read where they are no files of their own: in memory, in wrapped leaves, in another file system', async () => {
    const inMemory = await use(MEMORY)
    const { cid } = await inMemory.files.add([content], { chunkBytes: CHUNK })
    expect(await borrow(inMemory.files, cid)).toEqual({ bytes: content, lent: [] })

    const { files, store } = await use('a')
    const [wrapped] = await all(importer([{ content }], store.blockstore, { rawLeaves: false, chunker: fixedSize({ chunkSize: CHUNK }) }))
    expect(await borrow(files, `${wrapped!.cid}`)).toEqual({ bytes: content, lent: [] })

    const elsewhere = existsSync(ELSEWHERE) && (await stat(ELSEWHERE)).dev !== (await stat(home)).dev ? await mkdtemp(join(ELSEWHERE, 'ipmr-lend-')) : join(home, 'missing')
    await files.add([content], { chunkBytes: CHUNK })
    expect(await borrow(files, cid, {}, elsewhere)).toEqual({ bytes: content, lent: [] })
    await rm(elsewhere, { recursive: true, force: true })
  })

  it('are read where faults are injected', async () => {
    const { files } = await use('a', { faults: { stored: (_, bytes) => bytes, served: (_, bytes) => bytes } })
    const { cid } = await files.add([content], { chunkBytes: CHUNK })
    expect(await borrow(files, cid)).toEqual({ bytes: content, lent: [] })
  })
})
