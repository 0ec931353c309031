import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { createFiles, MEMORY, openStore } from '@ipfs-mapreduce/blocks'
import { createLog } from '@ipfs-mapreduce/service'
import { refuseOccupied, writeDirectoryWhole, writeOutput } from './output.ts'

const dir = mkdtempSync(join(tmpdir(), 'ipmr-spec-'))
afterAll(() => { rmSync(dir, { recursive: true }) })

describe('an output directory', () => {
  it('may be new, or empty', async () => {
    mkdirSync(join(dir, 'empty'))
    await refuseOccupied(join(dir, 'empty'))
    await refuseOccupied(join(dir, 'new'))
  })

  it('is refused where it holds something, with a name that is free', async () => {
    mkdirSync(join(dir, 'full'))
    mkdirSync(join(dir, 'full-2'))
    writeFileSync(join(dir, 'full', 'x'), '')
    await expect(refuseOccupied(`${join(dir, 'full')}/`)).rejects.toMatchObject({ name: 'UsageError', message: expect.stringContaining(`--output ${join(dir, 'full-3')}`) })
  })

  it('is refused where it is a file', async () => {
    writeFileSync(join(dir, 'file'), '')
    await expect(refuseOccupied(join(dir, 'file'))).rejects.toMatchObject({ name: 'UsageError', message: expect.stringContaining('is a file') })
  })
})

const isRoot = process.getuid?.() === 0

describe('an output directory that cannot be written', () => {
  const test = isRoot ? it.skip : it
  test(`is refused before the work is done${isRoot ? ' (skipped: root may write everywhere)' : ''}`, async () => {
    mkdirSync(join(dir, 'closed'), { mode: 0o555 })
    await expect(refuseOccupied(join(dir, 'closed', 'below', 'out'))).rejects.toMatchObject({ name: 'UsageError', message: expect.stringMatching(/closed: permission denied \(EACCES\)$/) })
  })

  it('leaves the result, and says how to have it elsewhere', async () => {
    const store = await openStore(MEMORY)
    const files = await createFiles({ store, log: createLog('ipmr', { level: 'silent', format: 'json' }) })
    const { cid } = await files.put([Buffer.from('whale 1\n')])
    const result = await files.directory([{ name: 'part-r-00000', cid, bytes: 8 }])
    writeFileSync(join(dir, 'in-the-way'), '')
    await expect(writeOutput(files, result, join(dir, 'in-the-way', 'out'), {})).rejects.toMatchObject({
      code: 'STORAGE', message: expect.stringMatching(new RegExp(`^cannot write \\S+out: not a directory \\(ENOTDIR\\); the result is there, and ipmr get ${result} -o DIR writes it elsewhere$`))
    })
    await files.stop()
    await store.close()
  })
})

describe('a directory that is written whole', () => {
  const two = async (unfinished: string): Promise<void> => {
    mkdirSync(join(unfinished, 'sub'))
    writeFileSync(join(unfinished, 'sub', 'a'), 'a')
    writeFileSync(join(unfinished, 'b'), 'b')
  }

  it('appears with everything in it, also where an empty one stands', async () => {
    mkdirSync(join(dir, 'whole'))
    const parent = join(dir, 'whole')
    const standing = join(parent, 'standing')
    mkdirSync(standing)
    const { ino } = statSync(standing)
    await writeDirectoryWhole(standing, two)
    await writeDirectoryWhole(join(parent, 'fresh'), two)
    for (const name of ['standing', 'fresh']) expect(readdirSync(join(parent, name), { recursive: true }).sort()).toEqual(['b', 'sub', join('sub', 'a')])
    expect(statSync(standing).ino).toBe(ino)
    expect(readdirSync(parent).sort()).toEqual(['fresh', 'standing'])
  })

  it('leaves nothing where writing fails', async () => {
    mkdirSync(join(dir, 'failing'))
    const written = writeDirectoryWhole(join(dir, 'failing', 'out'), async unfinished => {
      await two(unfinished)
      throw new Error('a block is missing')
    })
    await expect(written).rejects.toThrow('a block is missing')
    expect(readdirSync(join(dir, 'failing'))).toEqual([])
  })
})
