import { describe, expect, it } from '@jest/globals'
import { readScaleOptions, SCALE_DEFAULTS } from '../scale.ts'
import { fakeCid, indexOf } from './cids.ts'
import { createClock } from './clock.ts'
import { Meter } from './meter.ts'
import { judge, tableText } from './report.ts'
import { measure } from './run.ts'
import { RECORDS_PER_MAP } from './worker.ts'

const TASKS = 5_000
const REDUCERS = 4

describe('scale of the master', () => {
  it('commits every task once and counts every record once, with faults', async () => {
    const measurement = await measure({ ...SCALE_DEFAULTS, workers: 100, tasks: TASKS, reducers: REDUCERS, taskMs: 1_000 })
    const { status, workers, files, violations, kinds, waitingBytes, committedBytes, masterMs } = measurement
    process.stdout.write(`${tableText([measurement])}\n`)
    expect(violations).toEqual([])
    expect(status).toMatchObject({
      state: 'succeeded',
      maps: { total: TASKS, committed: TASKS, pending: 0, running: 0, failed: 0 },
      reduces: { total: REDUCERS, committed: REDUCERS, pending: 0, running: 0, failed: 0 },
      counters: { 'map.input.records': TASKS * RECORDS_PER_MAP, 'reduce.output.records': REDUCERS }
    })
    expect(status.localSplits + status.remoteSplits).toBe(TASKS)
    expect(workers.failed).toBeGreaterThan(TASKS / 200)
    expect(workers.runsLost).toBeGreaterThan(0)
    expect(workers.told).toBeGreaterThanOrEqual(TASKS * REDUCERS)
    expect(files.leaves).toBe(TASKS)
    expect(kinds.find(({ name }) => name === 'attemptCompleted')!.count).toBeGreaterThanOrEqual(TASKS + REDUCERS)
    expect(waitingBytes).toBeGreaterThan(0)
    expect(committedBytes).toBeGreaterThan(waitingBytes)
    expect(masterMs).toBeGreaterThan(0)
  }, 60_000)

  it('finds what is wrong', async () => {
    const measurement = await measure({ ...SCALE_DEFAULTS, workers: 10, tasks: 50, faults: false, journal: false })
    expect(measurement.violations).toEqual([])
    const { job } = measurement
    expect(judge([{ ...measurement, masterMs: job.tasks * 0.25, heartbeatMs: 0, waitingBytes: 4000 }])).toEqual([
      '10 workers, 50 tasks: a task took 250.0 µs of the master\'s processor time, and 100 µs are aimed at',
      '10 workers, 50 tasks: a waiting task took 4000 bytes, and 1024 are aimed at'
    ])
    const cheap = { ...measurement, waitingBytes: 500, heartbeatMs: 0, masterMs: job.tasks * 0.02 }
    expect(judge([cheap, { ...cheap, job: { ...job, tasks: 500 }, masterMs: 500 * 0.05 }])).toEqual(['a task of 500 took 2.5 times as long as one of 50'])
    expect(judge([{ ...cheap, violations: ['the job failed'] }])).toEqual(['10 workers, 50 tasks: the job failed'])
  })

  it('reads its options', () => {
    expect(readScaleOptions(['--workers', '1000,10000', '--tasks', '5', '--no-faults', '--empty', '50'])).toEqual({ ...SCALE_DEFAULTS, workers: [1000, 10_000], tasks: [5], faults: false, emptyShare: 0.5 })
    expect(readScaleOptions([])).toEqual(SCALE_DEFAULTS)
    expect(readScaleOptions(['--help'])).toBeUndefined()
  })

  it.each([
    [['--workers', '0'], '--workers must be a whole number from 1, not 0'],
    [['--tasks', '10,-5'], '--tasks must be a whole number from 1, not -5'],
    [['--slots', '1,2'], '--slots must be a whole number from 1, not 1,2'],
    [['--empty', '101'], '--empty must be a whole number from 0 to 100, not 101'],
    [['--what'], "Unknown option '--what'"]
  ])('says in one line what is wrong with %j', (args, why) => {
    expect(() => readScaleOptions(args)).toThrow(why)
    expect(() => readScaleOptions(args)).toThrow(/^[^\n]*$/)
  })
})

describe('clock of the scale measurement', () => {
  it('fires in the order of due times, runs promises to their end in between, and not what was cleared', async () => {
    const meter = new Meter()
    const clock = createClock(meter)
    const kind = meter.kind('master', 'test')
    const seen: string[] = []
    clock.after(5, kind, () => {
      seen.push(`first at ${clock.now()}`)
      void Promise.resolve().then(() => {}).then(() => {}).then(() => { seen.push('its promises') })
      clock.setTimeout(() => { seen.push(`last at ${clock.now()}`) }, 0)
      clock.clearTimeout(cleared)
    })
    const cleared = clock.setTimeout(() => { seen.push('cleared in its own millisecond') }, 5)
    const late = clock.setTimeout(() => { seen.push('too late') }, 5)
    clock.after(5, kind, () => { seen.push('second') })
    clock.after(2, kind, () => {
      seen.push(`earlier at ${clock.now()}`)
      clock.clearTimeout(late)
    })
    await clock.runUntil(() => seen.some(text => text.startsWith('last')), 10)
    expect(seen).toEqual(['earlier at 2', 'first at 5', 'its promises', 'second', 'last at 5'])
    expect(kind.count).toBe(3)
    await expect(clock.runUntil(() => false, 10)).rejects.toThrow('did not come about by virtual time 5 ms')
  })

  it('gives CIDs a number that can be read back', () => {
    for (const index of [0, 1, 31, 32, 999_999, 2 ** 34]) expect(indexOf(fakeCid('raw', 2, index))).toBe(index)
    expect(fakeCid('raw', 2, 7)).toMatch(/^bafkrei[a-z2-7]{52}$/)
    expect(fakeCid('raw', 2, 7)).not.toBe(fakeCid('raw', 3, 7))
  })
})
