import { describe, expect, it } from '@jest/globals'
import { lying, mute, workerWith } from './afflictions.spec.support.ts'
import { expectSequential } from './exact.spec.support.ts'
import { createJournaledWorld } from './journaled.spec.support.ts'
import { A_LINE_A_TASK, lines } from './lines.spec.support.ts'
import { allMapped, createWorld, NO_BACKUPS } from './world.spec.support.ts'

describe('two answers of one task', () => {
  for (const liar of ['first', 'second'] as const) it(`where the ${liar} lies and the second comes while the first is being secured: a third worker decides before the job succeeds`, async () => {
    const input = { 'a.txt': lines(8) }
    const w = createWorld({ seed: `late dissent ${liar}`, timing: NO_BACKUPS, executeMs: ({ kind }) => kind === 'map' ? 50 : 10_000 })
    w.master('master')
    w.worker('m1', ['master'])
    workerWith(w, 'r1', sound => lying(sound, () => liar === 'second'))
    await w.clock.advance(1000)
    mute(w, 'r1')
    // The output of r2 is long on its way to the master.
    w.network.intercept(({ from, to, cargo }) => from === 'r2' && to === 'master' && cargo.kind === 'block' ? { delayMs: 6000 } : undefined)
    const job = await w.submit('master', 'word-count', input, { reducers: 1 })
    await w.attempting('r1', 'executing')
    workerWith(w, 'r2', sound => lying(sound, () => liar === 'first'), { executeMs: () => 2000 })
    await w.clock.runUntil(() => w.lead('master').job(job)!.reduces.attempts === 2, 60_000, 'the second attempt')
    w.worker('r3', ['master'])
    const status = await w.ended('master', job)
    await expectSequential(w, status, input)
    expect(status.blacklist).toEqual([liar === 'first' ? 'r2' : 'r1'])
    expect(status.reduces.attempts).toBe(3)
  })

  it('that a third worker has decided are decided alike after the master\'s restart', async () => {
    const input = { 'a.txt': lines(12) }
    const w = createJournaledWorld({ seed: 'decided', timing: NO_BACKUPS, executeMs: ({ kind }) => kind === 'map' ? 500 : 3000 })
    let runs = 0
    // Its memory goes bad: the second time it answers otherwise.
    workerWith(w, 'm1', sound => lying(sound, ({ kind }) => kind === 'map' && ++runs > 1))
    await w.clock.advance(1000)
    const job = await w.submit('master', 'word-count', input, { chunkBytes: 1024 })
    await allMapped(w, job)
    w.files.wipe('m1')
    for (const name of ['r1', 'r2']) w.worker(name, ['master'])
    await w.clock.runUntil(() => w.lead('master').job(job)!.maps.attempts === 2, 60_000, 'the map runs again')
    w.worker('m2', ['master'])
    await w.clock.runUntil(() => w.lead('master').job(job)!.maps.attempts === 3, 60_000, 'another worker decides')
    await allMapped(w, job)
    expect(w.lead('master').job(job)).toMatchObject({ blacklist: ['m1'] })
    await w.restart()
    const status = await w.ended('master', job)
    await expectSequential(w, status, input)
    expect(status.blacklist).toEqual(['m1'])
  })

  it('count the splits of what a liar had made once, although it is made again', async () => {
    const input = { 'a.txt': lines(6) }
    const w = createWorld({ seed: 'counted once', timing: NO_BACKUPS, executeMs: ({ kind }) => kind === 'map' ? 100 : 5000 })
    w.master('master')
    workerWith(w, 'm1', sound => lying(sound, ({ kind }) => kind === 'map'))
    await w.clock.advance(1000)
    const job = await w.submit('master', 'word-count', input, A_LINE_A_TASK)
    await allMapped(w, job)
    // One run is lost: another worker maps its split, and contradicts.
    w.files.lose('m1', w.files.disk('m1').cids().at(-1)!)
    for (const name of ['m2', 'm3', 'r1', 'r2']) w.worker(name, ['master'])
    const status = await w.ended('master', job)
    await expectSequential(w, status, input)
    expect(status).toMatchObject({ blacklist: ['m1'], maps: { total: 6 } })
    expect(status.localSplits + status.remoteSplits).toBe(6)
  })
})
