import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { refuseOccupied, writeDirectoryWhole } from './output.ts'

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
