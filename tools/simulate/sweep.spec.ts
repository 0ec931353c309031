import { describe, expect, it } from '@jest/globals'
import { simulate } from '@ipfs-mapreduce/simulator'
import { coverageLines, failureText, sweepText } from './print.ts'
import { firstDifference } from './difference.ts'

describe('what a sweep prints', () => {
  it('counts seeds, ends and faults, and shows how to replay what failed', async () => {
    const reports = [await simulate(1), await simulate(2)]
    const outcomes = reports.map((report, i) => ({ ...report, seed: i + 1 }))
    const violations = [{ checker: 'a promise', message: 'is broken', atMs: 12, step: 3 }]
    const text = sweepText({ outcomes: [outcomes[0]!, { ...outcomes[1]!, violations }], reached: reports[0]!.reached, wallMs: 1000, rare: [] }, 'commit abc')
    expect(text).toMatch(/^2 seeds, 1 failed; 1\.0 s, 2\.0 seeds\/s;/)
    expect(text).toContain(failureText('2', violations, 'commit abc'))
    expect(text).toContain('seed 2 failed at commit abc\n  a promise: is broken (at 12 ms, step 3)\n  npm run simulate -- --seed 2 --trace')
    expect(text).toMatch(/\ntask: \d+\/\d+ states, \d+\/\d+ transitions\n/)
  })

  it('lists by name what was not reached', () => {
    expect(coverageLines({ states: [], transitions: [] })).toContain('  not reached: task.committed')
  })

  it('finds where two transcripts part', () => {
    expect(firstDifference(['a', 'b'], ['a', 'c'])).toBe('b / c')
    expect(firstDifference(['a', 'b'], ['a'])).toBe('b / its end')
    expect(firstDifference(['a'], ['a', 'b'])).toBe('its end / b')
    expect(firstDifference(['a'], ['a'])).toBe('in what is not shown')
  })
})
