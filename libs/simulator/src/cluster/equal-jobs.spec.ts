import { describe, expect, it } from '@jest/globals'
import { destroy } from './afflictions.spec.support.ts'
import { expectSequential } from './exact.spec.support.ts'
import { createJournaledWorld } from './journaled.spec.support.ts'
import { lines } from './lines.spec.support.ts'
import { allMapped, createWorld, NO_BACKUPS, type World } from './world.spec.support.ts'

const INPUT = { 'a.txt': lines(8) }
const OPTIONS = { chunkBytes: 1024, reducers: 1 }

async function cancel (w: World, job: string): Promise<void> {
  await w.settled(w.client().request('master', { type: 'cancelJob', job, reason: 'no more' }))
}

/** Whether a peer has dropped something, from now on. */
function watchDrops (w: World, name: string): () => boolean {
  let dropped = false
  w.files.onDropped(peer => { dropped ||= peer === name })
  return () => dropped
}

describe('of two jobs of equal content', () => {
  it('the end of one takes no run that is just being stored for the other', async () => {
    const w = createWorld({ seed: 'stored', slots: 2, diskMs: 100, timing: NO_BACKUPS, executeMs: ({ kind }) => kind === 'map' ? 1000 : 50 })
    w.master('master')
    w.worker('m1', ['master'])
    await w.clock.advance(1000)
    const one = await w.submit('master', 'word-count', INPUT, OPTIONS)
    await allMapped(w, one)
    const other = await w.submit('master', 'word-count', INPUT, OPTIONS)
    await w.attempting('m1', 'storing')
    const dropped = watchDrops(w, 'm1')
    await cancel(w, one)
    await allMapped(w, other)
    await w.clock.runUntil(dropped, 1000, 'the drop of the run')
    w.worker('r1', ['master'])
    const status = await w.ended('master', other)
    expect(status.maps.attempts).toBe(1)
    await expectSequential(w, status, INPUT)
  })

  it('the end of one takes no run that a reduce of the other has just found at its worker', async () => {
    const w = createWorld({ seed: 'found', slots: 2, diskMs: 100, timing: NO_BACKUPS, executeMs: ({ kind }) => kind === 'map' ? 50 : 10_000 })
    w.master('master')
    for (const name of ['m1', 'r1']) w.worker(name, ['master'])
    await w.clock.advance(1000)
    const r1 = w.get('r1')
    const one = await w.submit('master', 'word-count', INPUT, OPTIONS)
    await w.attempting('r1', 'executing')
    const other = await w.submit('master', 'word-count', INPUT, OPTIONS)
    await allMapped(w, other)
    await w.clock.runUntil(() => r1.status().attempts.length === 2, 60_000, 'a reduce of the other')
    const dropped = watchDrops(w, 'r1')
    await cancel(w, one)
    await w.clock.runUntil(() => r1.status().attempts.at(-1)?.ref.job === other && r1.status().attempts.at(-1)?.state === 'executing', 60_000, 'it has its runs')
    expect(dropped()).toBe(false)
    // Nobody else has them.
    destroy(w, 'm1')
    const status = await w.ended('master', other)
    expect(status).toMatchObject({ maps: { attempts: 1 }, reduces: { attempts: 1 } })
    await expectSequential(w, status, INPUT)
  })

  it('the end of one takes no output that the master is just securing for the other', async () => {
    const w = createWorld({ seed: 'secured', slots: 4, diskMs: 100, timing: NO_BACKUPS, executeMs: ({ kind, task }) => kind === 'map' ? 100 : task === 0 ? 500 : 20_000 })
    w.master('master')
    for (const name of ['m1', 'r1']) w.worker(name, ['master'])
    await w.clock.advance(1000)
    const committed = (job: string) => (): boolean => w.lead('master').job(job)!.reduces.committed === 1
    const one = await w.submit('master', 'word-count', INPUT, { ...OPTIONS, reducers: 2 })
    await w.clock.runUntil(committed(one), 60_000, 'a reduce of the one has committed')
    const [output] = w.files.disk('master').pins
    const other = await w.submit('master', 'word-count', INPUT, { ...OPTIONS, reducers: 2 })
    await w.clock.runUntil(() => w.get('r1').status().attempts.some(({ ref, state }) => ref.job === other && state === 'storing'), 60_000, 'the same reduce of the other stores')
    const dropped = watchDrops(w, 'master')
    await cancel(w, one)
    await w.clock.runUntil(committed(other), 60_000, 'it has committed')
    expect(dropped()).toBe(true)
    expect(w.files.disk('master').pins).toContain(output)
    await expectSequential(w, await w.ended('master', other), INPUT)
  })

  it('the end of one that was committing when its master died takes no result of the other', async () => {
    const w = createJournaledWorld({ seed: 'result', diskMs: 100 })
    for (const name of ['m1', 'r1']) w.worker(name, ['master'])
    const other = await w.ended('master', await w.submit('master', 'word-count', INPUT, OPTIONS))
    const one = await w.submit('master', 'word-count', INPUT, OPTIONS)
    const toPin = (): string[] => w.journals.content('master').filter(({ job }) => job === one).flatMap(({ entries }) => entries).flatMap(entry => (entry as { cids?: string[] }).cids ?? [])
    await w.clock.runUntil(() => toPin().includes(other.result!), 60_000, 'the one is about to pin its result')
    await w.restart()
    await cancel(w, one)
    expect(await w.ended('master', one)).toMatchObject({ state: 'cancelled' })
    await w.clock.advance(60_000)
    expect(w.files.disk('master').pins).toContain(other.result)
    await expectSequential(w, other, INPUT)
  })
})
