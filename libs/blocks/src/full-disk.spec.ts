import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { writeFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createFiles } from './files.ts'
import { collect, failure } from './peers.spec.support.ts'
import { openStore } from './store.ts'
import type { HeliaFiles } from './files.ts'
import type { Store } from './store.ts'

const MIB = 1024 * 1024
const DISK_BYTES = 8 * MIB
const DEADLINE_MS = 60_000
const content = (bytes: number, seed: number): Buffer => {
  const words = new Uint32Array(bytes / 4)
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(i + 1, seed)
  return Buffer.from(words.buffer)
}

/** Why no small disk can be made here; undefined where it can. */
const unable = process.platform !== 'linux' ? 'only Linux has tmpfs' : process.getuid?.() !== 0 ? 'only root may mount one' : undefined

if (unable !== undefined) it.todo(`a disk that is full: skipped, because ${unable}`)
else {
  describe('a store on a disk that is full', () => {
    let disk: string
    let store: Store
    let files: HeliaFiles
    beforeAll(() => { disk = mkdtempSync(join(tmpdir(), 'ipmr-disk-')) })
    afterAll(() => { rmSync(disk, { recursive: true }) })
    beforeEach(async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', disk])
      store = await openStore(join(disk, 'store'), { maxBytes: 2 ** 30 })
      files = await createFiles({ store })
    })
    afterEach(async () => {
      await files.stop()
      await store.close()
      execFileSync('umount', [disk])
    })
    const freeBytes = (): number => {
      const { bavail, bsize } = statfsSync(disk)
      return bavail * bsize
    }

    it('fails a put with STORAGE and the system\'s reason, leaves nothing of that block, and goes on when there is room', async () => {
      const kept = await files.put([content(3 * MIB, 7)])
      await files.pin(kept.cid)
      const { error } = await failure(files.put([content(10 * MIB, 13)]))
      expect(error).toMatchObject({ name: 'MapReduceError', code: 'STORAGE' })
      expect(error.message).toMatch(/cannot write block baf\w+ \(\d+ bytes\) to .*store\/blocks: ENOSPC: no space left on device/)
      expect(readdirSync(join(disk, 'store', 'blocks', '.unfinished'))).toEqual([])
      expect((await collect(files.read(kept.cid))).equals(content(3 * MIB, 7))).toBe(true)
      let stored = 0
      for await (const { cid } of store.blockstore.getAll()) {
        expect(await store.blockstore.read(cid)).toBeDefined()
        await files.remove(`${cid.toV1()}`)
        stored++
      }
      expect(stored).toBeGreaterThan(4)
      const again = await files.put([content(3 * MIB, 17)])
      expect((await collect(files.read(again.cid))).equals(content(3 * MIB, 17))).toBe(true)
    }, DEADLINE_MS)

    it('fails a pin with STORAGE, and pins when there is room', async () => {
      const { cid } = await files.put([content(2 * MIB, 7)])
      const ballast = join(disk, 'ballast')
      await writeFile(ballast, Buffer.alloc(DISK_BYTES)).catch((error: NodeJS.ErrnoException) => { expect(error.code).toBe('ENOSPC') })
      expect(freeBytes()).toBe(0)
      let failed: Error & { code?: string } | undefined
      // The database has a page to spare at first.
      for (let i = 0; i < 200 && failed === undefined; i++) {
        await files.unpin(cid).then(async () => { await files.pin(cid) }).catch((error: Error) => { failed = error })
      }
      expect(failed).toMatchObject({ name: 'MapReduceError', code: 'STORAGE' })
      await rm(ballast)
      await files.pin(cid)
      await files.remove(cid)
      expect((await collect(files.read(cid))).equals(content(2 * MIB, 7))).toBe(true)
    }, DEADLINE_MS)
  })
}
