import { describe, expect, it } from '@jest/globals'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { destroy, isolate, lying, workerWith } from './afflictions.spec.support.ts'
import { expectSequential } from './exact.spec.support.ts'
import { allMapped, createWorld } from './world.spec.support.ts'

const INPUT = { 'a.txt': 'the whale the ship\nof the sea and the land\n'.repeat(6) }
const OPTIONS = { chunkBytes: 40, reducers: 2 }

describe('workers that a job does not trust', () => {
  it('one that fails again and again gets no more of the job, and the job does not fail of it', async () => {
    const w = createWorld({ seed: 'failing' })
    w.master('master')
    workerWith(w, 'm1', () => ({ execute: async () => { throw new MapReduceError('STORAGE', 'the disk is broken') }, close: async () => {} }))
    w.worker('m2', ['master'], { executeMs: () => 2000 })
    w.worker('r1', ['master'])
    await w.clock.advance(1000)
    const status = await w.ended('master', await w.submit('master', 'word-count', INPUT, OPTIONS))
    await expectSequential(w, status, INPUT)
    expect(status).toMatchObject({ blacklist: ['m1'], maps: { failedAttempts: 3 } })
    expect(status.warnings).toContainEqual(expect.stringMatching(/worker m1 has failed too often, last because the disk is broken/))
  })

  it('a program that throws puts nobody on the blacklist', async () => {
    const throwing = { input: 'lines', map () { throw new Error('no') }, reduce () {} }
    const w = createWorld({ seed: 'throwing', programs: { throwing } })
    w.master('master')
    w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    const status = await w.ended('master', await w.submit('master', 'throwing', INPUT, OPTIONS))
    expect(status).toMatchObject({ state: 'failed', blacklist: [] })
  })

  it('a map that was answered twice, and differently, is decided by a third worker', async () => {
    const w = createWorld({ seed: 'liar' })
    w.master('master')
    workerWith(w, 'm1', sound => lying(sound, ({ kind }) => kind === 'map'))
    for (const name of ['m2', 'm3']) w.worker(name, ['master'])
    w.worker('r1', ['master'])
    await w.clock.advance(1000)
    const job = await w.submit('master', 'word-count', INPUT, OPTIONS)
    // Reducers lose the run of the liar: its task runs again, elsewhere.
    await w.clock.runUntil(() => w.lines.some(({ message, fields }) => message === 'task committed' && (fields as { worker: string }).worker === 'm1'), 60_000, 'a lie has committed')
    destroy(w, 'm1')
    const status = await w.ended('master', job, 3_600_000)
    await expectSequential(w, status, INPUT)
    expect(status.blacklist).toEqual(['m1'])
    expect(status.warnings).toContainEqual(expect.stringMatching(/another worker decides/))
    expect(status.warnings).toContainEqual(expect.stringMatching(/worker m1 gave another output of map task \d+ than two others; what it made for this job is made again/))
  })

  it('a reduce that was answered twice, and differently, is decided by a third worker', async () => {
    const w = createWorld({ seed: 'lying reducer', timing: { backupMs: 1000 }, executeMs: ({ kind }) => kind === 'map' ? 50 : 500 })
    w.master('master')
    w.worker('m1', ['master'])
    workerWith(w, 'r1', sound => lying(sound, () => true))
    for (const name of ['r2', 'r3']) w.worker(name, ['master'])
    await w.clock.advance(1000)
    // The lie is given up as lost, and comes late.
    const heard = isolate(w, 'r1')
    const job = await w.submit('master', 'word-count', INPUT, OPTIONS)
    await allMapped(w, job)
    await w.attempting('r1', 'reporting')
    heard()
    await expectSequential(w, await w.ended('master', job), INPUT)
  })
})
