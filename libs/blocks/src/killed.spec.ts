import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { CID } from 'multiformats/cid'
import { openStore } from './store.ts'

const CHILD = fileURLToPath(new URL('./child.spec.support.ts', import.meta.url))
const DEADLINE_MS = 60_000

describe('a store whose process', () => {
  let dir: string
  beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), 'ipmr-killed-')) })
  afterEach(async () => { await rm(dir, { recursive: true }) })

  /** Files that are no block, wherever they are. */
  /** Files beside the blocks, and beside what is known of them. */
  const spare = async (): Promise<string[]> => (await readdir(join(dir, 'blocks'), { recursive: true, withFileTypes: true })).filter(entry => entry.isFile() && !entry.name.endsWith('.data') && entry.name !== '.checked').map(({ name }) => name)

  it.each([1, 40, 250])('is killed after %i puts has all that was promised, whole, and nothing else', async puts => {
    const child = spawn(process.execPath, ['--conditions=@ipfs-mapreduce/source', '--disable-warning=ExperimentalWarning', CHILD, dir], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } })
    const promised: string[] = []
    for await (const line of createInterface(child.stdout)) {
      promised.push(line)
      if (promised.length === puts) child.kill('SIGKILL')
    }
    expect(child.signalCode ?? await new Promise(resolve => child.once('exit', (_, signal) => { resolve(signal) }))).toBe('SIGKILL')
    const store = await openStore(dir, { maxBytes: 2 ** 30 })
    for (const cid of promised) expect(await store.blockstore.read(CID.parse(cid))).toHaveLength(256 * 1024)
    // A block that is damaged is deleted as it is read.
    let found = 0
    for await (const { cid } of store.blockstore.getAll()) {
      expect(await store.blockstore.read(cid)).toHaveLength(256 * 1024)
      found++
    }
    expect(found).toBeGreaterThanOrEqual(promised.length)
    expect(await spare()).toEqual([])
    await store.close()
  }, DEADLINE_MS)

  it('left unfinished files is cleared of them, those of blockstore-fs too', async () => {
    await mkdir(join(dir, 'blocks', 'AB'), { recursive: true })
    await mkdir(join(dir, 'blocks', '.unfinished'))
    await writeFile(join(dir, 'blocks', '.unfinished', 'x'), 'half')
    await writeFile(join(dir, 'blocks', 'AB', '.CIQAB.data.tmp'), 'half')
    const store = await openStore(dir, { maxBytes: 2 ** 20 })
    // A put waits until the blocks are counted, by when all has been looked at.
    const cid = CID.parse('bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e')
    await store.blockstore.put(cid, Buffer.from('hello world\n'))
    expect(await spare()).toEqual([])
    await store.close()
  })
})
