import { describe, expect, it } from '@jest/globals'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import { destroy } from './afflictions.spec.support.ts'
import { expectOnlyResult, expectSequential } from './exact.spec.support.ts'
import { createJournaledWorld } from './journaled.spec.support.ts'
import type { World } from './world.spec.support.ts'

const INPUT = { 'a.txt': 'the whale the ship\nof the sea and the land\n'.repeat(12) }
const OPTIONS = { chunkBytes: 40, reducers: 2 }

/** A master with a journal, two mappers, two reducers. */
function journaled (seed: string, executeMs: (kind: string) => number = kind => kind === 'map' ? 1000 : 2000) {
  const w = createJournaledWorld({ seed, executeMs: ({ kind }) => executeMs(kind) })
  for (const name of ['m1', 'm2', 'r1', 'r2']) w.worker(name, ['master'])
  return w
}

async function expectExact (w: World, master: string, job: string): Promise<JobStatus> {
  const status = await w.ended(master, job, 3_600_000)
  await expectSequential(w, status, INPUT)
  return status
}

/** Of the entries that the master's disk holds of a job. */
function journaledTypes ({ journals }: Pick<ReturnType<typeof journaled>, 'journals'>, job: string): unknown[] {
  return journals.content('master').filter(one => one.job === job).flatMap(({ entries }) => entries).map(entry => (entry as { type: unknown }).type)
}

describe('a master that survives', () => {
  it('takes its jobs up again, wherever it was killed, and runs nothing twice that had committed', async () => {
    for (let point = 0; point < 24; point++) {
      const w = journaled(`killed ${point}`)
      await w.clock.advance(500)
      const job = await w.submit('master', 'word-count', INPUT, OPTIONS)
      await w.clock.advance(point * 500)
      await w.restart(point % 3 * 4000)
      const { maps, reduces } = await expectExact(w, 'master', job)
      // Attempts ride through: none is made again, but one whose offer was on its way.
      expect({ point, again: maps.attempts - maps.total <= 2 && reduces.attempts - reduces.total <= 2 }).toEqual({ point, again: true })
    }
  }, 60_000)

  it('survives being killed again and again', async () => {
    const w = journaled('again and again')
    await w.clock.advance(500)
    const job = await w.submit('master', 'word-count', INPUT, OPTIONS)
    for (let kill = 0; kill < 5; kill++) {
      await w.clock.advance(1500)
      await w.restart(700)
    }
    await expectExact(w, 'master', job)
  })

  it('keeps what its workers finish while it is away', async () => {
    const w = journaled('away', kind => kind === 'map' ? 3000 : 1000)
    await w.clock.advance(500)
    const job = await w.submit('master', 'word-count', INPUT, OPTIONS)
    await w.attempting('m1', 'executing')
    w.network.crash('master')
    // Far longer than a lease, and than a report's first retries.
    await w.clock.advance(300_000)
    expect(w.get('m1').status().attempts).toMatchObject([{ state: 'reporting' }])
    w.start()
    const { maps } = await expectExact(w, 'master', job)
    expect(maps.attempts).toBe(maps.total)
  })

  it('knows a submission again that its client sends again', async () => {
    const w = journaled('submitted twice')
    const job = await w.submit('master', 'word-count', INPUT, { ...OPTIONS, submission: 'mine' })
    await w.restart()
    expect(await w.submit('master', 'word-count', INPUT, { ...OPTIONS, submission: 'mine' })).toBe(job)
    await expectExact(w, 'master', job)
    await w.restart()
    expect(await w.submit('master', 'word-count', INPUT, { ...OPTIONS, submission: 'mine' })).toBe(job)
    expect(w.lead('master').status().jobs).toHaveLength(1)
  })

  it('that is stopped in order leaves its jobs to its next start, and its workers what they made', async () => {
    const w = journaled('stopped')
    await w.clock.advance(500)
    const job = await w.submit('master', 'word-count', INPUT, OPTIONS)
    await w.clock.runUntil(() => (w.lead('master').job(job)?.maps.committed ?? 0) > 3, 60_000, 'some maps')
    await w.settled(w.lead('master').stop())
    await w.clock.advance(2500)
    await w.restart(1000)
    const { maps } = await expectExact(w, 'master', job)
    expect(maps.attempts).toBeLessThanOrEqual(maps.total + 1)
  })

  it('announces the same result and record again when it was killed as its job succeeded', async () => {
    const w = journaled('killed in the end')
    await w.clock.advance(500)
    const job = await w.submit('master', 'word-count', INPUT, OPTIONS)
    const { result, record } = await w.ended('master', job)
    w.network.crash('master')
    // Its journal says what was stored, and not yet that the job has ended.
    expect(journaledTypes(w, job)).toContain('stored')
    expect(journaledTypes(w, job)).not.toContain('ended')
    await w.clock.advance(5000)
    w.start()
    const again = await w.ended('master', job)
    expect(again).toMatchObject({ state: 'succeeded', result, record })
    await w.clock.advance(60_000)
    expectOnlyResult(w, again)
  })

  it('remembers that a job was cancelled', async () => {
    const w = journaled('cancelled')
    const job = await w.submit('master', 'word-count', INPUT, OPTIONS)
    await w.settled(w.client().request('master', { type: 'cancelJob', job, reason: 'no more' }))
    await w.restart()
    expect(await w.ended('master', job)).toMatchObject({ state: 'cancelled', reason: 'no more' })
  })

  it('does not act on what it cannot write down', async () => {
    const w = journaled('full')
    const job = await w.submit('master', 'word-count', INPUT, OPTIONS)
    w.journals.setFull('master', true)
    expect(await w.ended('master', job)).toMatchObject({ state: 'failed', reason: expect.stringMatching(/could not write its journal/) })
    const refused = w.submit('master', 'word-count', INPUT, OPTIONS)
    await expect(refused).rejects.toMatchObject({ code: 'STORAGE' })
  })

  it('is followed by another on another machine, from the last checkpoint', async () => {
    const w = journaled('resumed', kind => kind === 'map' ? 4000 : 2000)
    w.master('other')
    for (const name of ['m1', 'm2', 'r1', 'r2']) {
      w.network.crash(name)
      await w.clock.advance(10)
      w.worker(name, ['master', 'other'])
    }
    await w.clock.advance(2000)
    const job = await w.submit('master', 'word-count', INPUT, OPTIONS)
    await w.clock.runUntil(() => (w.lead('master').job(job)?.maps.committed ?? 0) >= 8 && w.lead('master').job(job)?.checkpoint !== undefined, 600_000, 'a checkpoint')
    const { checkpoint } = w.lead('master').job(job)!
    await w.clock.advance(1000)
    destroy(w, 'master')
    await w.clock.advance(10_000)
    const answer = await w.settled(w.client().request(w.network.address('other'), { type: 'resumeJob', cluster: 'simulated', checkpoint: checkpoint!, providers: [] }))
    expect(answer).toEqual({ type: 'jobAccepted', job })
    const committed = () => w.lead('other').job(job)?.maps.committed ?? 0
    await w.clock.runUntil(() => committed() > 0, 60_000, 'taken up')
    expect(committed()).toBeGreaterThanOrEqual(4)
    const { maps } = await expectExact(w, 'other', job)
    expect(maps.attempts).toBeLessThan(maps.total + 6)
    // Nothing of it is left at the workers but what the result needs.
    await w.clock.advance(60_000)
    expect(w.get('m1').status().running).toBe(0)
    expect(w.files.holders(checkpoint!)).toEqual([])
  })

  it('does not take what is no checkpoint', async () => {
    const w = journaled('no checkpoint')
    const checkpoint = await w.files.addFile('client', new TextEncoder().encode('{}'), 64)
    const resumed = w.settled(w.client().request(w.network.address('master'), { type: 'resumeJob', cluster: 'simulated', checkpoint, providers: [w.network.address('client')] }))
    await expect(resumed).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })
})
