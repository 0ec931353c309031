import { describe, expect, it } from '@jest/globals'
import type { Outcome } from './jobs.ts'
import type { Fault } from './schedule.ts'
import { judge } from './verdict.ts'

const oracle = { parts: [Buffer.from('a 1\n'), Buffer.from('b 2\n')], counters: { 'map.input.records': 3 } }
const fault: Fault = { kind: 'kill-worker', victim: 'mapper-1', atMs: 0, forMs: 0 }
const succeeded: Outcome = { exit: 0, signal: null, report: { state: 'succeeded', counters: { 'map.input.records': 3, 'map.spilled': 9 } }, parts: [...oracle.parts], success: true }
const failed = (code: string, message = 'why'): Outcome => ({ exit: 1, signal: null, report: { state: 'failed', error: { code, message } }, parts: [], success: false })

describe('a job', () => {
  it('is exact with the bytes and counts of the oracle', () => {
    expect(judge(succeeded, oracle, [])).toEqual({ kind: 'exact' })
    expect(judge(succeeded, oracle, [fault])).toEqual({ kind: 'exact' })
  })

  it.each<[string, Outcome]>([
    ['other bytes', { ...succeeded, parts: [oracle.parts[0]!, Buffer.from('b 3\n')] }],
    ['parts', { ...succeeded, parts: [oracle.parts[0]!] }],
    ['counter map.input.records is 4', { ...succeeded, report: { counters: { 'map.input.records': 4 } } }],
    ['counter map.input.records is undefined', { ...succeeded, report: {} }],
    ['_SUCCESS', { ...succeeded, success: false }],
    ['SIGKILL', { ...succeeded, exit: null, signal: 'SIGKILL' }],
    ['no report', { ...failed('TRANSIENT'), report: undefined }],
    ['no fault explains', failed('PROGRAM')],
    ['no fault explains', failed('FATAL')],
    ['forgotten', failed('TRANSIENT', 'the master was restarted and no longer knows job j')],
    ['mark of success', { ...failed('TRANSIENT'), success: true }]
  ])('is lost, whatever struck it, with: %s', (why, outcome) => {
    expect(judge(outcome, oracle, [fault])).toEqual({ kind: 'lost', why: expect.stringContaining(why) })
  })

  it('may fail for a reason from outside, if something struck it', () => {
    expect(judge(failed('UNREACHABLE'), oracle, [fault])).toEqual({ kind: 'failed', why: 'UNREACHABLE: why' })
    expect(judge(failed('UNREACHABLE'), oracle, [])).toMatchObject({ kind: 'lost' })
  })
})
