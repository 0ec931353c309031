import { describe, expect, it } from '@jest/globals'
import { MapReduceError, sequential, type Executor, type TaskResult, type Work } from '@ipfs-mapreduce/mapreduce'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import { findProgram, SHIPPED } from './program-bundle.ts'
import { createWorld, type World } from './world.spec.support.ts'

const TEXT = 'the whale the ship\nof the sea and the land\n'.repeat(6)
const OPTIONS = { chunkBytes: 40, reducers: 2 }

/** A worker whose executor is another. */
function afflicted (w: World, name: string, executor: (sound: Executor) => Executor): void {
  w.worker(name, ['master'], { afflict: () => ({ network: network => network, files: files => files, clock: clock => clock, executor }) })
}

/** Makes another output than was asked for: its last byte is another. */
function lying (sound: Executor, lies: (work: Work) => boolean): Executor {
  return {
    async execute (work, options): Promise<TaskResult> {
      const honest = await sound.execute(work, options)
      if (!lies(work)) return honest
      return { ...honest, outputs: honest.outputs.map(output => ({ ...output, content: async function * () { for await (const chunk of output.content()) yield chunk.map((byte, i) => i === chunk.length - 1 ? byte ^ 1 : byte) } })) }
    },
    close: () => sound.close()
  }
}

async function exact (w: World, status: JobStatus): Promise<void> {
  const oracle = await sequential(findProgram(SHIPPED, 'word-count'), [{ path: 'a.txt', content: new TextEncoder().encode(TEXT) }], { reducers: OPTIONS.reducers, separator: ' ' })
  expect(status).toMatchObject({ state: 'succeeded' })
  expect(w.files.list(status.result!)!.map(({ cid }) => w.files.content(cid)!)).toEqual(oracle.parts)
  expect(status.counters).toMatchObject(oracle.counters)
}

describe('workers that a job does not trust', () => {
  it('one that fails again and again gets no more of the job, and the job does not fail of it', async () => {
    const w = createWorld({ seed: 'failing' })
    w.master('master')
    afflicted(w, 'm1', () => ({ execute: async () => { throw new MapReduceError('STORAGE', 'the disk is broken') }, close: async () => {} }))
    w.worker('m2', ['master'], { executeMs: () => 2000 })
    w.worker('r1', ['master'])
    await w.clock.advance(1000)
    const status = await w.ended('master', await w.submit('master', 'word-count', { 'a.txt': TEXT }, OPTIONS))
    await exact(w, status)
    expect(status).toMatchObject({ blacklist: ['m1'], maps: { failedAttempts: 3 } })
    expect(status.warnings).toContainEqual(expect.stringMatching(/worker m1 has failed too often, last because the disk is broken/))
  })

  it('a program that throws puts nobody on the blacklist', async () => {
    const throwing = { input: 'lines', map () { throw new Error('no') }, reduce () {} }
    const w = createWorld({ seed: 'throwing', programs: { throwing } })
    w.master('master')
    w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    const status = await w.ended('master', await w.submit('master', 'throwing', { 'a.txt': TEXT }, OPTIONS))
    expect(status).toMatchObject({ state: 'failed', blacklist: [] })
  })

  it('a map that was answered twice, and differently, is decided by a third worker', async () => {
    const w = createWorld({ seed: 'liar' })
    w.master('master')
    afflicted(w, 'm1', sound => lying(sound, ({ kind }) => kind === 'map'))
    for (const name of ['m2', 'm3']) w.worker(name, ['master'])
    w.worker('r1', ['master'])
    await w.clock.advance(1000)
    const job = await w.submit('master', 'word-count', { 'a.txt': TEXT }, OPTIONS)
    // Reducers lose the run of the liar: its task runs again, elsewhere.
    await w.clock.runUntil(() => w.lines.some(({ message, fields }) => message === 'task committed' && (fields as { worker: string }).worker === 'm1'), 60_000, 'a lie has committed')
    w.network.crash('m1')
    w.files.wipe('m1')
    const status = await w.ended('master', job, 3_600_000)
    await exact(w, status)
    expect(status.blacklist).toEqual(['m1'])
    expect(status.warnings).toContainEqual(expect.stringMatching(/another worker decides/))
    expect(status.warnings).toContainEqual(expect.stringMatching(/worker m1 gave another output of map task \d+ than two others; what it made for this job is made again/))
  })

  it('a reduce that was answered twice, and differently, is decided by a third worker', async () => {
    const w = createWorld({ seed: 'lying reducer', timing: { backupMs: 1000 }, executeMs: ({ kind }) => kind === 'map' ? 50 : 500 })
    w.master('master')
    w.worker('m1', ['master'])
    afflicted(w, 'r1', sound => lying(sound, () => true))
    for (const name of ['r2', 'r3']) w.worker(name, ['master'])
    await w.clock.advance(1000)
    // The lie is given up as lost, and comes late.
    const mute = w.network.intercept(({ from, cargo }) => from === 'r1' && ((cargo.kind === 'request' && cargo.message.type === 'attemptCompleted') || cargo.kind === 'gossip') ? { drop: true } : undefined)
    w.network.intercept(({ to, cargo }) => to === 'r1' && cargo.kind === 'request' && cargo.message.type === 'attemptAborted' ? { drop: true } : undefined)
    const job = await w.submit('master', 'word-count', { 'a.txt': TEXT }, { ...OPTIONS, reducers: 2 })
    await w.clock.runUntil(() => w.lead('master').job(job)?.maps.committed === w.lead('master').job(job)?.maps.total, 60_000, 'maps are done')
    await w.clock.runUntil(() => w.get('r1').status().attempts.some(({ state }) => state === 'reporting'), 60_000, 'the liar reports')
    mute()
    await exact(w, await w.ended('master', job))
  })
})
