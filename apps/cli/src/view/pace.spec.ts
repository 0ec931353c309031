import { describe, expect, it } from '@jest/globals'
import { jobStatus, tasks } from './job-status.spec.support.ts'
import { Pace } from './pace.ts'

const MIB = 1024 ** 2

describe('the pace of a job', () => {
  it('is unknown before anything was mapped, and over less than a second', () => {
    const pace = new Pace()
    expect(pace.note(jobStatus({ maps: tasks(0, 0), records: 0 }), 0)).toEqual({})
    expect(pace.note(jobStatus({ maps: tasks(8, 0), records: 0, counters: {} }), 500)).toEqual({})
    expect(pace.note(jobStatus({ maps: tasks(8, 0), records: 900, counters: {} }), 900)).toEqual({})
  })

  it('is in records while no map is done, and then in bytes too, with the time left', () => {
    const pace = new Pace()
    pace.note(jobStatus({ maps: tasks(8, 0), records: 0, counters: {} }), 0)
    expect(pace.note(jobStatus({ maps: tasks(8, 0), records: 3000, counters: {} }), 2000)).toEqual({ recordsPerSecond: 1500 })
    const counters = { 'map.input.records': 1024, 'map.input.bytes': MIB }
    const rates = pace.note(jobStatus({ maps: tasks(8, 1), records: 4096, inputBytes: 8 * MIB, counters }), 4000)
    expect(rates).toEqual({ recordsPerSecond: 1024, bytesPerSecond: MIB, left: { phase: 'map', ms: 4000 } })
  })

  it('forgets what was longer ago than ten seconds', () => {
    const pace = new Pace()
    pace.note(jobStatus({ maps: tasks(8, 0), records: 0, counters: {} }), 0)
    pace.note(jobStatus({ maps: tasks(8, 0), records: 100_000, counters: {} }), 5_000)
    expect(pace.note(jobStatus({ maps: tasks(8, 0), records: 101_000, counters: {} }), 15_000)).toEqual({ recordsPerSecond: 100 })
  })

  it('is the mean of the map phase when that is done, and tells how long reducing will take', () => {
    const pace = new Pace()
    const mapped = { maps: tasks(8, 8), records: 8000, inputBytes: 8 * MIB, phases: [{ name: 'map', ms: 4000 }] }
    expect(pace.note(jobStatus({ ...mapped, reduces: tasks(4, 0) }), 5000)).toEqual({ recordsPerSecond: 2000, bytesPerSecond: 2 * MIB })
    expect(pace.note(jobStatus({ ...mapped, reduces: tasks(4, 1) }), 7000)).toMatchObject({ left: { phase: 'reduce', ms: 6000 } })
    expect(pace.note(jobStatus({ ...mapped, reduces: tasks(4, 4) }), 9000).left).toBeUndefined()
  })
})
