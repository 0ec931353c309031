import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { bundledExecutor } from './bundled-executor.spec.support.ts'
import { bytesOf, LINE, mapWork, options, program, reading, wordCount } from './sandbox.spec.support.ts'
import { createSandbox } from './sandbox.ts'
import type { Sandbox } from './sandbox.ts'

const executor = bundledExecutor()
const DISK_BYTES = 8 * 1024 * 1024
const DISK_FILES = 64
/** Why no small disk can be made here; undefined where it can. */
const unable = process.platform !== 'linux' ? 'only Linux has tmpfs' : process.getuid?.() !== 0 ? 'only root may mount one' : undefined

if (unable !== undefined) it.todo(`a disk that is full: skipped, because ${unable}`)
else {
  describe('a sandbox on a disk that is full', () => {
    let disk: string
    let sandbox: Sandbox
    beforeEach(async () => {
      disk = mkdtempSync(join(tmpdir(), 'sandbox-disk-'))
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES},nr_inodes=${DISK_FILES}`, 'tmpfs', disk])
      sandbox = createSandbox({ entry: executor.entry, scratchDir: join(disk, 'scratch'), slots: 2 })
      // Its own directory is there.
      await sandbox.describe(wordCount)
    })
    afterEach(async () => {
      await sandbox.close()
      execFileSync('umount', [disk])
      rmSync(disk, { recursive: true })
    })
    const ballast = (): string => join(disk, 'ballast')
    const fill = (): void => { expect(() => { writeFileSync(ballast(), Buffer.alloc(DISK_BYTES + 1)) }).toThrow('ENOSPC') }
    const FULL = { code: 'STORAGE', message: expect.stringContaining('no space left') }

    it('fails with STORAGE where an executor cannot start, or cannot be given its program, and goes on when there is room', async () => {
      mkdirSync(ballast())
      for (let n = 0, more = true; more; n++) {
        try {
          writeFileSync(join(ballast(), `${n}`), '')
        } catch (error) {
          expect(error).toMatchObject({ code: 'ENOSPC' })
          more = false
        }
      }
      const another = program('emit(value, 1)')
      await expect(sandbox.describe(another)).rejects.toMatchObject(FULL)
      await expect(sandbox.execute(mapWork(LINE.length), options(wordCount))).rejects.toMatchObject(FULL)
      rmSync(ballast(), { recursive: true })
      fill()
      await expect(sandbox.describe(another)).rejects.toMatchObject(FULL)
      rmSync(ballast())
      await sandbox.describe(another)
      expect(readdirSync(join(disk, 'scratch'))).toHaveLength(1)
    }, 30_000)

    it('fails with STORAGE where an attempt cannot write its runs', async () => {
      fill()
      rmSync(ballast())
      writeFileSync(ballast(), Buffer.alloc(DISK_BYTES - 1024 * 1024))
      const text = bytesOf(Array.from({ length: 200_000 }, (_, n) => `word${n}\n`).join(''))
      await expect(sandbox.execute(mapWork(text.length), options(wordCount, { read: reading({ text }, 64 * 1024) }))).rejects.toMatchObject({ code: 'STORAGE', message: expect.stringContaining('ENOSPC') })
    }, 30_000)
  })
}
