import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { openStore } from '@ipfs-mapreduce/blocks'
import { IN_MEMORY, MAX_DATA_DIRS, openDataDir, openScratch } from './data-dir.ts'
import { isTaken } from './store-lock.ts'

describe('data directory', () => {
  let home: string
  beforeEach(() => { home = mkdtempSync(join(tmpdir(), 'ipmr-home-')) })
  afterEach(() => { rmSync(home, { recursive: true, force: true }) })

  const choose = (chosen?: string): ReturnType<typeof openDataDir<Awaited<ReturnType<typeof openStore>>>> =>
    openDataDir({ chosen, cluster: 'local', role: 'mapper', home, open: folder => openStore(folder), isTaken })

  it('takes the next one when a store is open in the first, and the first again when it is free', async () => {
    const first = await choose()
    const second = await choose()
    expect(first.dataDir).toBe(join(home, '.ipmr/local/mapper'))
    expect(second.dataDir).toBe(join(home, '.ipmr/local/mapper-2'))
    expect(statSync(first.dataDir).mode & 0o777).toBe(0o700)
    await first.store.close()
    const third = await choose()
    expect(third.dataDir).toBe(first.dataDir)
    await Promise.all([second.store.close(), third.store.close()])
  })

  it('tells the others of the cluster, which are read: those that are there, the first of each role, and none where it was chosen', async () => {
    for (const name of ['local/mapper-2', 'local/mapper-3/blocks', 'other/mapper/blocks']) mkdirSync(join(home, '.ipmr', name), { recursive: true })
    const told = async (chosen?: string): Promise<string[]> => (await openDataDir({ chosen, cluster: 'local', role: 'mapper', home, isTaken, open: async (_, others) => others })).store
    expect((await told()).sort()).toEqual(['mapper-3', 'master', 'reducer'].map(name => join(home, '.ipmr/local', name, 'blocks')))
    expect(await told(join(home, '.ipmr/local/mapper'))).toEqual([])
  })

  it('refuses a chosen one that is taken, naming it', async () => {
    const chosen = join(home, 'mine')
    const { store } = await choose(chosen)
    await expect(choose(chosen)).rejects.toMatchObject({ code: 'STORAGE', message: expect.stringContaining(chosen) as unknown })
    await store.close()
  })

  it('does not go on to the next one for another failure', async () => {
    mkdirSync(join(home, '.ipmr/local'), { recursive: true })
    writeFileSync(join(home, '.ipmr/local/mapper'), 'a file where a folder belongs')
    await expect(choose()).rejects.toThrow(join(home, '.ipmr/local/mapper'))
    expect(existsSync(join(home, '.ipmr/local/mapper-2'))).toBe(false)
  })

  it('gives up after a bounded number', async () => {
    const tried: string[] = []
    await expect(openDataDir({
      chosen: undefined, cluster: 'local', role: 'mapper', home, isTaken: () => true,
      open: folder => { tried.push(folder); return Promise.reject(new Error('taken')) }
    })).rejects.toThrow('--data-dir')
    expect(tried).toHaveLength(MAX_DATA_DIRS)
  })
})

describe('scratch folder', () => {
  it('is empty at the start and gone at the end', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'ipmr-data-'))
    mkdirSync(join(dataDir, 'scratch'))
    writeFileSync(join(dataDir, 'scratch/left-behind'), 'by a killed service')
    const scratch = await openScratch(dataDir)
    expect(existsSync(join(scratch.path, 'left-behind'))).toBe(false)
    expect(existsSync(scratch.path)).toBe(true)
    scratch.close()
    expect(existsSync(scratch.path)).toBe(false)
    rmSync(dataDir, { recursive: true })
  })

  it('lies in the temporary folder for a service that keeps nothing', async () => {
    const scratch = await openScratch(IN_MEMORY)
    expect(scratch.path.startsWith(tmpdir())).toBe(true)
    scratch.close()
    expect(existsSync(scratch.path)).toBe(false)
  })
})
