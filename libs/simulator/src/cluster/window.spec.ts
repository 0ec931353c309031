import { describe, expect, it } from '@jest/globals'
import { createWindow, stateOf, type MasterWindow } from '@ipfs-mapreduce/actors'
import { createWorld, type World } from './world.spec.support.ts'

const MAPS = 8
/** One leaf, and so one map task, for each line. */
const TEXT = { 'a.txt': Array.from({ length: MAPS }, (_, i) => `line ${i} of it\n`).join('') }
const OPTIONS = { chunkBytes: 'line 0 of it\n'.length, reducers: 2 }

const statesOf = (window: MasterWindow, job: string, kind: 'map' | 'reduce'): string[] => Array.from(window.job(job)!.states(kind), stateOf)
const attemptsOf = (window: MasterWindow, job: string) => {
  const { attempts } = window.job(job)!
  return (['map', 'reduce'] as const).flatMap(kind => Array.from({ length: kind === 'map' ? MAPS : 2 }, (_, task) => attempts.ofTask(kind, task)).flat())
}

async function watched (seed: string, executeMs: (worker: string) => number, act: (world: World, window: MasterWindow, job: string) => Promise<void> = async () => {}) {
  const w = createWorld({ seed, timing: { backupMs: 2000 }, programs: { throws: { input: 'lines', map () { throw new Error('no such line') }, reduce () {} } } })
  const window = createWindow({ now: () => w.clock.now() })
  w.master('master', { watch: window })
  for (const name of ['m1', 'm2', 'm3', 'm4', 'r1', 'r2']) w.worker(name, ['master'], { executeMs: () => executeMs(name) })
  await w.clock.advance(1000)
  const job = await w.submit('master', seed === 'throws' ? 'throws' : 'word-count', TEXT, OPTIONS)
  await act(w, window, job)
  const status = await w.ended('master', job)
  return { w, window, job, status }
}

describe('a window on a master', () => {
  it('shows a job while it runs and after its end: states, attempts, samples', async () => {
    const { window, job, status } = await watched('plain', () => 3000, async (w, window, job) => {
      await w.clock.runUntil(() => statesOf(window, job, 'map').filter(state => state === 'running').length === 4, 60_000, 'a map on each mapper')
      expect(statesOf(window, job, 'map').filter(state => state === 'waiting')).toHaveLength(MAPS - 4)
      const [task] = statesOf(window, job, 'map').map((state, i) => state === 'running' ? i : []).flat()
      expect(window.job(job)!.task('map', task!)).toMatchObject({ state: 'running', machine: { attempting: { primary: { running: 'leased' }, backup: 'free' } }, attempts: [{ attempt: 1, endMs: -1, outcome: 'active' }] })
      expect(window.job(job)!.machine).toMatchObject({ alive: { running: { maps: 'mapping' } } })
    })
    expect(status.state).toBe('succeeded')
    expect(window.job(job)!.isOpen).toBe(false)
    expect(statesOf(window, job, 'map')).toEqual(Array.from({ length: MAPS }, () => 'committed'))
    expect(statesOf(window, job, 'reduce')).toEqual(['committed', 'committed'])
    const attempts = attemptsOf(window, job)
    expect(attempts).toHaveLength(status.maps.attempts + status.reduces.attempts)
    for (const { startMs, endMs, outcome, worker } of attempts) {
      expect(endMs - startMs).toBeGreaterThanOrEqual(3000)
      expect({ outcome, worker }).toEqual({ outcome: 'completed', worker: expect.stringMatching(/^[mr]\d$/) })
    }
    const last = window.job(job)!.samples.all.at(-1)!
    expect(last).toMatchObject({ records: MAPS, shuffleBytes: status.counters['shuffle.bytes'], fetchedBytes: status.fetchedBytes, maps: 0, reduces: 0 })
    expect(window.job(job)!.samples.all.length).toBeGreaterThan(3)
  })

  it('tells a backup from what it backs up, and who was overtaken', async () => {
    const { window, job, status } = await watched('backups', name => name === 'm4' ? 120_000 : 1000)
    expect(status.maps.backups).toBe(1)
    const attempts = attemptsOf(window, job)
    const backup = attempts.find(one => one.backup)!
    expect(backup).toMatchObject({ attempt: 2, outcome: 'completed' })
    expect(attempts.find(one => one.kind === 'map' && one.task === backup.task && one.attempt === 1)).toMatchObject({ worker: 'm4', outcome: 'overtaken' })
    expect(window.job(job)!.failures).toEqual([])
  })

  it('shows what was lost with a worker, and why', async () => {
    const { window, job, status } = await watched('lost', () => 3000, async w => {
      await w.clock.advance(1500)
      w.network.crash('m2')
    })
    expect(status.state).toBe('succeeded')
    expect(attemptsOf(window, job).filter(({ outcome }) => outcome === 'lost')).toMatchObject([{ worker: 'm2', kind: 'map' }])
    expect(window.job(job)!.failures).toMatchObject([{ worker: 'm2', kind: 'map', outcome: 'lost', message: expect.stringContaining('m2') }])
  })

  it("shows the program's error with its stack, and tasks that were given up", async () => {
    const { window, job, status } = await watched('throws', () => 100)
    expect(status.state).toBe('failed')
    expect(statesOf(window, job, 'map')).toContain('failed')
    expect(window.job(job)!.failures[0]).toMatchObject({ code: 'PROGRAM', outcome: 'failed', message: expect.stringContaining('no such line'), stack: expect.stringContaining('Error') })
    expect(attemptsOf(window, job).every(({ endMs }) => endMs >= 0)).toBe(true)
  })

  it('says the same of what happened as a master that nobody watches', async () => {
    const trace = async (watch: boolean): Promise<unknown> => {
      const w = createWorld({ seed: 'same' })
      w.master('master', watch ? { watch: createWindow({ now: () => w.clock.now() }) } : {})
      for (const name of ['m1', 'm2', 'r1']) w.worker(name, ['master'])
      const job = await w.submit('master', 'word-count', TEXT, OPTIONS)
      return { status: await w.ended('master', job), log: w.lines }
    }
    expect(await trace(true)).toEqual(await trace(false))
  })
})
