import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { programs } from '@ipfs-mapreduce/programs'
import { createLog } from '@ipfs-mapreduce/service'
import { loadProgram } from './load-program.ts'
import { findProgram } from './program.ts'

let directory: string
beforeAll(async () => { directory = await mkdtemp(join(tmpdir(), 'ipmr-load-')) })
afterAll(async () => { await rm(directory, { recursive: true }) })

describe('a program that ships', () => {
  it.each(Object.keys(programs))('%s is what its own sandbox would say', async name => {
    const { path, shipped } = findProgram(name)
    const log = createLog('ipmr', { level: 'silent', format: 'json' })
    expect(await loadProgram({ name, path, shipped }, directory, log)).toEqual(expect.objectContaining(await loadProgram({ name, path }, directory, log)))
  })
})
