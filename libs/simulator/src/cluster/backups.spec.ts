import { describe, expect, it } from '@jest/globals'
import { createWorld } from './world.spec.support.ts'

const MAPS = 8
/** One leaf, and so one map task, for each line. */
const TEXT = { 'a.txt': Array.from({ length: MAPS }, (_, i) => `line ${i} of it\n`).join('') }
const OPTIONS = { chunkBytes: 'line 0 of it\n'.length, reducers: 1 }

/** Runs a job of eight maps on four mappers; returns its status and how long it took. */
async function run (seed: string, mapMs: (mapper: string, task: number) => number, { backupMs = 2000 } = {}) {
  const w = createWorld({ seed, timing: { backupMs } })
  w.master('master')
  for (const name of ['m1', 'm2', 'm3', 'm4']) w.worker(name, ['master'], { executeMs: ({ kind, task }) => kind === 'map' ? mapMs(name, task) : 50 })
  w.worker('r1', ['master'])
  await w.clock.advance(1000)
  const startMs = w.clock.now()
  const job = await w.submit('master', 'word-count', TEXT, OPTIONS)
  const status = await w.ended('master', job)
  return { w, status, ms: w.clock.now() - startMs }
}

describe('backup attempts', () => {
  it('run what a straggler would hold up, elsewhere, and the first to commit wins', async () => {
    const slow = (mapper: string): number => mapper === 'm4' ? 120_000 : 1000
    const [without, backed] = [await run('s', slow, { backupMs: 1_000_000 }), await run('s', slow)]
    expect(without.status).toMatchObject({ state: 'succeeded', maps: { attempts: MAPS, backups: 0 } })
    expect(backed.status).toMatchObject({ state: 'succeeded', maps: { attempts: MAPS + 1, backups: 1, failedAttempts: 0 } })
    expect(backed.status.result).toBe(without.status.result)
    expect(backed.status.counters).toEqual(without.status.counters)
    expect(without.ms).toBeGreaterThan(120_000)
    expect(backed.ms).toBeLessThan(12_000)
    // The straggler was told to stop.
    await backed.w.clock.advance(1000)
    expect(backed.w.get('m4').status()).toMatchObject({ running: 0 })
  })

  it('never run where nothing is slow: eight maps of 2 to 5 s on four workers run exactly eight times', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const { status } = await run(`even ${seed}`, (_, task) => 2000 + (task * 7919 + seed * 104_729) % 3001)
      expect(status).toMatchObject({ state: 'succeeded', maps: { attempts: MAPS, backups: 0 } })
    }
  })

  it('are not run where a single task differs from no other', async () => {
    const w = createWorld({ seed: 'single', executeMs: ({ kind }) => kind === 'map' ? 50 : 60_000 })
    w.master('master')
    w.worker('m1', ['master'])
    w.worker('r1', ['master'])
    w.worker('r2', ['master'])
    const job = await w.submit('master', 'word-count', TEXT, OPTIONS)
    expect(await w.ended('master', job)).toMatchObject({ state: 'succeeded', reduces: { attempts: 1, backups: 0 } })
  })

  it('count the time of a reduce from the last map on: it waits for that', async () => {
    const w = createWorld({ seed: 'reduces', executeMs: ({ kind }) => kind === 'map' ? 20_000 : 500 })
    w.master('master')
    for (const name of ['m1', 'm2']) w.worker(name, ['master'])
    for (const name of ['r1', 'r2', 'r3']) w.worker(name, ['master'], name === 'r3' ? { executeMs: () => 90_000 } : {})
    w.worker('r4', ['master'])
    await w.clock.advance(1000)
    const job = await w.submit('master', 'word-count', TEXT, { ...OPTIONS, reducers: 4 })
    expect(await w.ended('master', job)).toMatchObject({ state: 'succeeded', reduces: { attempts: 5, backups: 1 }, maps: { backups: 0 } })
  })
})
