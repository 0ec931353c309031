import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { refuseOccupied } from './output.ts'

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
