import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createFiles } from './files.ts'
import { collect } from './peers.spec.support.ts'
import { MEMORY, openStore } from './store.ts'
import type { HeliaFiles } from './files.ts'
import type { Store, StoreOptions } from './store.ts'

const KIB = 1024
const CHUNK = 64 * KIB
const content = randomBytes(3 * CHUNK + 5)
/** A file system of its own on most Linux machines. */
const ELSEWHERE = '/dev/shm'

interface Used { files: HeliaFiles, store: Store, blocks: string }

describe('what a store pins of another one on its machine', () => {
  let home: string
  let theirs: Used
  let cid: string
  let open: Array<() => Promise<void>>
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'ipmr-adopt-'))
    open = []
    theirs = await use(join(home, 'theirs'));
    ({ cid } = await theirs.files.add([content], { chunkBytes: CHUNK }))
  })
  afterEach(async () => {
    for (const close of open.reverse()) await close()
    await rm(home, { recursive: true })
  })

  const use = async (dataDir: string, options: StoreOptions = {}): Promise<Used> => {
    const store = await openStore(dataDir, options)
    const files = await createFiles({ store })
    open.push(async () => {
      await files.stop()
      await store.close()
    })
    return { files, store, blocks: join(dataDir, 'blocks') }
  }
  const mine = async (options: StoreOptions = {}, dataDir = join(home, 'mine')): Promise<Used> => await use(dataDir, { readOnly: [theirs.blocks], ...options })

  it('are second names of its files, which stay when the first are gone', async () => {
    const { files, blocks } = await mine()
    await files.pin(cid)
    expect(await inodes(blocks)).toEqual(await inodes(theirs.blocks))
    await theirs.files.remove(cid)
    expect(await inodes(theirs.blocks)).toEqual([])
    expect(await collect(files.read(cid))).toEqual(content)
    expect(await unfinished(blocks)).toEqual([])
  })

  it('are gone here when they are removed, and stay there', async () => {
    const { files, blocks } = await mine()
    await files.pin(cid)
    await files.unpin(cid)
    await files.remove(cid)
    expect(await inodes(blocks)).toEqual([])
    expect(await collect(theirs.files.read(cid))).toEqual(content)
  })

  it('count as what the store holds, once, however many pin at once', async () => {
    const { files, store } = await mine({ maxBytes: 1024 * KIB })
    await Promise.all([files.pin(cid), files.pin(cid), files.put([content])])
    expect(store.usage()).toMatchObject(await held(join(home, 'mine/blocks')))
    expect(await unfinished(join(home, 'mine/blocks'))).toEqual([])
  })

  it('are refused where they do not fit, and nothing is left of the one that did not', async () => {
    const { files, store, blocks } = await mine({ maxBytes: 2 * CHUNK })
    await expect(files.pin(cid)).rejects.toMatchObject({ code: 'STORAGE', message: expect.stringContaining('--max-storage') })
    expect(store.usage()).toMatchObject(await held(blocks))
    expect(await unfinished(blocks)).toEqual([])
  })

  it('are checked: what is damaged there is not taken', async () => {
    const [file] = await filesBelow(theirs.blocks)
    await writeFile(file!, 'spoiled')
    const { files, blocks } = await mine()
    await expect(files.pin(cid)).rejects.toMatchObject({ code: 'BLOCK_UNAVAILABLE' })
    for (const kept of await filesBelow(blocks)) expect((await stat(kept)).size).not.toBe('spoiled'.length)
    expect(await unfinished(blocks)).toEqual([])
  })

  it('take the place of what was damaged here', async () => {
    const { files, blocks } = await mine()
    await files.pin(cid)
    await files.unpin(cid)
    const [file] = await filesBelow(blocks)
    await rm(file!)
    await writeFile(file!, 'spoiled')
    await files.pin(cid)
    expect(await inodes(blocks)).toEqual(await inodes(theirs.blocks))
  })

  it('are copies where they cannot be files of both: of a store in memory, in another file system', async () => {
    const inMemory = await mine({}, MEMORY)
    await inMemory.files.pin(cid)
    const far = existsSync(ELSEWHERE) ? await mkdtemp(join(ELSEWHERE, 'ipmr-adopt-')) : join(home, 'far')
    try {
      const elsewhere = await mine({}, far)
      await elsewhere.files.pin(cid)
      await theirs.files.remove(cid)
      for (const { files } of [inMemory, elsewhere]) expect(await collect(files.read(cid))).toEqual(content)
      await open.pop()!()
    } finally {
      await rm(far, { recursive: true, force: true })
    }
  })
})

async function filesBelow (blocks: string): Promise<string[]> {
  return (await readdir(blocks, { recursive: true })).filter(path => path.endsWith('.data')).sort().map(path => join(blocks, path))
}

async function inodes (blocks: string): Promise<number[]> {
  return await Promise.all((await filesBelow(blocks)).map(async path => (await stat(path)).ino))
}

async function held (blocks: string): Promise<{ bytes: number, blocks: number }> {
  const sizes = await Promise.all((await filesBelow(blocks)).map(async path => (await stat(path)).size))
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), blocks: sizes.length }
}

async function unfinished (blocks: string): Promise<string[]> {
  return await readdir(join(blocks, '.unfinished'))
}
