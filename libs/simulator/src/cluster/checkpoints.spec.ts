import { describe, expect, it } from '@jest/globals'
import { createVirtualJournals } from '../journal/virtual-journals.ts'
import { destroy } from './afflictions.spec.support.ts'
import { expectOnlyResult, expectSequential } from './exact.spec.support.ts'
import { A_LINE_A_TASK, lines } from './lines.spec.support.ts'
import type { Surroundings } from './process.ts'
import { createWorld, NO_BACKUPS, type World, type WorldInit } from './world.spec.support.ts'

const INPUT = { 'a.txt': lines(12) }

/** Maps take so long that a checkpoint is written before all have committed. */
const SLOW_MAPS: Pick<WorldInit, 'executeMs'> = { executeMs: ({ kind }) => kind === 'map' ? 4000 : 2000 }

/** A job of `master`, whose workers are also those of `other`, a while before its first checkpoint. */
async function withAnother (w: World, other: Partial<Surroundings> = {}): Promise<string> {
  w.master('master')
  w.master('other', other)
  for (const name of ['m1', 'm2', 'r1', 'r2']) w.worker(name, ['master', 'other'])
  await w.clock.advance(2000)
  return await w.submit('master', 'word-count', INPUT, A_LINE_A_TASK)
}

/** The checkpoint that is shown next. */
async function nextCheckpoint (w: World, job: string): Promise<string> {
  const last = (): string | undefined => w.lead('master').job(job)?.checkpoint
  const before = last()
  await w.clock.runUntil(() => last() !== before, 600_000, 'a checkpoint')
  return last()!
}

/** The machine of the master is lost, half a second after its last checkpoint: its workers have fetched that. */
async function loseMaster (w: World): Promise<void> {
  await w.clock.advance(500)
  destroy(w, 'master')
  await w.clock.advance(1000)
}

async function resume (w: World, checkpoint: string): Promise<string> {
  const answer = await w.client().request(w.network.address('other'), { type: 'resumeJob', cluster: 'simulated', checkpoint, providers: [] })
  return answer.type === 'jobAccepted' ? answer.job : answer.type
}

describe('a checkpoint', () => {
  it('that two clients ask for at once is taken up as one job', async () => {
    const w = createWorld({ seed: 'twice at once', ...SLOW_MAPS })
    const journals = createVirtualJournals({ clock: w.clock, random: w.random.fork('journals') })
    const job = await withAnother(w, { journal: journals.open })
    const checkpoint = await nextCheckpoint(w, job)
    await loseMaster(w)
    expect(await w.settled(Promise.all([resume(w, checkpoint), resume(w, checkpoint)]))).toEqual([job, job])
    const status = await w.ended('other', job)
    await expectSequential(w, status, INPUT)
    expect(w.lines.filter(({ peer, message }) => peer === 'other' && message === 'planned')).toHaveLength(1)
  })

  it('of a job that is known already is not fetched once more, and need not be there any more', async () => {
    const w = createWorld({ seed: 'asked again', ...SLOW_MAPS })
    const job = await withAnother(w)
    const checkpoint = await nextCheckpoint(w, job)
    await loseMaster(w)
    let pages = 0
    w.network.onDelivery(({ to, cargo }) => { if (to === 'other' && cargo.kind === 'block' && cargo.cid !== checkpoint) pages++ })
    expect(await w.settled(resume(w, checkpoint))).toBe(job)
    expect(pages).toBeGreaterThan(0)
    pages = 0
    expect(await w.settled(resume(w, checkpoint))).toBe(job)
    expect(pages).toBe(0)
    const status = await w.ended('other', job)
    await w.clock.advance(60_000)
    expect(w.files.holders(checkpoint)).toEqual([])
    // As a client does that has not heard the answer.
    expect(await w.settled(resume(w, checkpoint))).toBe(job)
    expect(w.lead('other').job(job)).toEqual(status)
  })

  it('that was shown before the last one can be taken up too', async () => {
    const w = createWorld({ seed: 'the one before', ...SLOW_MAPS })
    const job = await withAnother(w)
    const shown = await nextCheckpoint(w, job)
    await nextCheckpoint(w, job)
    await loseMaster(w)
    expect(await w.settled(resume(w, shown))).toBe(job)
    await expectSequential(w, await w.ended('other', job), INPUT)
  })

  it('is kept by a worker that could not fetch the one before', async () => {
    const w = createWorld({ seed: 'kept', timing: NO_BACKUPS, executeMs: ({ kind, task }) => kind === 'map' && task > 3 ? 100_000 : 4000 })
    w.master('master')
    for (const name of ['m1', 'r1', 'r2']) w.worker(name, ['master'])
    await w.clock.advance(1000)
    const job = await w.submit('master', 'word-count', INPUT, A_LINE_A_TASK)
    const first = await nextCheckpoint(w, job)
    w.network.intercept(({ to, cargo }) => to === 'r1' && cargo.kind === 'block' && cargo.cid === first ? { drop: true } : undefined)
    const second = await nextCheckpoint(w, job)
    await w.clock.advance(60_000)
    expect(w.files.holders(first)).not.toContain('r1')
    expect(w.files.holders(second)).toContain('r1')
  })

  it('that could not be written leaves nothing pinned', async () => {
    const w = createWorld({ seed: 'full', diskMs: 50, ...SLOW_MAPS })
    w.master('master')
    for (const name of ['m1', 'm2', 'r1', 'r2']) w.worker(name, ['master'])
    const job = await w.submit('master', 'word-count', INPUT, A_LINE_A_TASK)
    await nextCheckpoint(w, job)
    await w.clock.advance(3000)
    // The disk is full when a page of the next one is there, and its root is written.
    const blocks = w.files.disk('master').cids().length
    await w.clock.runUntil(() => w.files.disk('master').cids().length > blocks, 60_000, 'a page')
    w.files.fill('master', true)
    const failed = (): boolean => w.lines.some(({ message }) => message.startsWith('no checkpoint could be written'))
    await w.clock.runUntil(failed, 1000, 'the failure')
    w.files.fill('master', false)
    const status = await w.ended('master', job)
    await expectSequential(w, status, INPUT)
    await w.clock.advance(60_000)
    expectOnlyResult(w, status)
  })

  it('that another master has taken up: the first one, back without its memory, does not make workers drop the job\'s runs', async () => {
    const w = createWorld({ seed: 'without memory', timing: NO_BACKUPS, executeMs: ({ kind, task }) => kind === 'map' ? (task === 6 ? 60_000 : 1000) : 2000 })
    const job = await withAnother(w)
    const checkpoint = await nextCheckpoint(w, job)
    await loseMaster(w)
    expect(await w.settled(resume(w, checkpoint))).toBe(job)
    await w.clock.advance(1000)
    w.master('master', { random: w.around.random.fork('second life') })
    const status = await w.ended('other', job)
    await expectSequential(w, status, INPUT)
    // But for those that ran as the first master was lost, no map runs twice.
    expect(status.maps.attempts).toBeLessThanOrEqual(status.maps.total + 1)
  })
})
