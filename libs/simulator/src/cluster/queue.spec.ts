import { describe, expect, it } from '@jest/globals'
import { MAX_QUEUED_JOBS } from '@ipfs-mapreduce/actors'
import { MAX_RUNNING_JOBS } from '@ipfs-mapreduce/protocol'
import { createWorld } from './world.spec.support.ts'

const TEXT = { 'a.txt': 'the whale the ship\nof the sea and the land\n'.repeat(12) }
const OPTIONS = { chunkBytes: 40, reducers: 1 }

function world (seed: string, { slots = 1 } = {}) {
  const w = createWorld({ seed, slots, executeMs: () => 1000 })
  w.master('master')
  for (const name of ['m1', 'm2', 'm3', 'm4']) w.worker(name, ['master'])
  w.worker('r1', ['master'])
  w.worker('r2', ['master'])
  return w
}

describe('many jobs', () => {
  it('share the slots: a small job does not wait for a large one', async () => {
    const w = world('fair')
    await w.clock.advance(500)
    const large = await w.submit('master', 'word-count', { 'a.txt': TEXT['a.txt'].repeat(8) }, OPTIONS)
    await w.clock.advance(3000)
    const small = await w.submit('master', 'word-count', { 'a.txt': 'the whale\n' }, OPTIONS)
    expect(await w.ended('master', small)).toMatchObject({ state: 'succeeded' })
    expect(w.lead('master').job(large)).toMatchObject({ state: 'running' })
    expect(await w.ended('master', large)).toMatchObject({ state: 'succeeded' })
  })

  it('of another master get the slots of reduces whose master is gone, though its own would be waited for', async () => {
    const w = createWorld({ seed: 'gone for good', slots: 1, executeMs: () => 5000 })
    for (const master of ['gone', 'there']) w.master(master)
    for (const name of ['m1', 'r1']) w.worker(name, ['gone', 'there'])
    await w.clock.advance(500)
    await w.submit('gone', 'word-count', TEXT, OPTIONS)
    await w.attempting('r1', 'fetching')
    w.network.crash('gone')
    const job = await w.submit('there', 'word-count', { 'a.txt': 'the whale\n' }, OPTIONS)
    expect(await w.ended('there', job, 120_000)).toMatchObject({ state: 'succeeded' })
  })

  it('of a higher priority get more of them', async () => {
    const w = world('priority', { slots: 4 })
    const large = { 'a.txt': TEXT['a.txt'].repeat(8) }
    await w.clock.advance(500)
    const low = await w.submit('master', 'word-count', large, { ...OPTIONS, priority: 'low' })
    const high = await w.submit('master', 'word-count', large, { ...OPTIONS, priority: 'high' })
    const mapped = (job: string): number => w.lead('master').job(job)!.maps.committed
    await w.clock.runUntil(() => mapped(high) === w.lead('master').job(high)!.maps.total && mapped(high) > 0, 600_000, 'the maps of high')
    expect(mapped(low)).toBeLessThan(mapped(high) / 2)
    expect(await w.ended('master', low)).toMatchObject({ state: 'succeeded' })
  })

  it('wait for their turn, those of a higher priority first', async () => {
    const w = world('turns')
    const jobs = []
    for (let i = 0; i < MAX_RUNNING_JOBS + 2; i++) jobs.push(await w.submit('master', 'word-count', TEXT, OPTIONS))
    const urgent = await w.submit('master', 'word-count', TEXT, { ...OPTIONS, priority: 'high' })
    expect(w.lead('master').job(jobs.at(-1)!)).toMatchObject({ state: 'queued', waiting: expect.stringMatching(/for its turn/) })
    await w.settled(w.client().request('master', { type: 'cancelJob', job: jobs[0]!, reason: 'make room' }))
    expect([urgent, jobs.at(-2)!].map(job => w.lead('master').job(job)!.state)).toEqual([expect.not.stringMatching('queued'), 'queued'])
    for (const job of [...jobs.slice(1), urgent]) expect(await w.ended('master', job, 3_600_000)).toMatchObject({ state: 'succeeded' })
  })

  it('are refused when there are too many of them, and memory stays bounded', async () => {
    const w = world('flood')
    const outcomes = { taken: 0, refused: 0 }
    const SUBMISSIONS = 10_000
    const first = await w.submit('master', 'word-count', TEXT, OPTIONS)
    const { spec } = w.lead('master').job(first)!
    const flood = Array.from({ length: SUBMISSIONS }, async (_, i) => {
      try {
        await w.client().request('master', { type: 'submitJob', cluster: 'simulated', spec, providers: [], deadlineMs: 0, workerWaitMs: 0, maxAttempts: 0, priority: 'normal', submission: `flood-${i}` })
        outcomes.taken++
      } catch (error) {
        expect(error).toMatchObject({ code: 'TRANSIENT', message: expect.stringMatching(/wait for their turn; try again later/) })
        outcomes.refused++
      }
    })
    await w.settled(Promise.all(flood))
    expect(outcomes.taken + outcomes.refused).toBe(SUBMISSIONS)
    expect(w.lead('master').status().jobs.length).toBeLessThanOrEqual(MAX_RUNNING_JOBS + MAX_QUEUED_JOBS + outcomes.taken)
    expect(outcomes.taken).toBeLessThanOrEqual(MAX_RUNNING_JOBS + MAX_QUEUED_JOBS)
  }, 30_000)

  it('that are cancelled stop within 2 s, and leave nothing pinned', async () => {
    const w = createWorld({ seed: 'cancel', executeMs: ({ kind }) => kind === 'map' ? 500 : 60_000 })
    w.master('master')
    for (const name of ['m1', 'm2']) w.worker(name, ['master'])
    for (const name of ['r1', 'r2']) w.worker(name, ['master'])
    await w.clock.advance(500)
    const job = await w.submit('master', 'word-count', TEXT, { ...OPTIONS, reducers: 2 })
    await w.attempting('r1', 'executing')
    const runs = w.lines.length
    await w.settled(w.client().request('master', { type: 'cancelJob', job, reason: 'no more' }))
    await w.clock.advance(2000)
    expect(runs).toBeGreaterThan(0)
    for (const name of ['m1', 'm2', 'r1', 'r2']) expect({ name, running: w.get(name).status().running }).toEqual({ name, running: 0 })
    expect(w.lead('master').job(job)).toMatchObject({ state: 'cancelled' })
  })
})
