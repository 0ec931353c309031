import { describe, expect, it } from '@jest/globals'
import { roundLines, summary } from './report.ts'
import type { JobResult, RoundResult } from './round.ts'
import type { Fault } from './schedule.ts'
import { median, Statistics } from './statistics.ts'
import type { Verdict } from './verdict.ts'

const fault = (kind: Fault['kind']): Fault => ({ kind, victim: 'mapper-1', atMs: 1000, forMs: 2000 })
function result (number: number, ms: number, planned: Fault[], struck = planned, verdict: Verdict = { kind: 'exact' }, problems: string[] = []): RoundResult {
  const job: JobResult = { job: 'word-count', verdict, ms, struck }
  return { round: { number, jobs: ['word-count'], faults: planned }, jobs: [job], struck, problems }
}

describe('the report', () => {
  it('tells what a fault cost: medians of jobs that it alone struck, over those of calm ones', () => {
    const statistics = new Statistics()
    for (const ms of [4000, 5000, 9000]) statistics.add(result(1, ms, []))
    for (const ms of [6000, 8000]) statistics.add(result(2, ms, [fault('drain')]))
    statistics.add(result(3, 99_000, [fault('drain'), fault('loss')]))
    statistics.add(result(4, 5000, [fault('loss')], []))
    expect(statistics.costs()).toEqual([{ kind: 'drain', jobs: 2, ms: 2000 }])
    expect(statistics.calm).toEqual({ jobs: 4, ms: 5000 })
    expect(summary(statistics, 'again').join('\n')).toBe(`
7 rounds; jobs: 7 exact, 0 failed for a true reason, 0 lost
faults: drain 3, loss 1
an undisturbed job took 5.0 s (median of 4); a fault cost, as the median of jobs that it alone struck:
  drain          +2.0 s  (2 jobs)
nothing was lost
  again`)
  })

  it('names what was lost, and how to see it again', () => {
    const statistics = new Statistics()
    const lost = result(9, 4000, [fault('drain')], undefined, { kind: 'lost', why: 'wrong bytes' }, ['2 of 5 workers are ready'])
    statistics.add(lost)
    expect(roundLines(lost)).toEqual([
      'round 9: word-count, drain mapper-1 at 1.0 s for 2.0 s: lost in 4.0 s',
      '  lost: word-count: wrong bytes',
      '  lost: 2 of 5 workers are ready'
    ])
    expect(statistics.lost).toHaveLength(2)
    expect(summary(statistics, 'again').slice(-4)).toEqual([
      'LOST: round 9, word-count: wrong bytes', 'LOST: round 9: 2 of 5 workers are ready', 'the faults of this run come again with:', '  again'
    ])
  })

  it('says where a round was over before its faults', () => {
    expect(roundLines(result(4, 900, [fault('loss')], []))).toEqual(['round 4: word-count, loss mapper-1 at 1.0 s for 2.0 s: exact in 0.9 s (over before 1 of the faults)'])
  })
})

describe('the median', () => {
  it('is in the middle', () => {
    expect([median([3]), median([4, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([3, 2, 2.5, NaN])
  })
})
