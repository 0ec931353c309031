import { describe, expect, it } from '@jest/globals'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { decodeMessage } from '@ipfs-mapreduce/protocol'
import { DEFAULT_TIMING } from '@ipfs-mapreduce/state-machines'
import { destroy, workerWith } from './afflictions.spec.support.ts'
import { expectSequential } from './exact.spec.support.ts'
import { createJournaledWorld } from './journaled.spec.support.ts'
import { A_LINE_A_TASK, lines } from './lines.spec.support.ts'
import { allMapped, createWorld, NO_BACKUPS } from './world.spec.support.ts'

const { awayMs: AWAY, returnMs: RETURN } = DEFAULT_TIMING

type JournaledWorld = ReturnType<typeof createJournaledWorld>

/** What the master's journal says of attempts, in its order. */
function journaledAttempts ({ journals }: Pick<JournaledWorld, 'journals'>): string[] {
  return journals.content('master').flatMap(({ entries }) => entries).flatMap(entry => {
    const { type, attempt, message } = entry as { type: string, attempt?: number, message?: Uint8Array }
    if (type === 'opened') return [`${type} ${attempt}`]
    const report = message === undefined ? undefined : decodeMessage(message)
    return report?.type === 'attemptCompleted' || report?.type === 'attemptFailed' ? [`${type} ${report.ref.attempt}`] : []
  })
}

describe('after a restart of the master', () => {
  it('a task does not hang whose second attempt was opened as the first completed, and not closed', async () => {
    const input = { 'a.txt': lines(1) }
    const w = createJournaledWorld({ seed: 'half closed', journalMs: 4000, timing: NO_BACKUPS })
    w.worker('m1', ['master'])
    const job = await w.submit('master', 'word-count', input, { reducers: 1 })
    // Its answer is being written down, when its worker dies: before the answer counts, the task is given to another.
    await w.attempting('m1', 'reporting')
    await w.clock.advance(10)
    w.worker('m2', ['master'])
    w.network.crash('m1')
    await w.clock.runUntil(() => w.lead('master').job(job)!.maps.attempts === 2, 4000, 'the second attempt')
    await w.clock.runUntil(() => journaledAttempts(w).at(-1) === 'opened 2', 60_000, 'both are written down')
    await w.restart()
    expect(journaledAttempts(w)).toEqual(['opened 1', 'completed 1', 'closed 1', 'opened 2'])
    await allMapped(w, job)
    // The run is lost with its worker, and the first attempt at making it again fails.
    for (const name of ['m1', 'm2']) {
      destroy(w, name)
    }
    let failed = 0
    workerWith(w, 'm3', sound => ({
      execute: async (work, options) => {
        if (failed++ === 0) throw new MapReduceError('STORAGE', 'the disk was full')
        return await sound.execute(work, options)
      },
      close: () => sound.close()
    }))
    w.worker('r1', ['master'])
    const status = await w.ended('master', job, 120_000)
    await expectSequential(w, status, input)
  })

  for (const moment of ['fetching', 'executing'] as const) it(`an attempt goes on that is ${moment}, because the output of the one before it was lost`, async () => {
    const input = { 'a.txt': lines(8) }
    const w = createJournaledWorld({ seed: `lost output ${moment}`, timing: NO_BACKUPS, executeMs: ({ kind }) => kind === 'map' ? 50 : 20_000 })
    for (const name of ['m1', 'r1']) w.worker(name, ['master'])
    await w.clock.advance(1000)
    const job = await w.submit('master', 'word-count', input, { reducers: 1 })
    // Its output does not arrive: the reducer dies as it has reported.
    let died = false
    w.network.onDelivery(({ from, cargo }) => {
      if (died || from !== 'r1' || cargo.kind !== 'request' || cargo.message.type !== 'attemptCompleted') return
      died = true
      destroy(w, 'r1')
    })
    await w.clock.runUntil(() => died, 60_000, 'the first attempt has reported')
    w.worker('r2', ['master'])
    await w.attempting('r2', moment)
    await w.restart(1000)
    const status = await w.ended('master', job)
    expect(status.reduces.attempts).toBe(2)
    await expectSequential(w, status, input)
    // Nothing of it holds a slot.
    await w.clock.advance(20_000)
    expect(w.lead('master').status().workers.map(({ running }) => running)).toEqual([0, 0])
  })

  it('a slot is not given away whose attempt is of a job that is not known again yet', async () => {
    const w = createJournaledWorld({ seed: 'known later', diskMs: 20, timing: NO_BACKUPS, executeMs: () => 5000 })
    w.worker('m1', ['master'])
    await w.clock.advance(1000)
    // The one that has the slot is planned later, because its input has more files.
    const many = await w.submit('master', 'word-count', Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}.txt`, lines(1)])))
    await w.attempting('m1', 'executing')
    const few = await w.submit('master', 'word-count', { 'a.txt': lines(1) })
    await w.clock.advance(1000)
    let offers = 0
    w.network.onDelivery(({ cargo }) => { if (cargo.kind === 'request' && cargo.message.type === 'attemptAssigned') offers++ })
    const planned = (): unknown[] => w.lines.filter(({ message }) => message === 'planned').map(({ fields }) => (fields as { job: unknown }).job)
    await w.restart()
    await w.clock.runUntil(() => planned().length === 4, 5000, 'both are planned again')
    expect(planned().slice(2)).toEqual([few, many])
    expect(w.lead('master').status().workers).toMatchObject([{ peer: 'm1', slots: 1, running: 1 }])
    await w.clock.advance(1000)
    expect(offers).toBe(0)
  })

  it('an attempt is made again as soon as its worker is back without it', async () => {
    const input = { 'a.txt': lines(1) }
    const w = createJournaledWorld({ seed: 'both died', timing: NO_BACKUPS, executeMs: ({ kind }) => kind === 'map' ? 1000 : 50 })
    for (const name of ['m1', 'r1']) w.worker(name, ['master'])
    await w.clock.advance(1000)
    const job = await w.submit('master', 'word-count', input, { reducers: 1 })
    await w.attempting('m1', 'executing')
    w.network.crash('m1')
    const diedMs = w.clock.now()
    await w.restart()
    w.worker('m1', ['master'])
    await expectSequential(w, await w.ended('master', job), input)
    expect(w.clock.now() - diedMs).toBeLessThan(RETURN / 2)
  })

  it('it is still known which splits were read where they lie', async () => {
    const w = createJournaledWorld({ seed: 'locality', timing: NO_BACKUPS, executeMs: ({ kind }) => kind === 'map' ? 1000 : 5000 })
    for (const name of ['m1', 'm2', 'r1']) w.worker(name, ['master'])
    await w.clock.advance(1000)
    const job = await w.submit('master', 'word-count', { 'a.txt': lines(6) }, { ...A_LINE_A_TASK, reducers: 1, holders: ['m1', 'm2'] })
    await allMapped(w, job)
    expect(w.lead('master').job(job)).toMatchObject({ localSplits: 6, remoteSplits: 0 })
    await w.restart()
    expect(await w.ended('master', job)).toMatchObject({ localSplits: 6, remoteSplits: 0 })
  })
})

describe('a worker that drains', () => {
  it('leaves when its master has been away for as long as it may', async () => {
    const w = createWorld({ seed: 'drain', executeMs: () => 5000 })
    w.master('master')
    const m1 = w.worker('m1', ['master'])
    await w.clock.advance(1000)
    await w.submit('master', 'word-count', { 'a.txt': lines(6) }, A_LINE_A_TASK)
    await w.attempting('m1', 'executing')
    w.network.crash('master')
    const goneMs = w.clock.now()
    let left = false
    void m1.drain().then(() => { left = true })
    await w.clock.runUntil(() => left, 2 * AWAY, 'm1 has left')
    // What it made might have been wanted until then.
    expect(w.clock.now() - goneMs).toBeGreaterThan(AWAY - DEFAULT_TIMING.leaseMs)
    expect(w.clock.now() - goneMs).toBeLessThan(AWAY + 60_000)
  })
})
