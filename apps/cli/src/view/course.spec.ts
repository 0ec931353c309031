import { describe, expect, it } from '@jest/globals'
import type { CourseAttempt } from '@ipfs-mapreduce/protocol'
import type { CourseEvent } from '../client/course.ts'
import { renderCourse } from './course.ts'

const attempt = (changes: Partial<CourseAttempt> = {}): CourseAttempt =>
  ({ kind: 'map', task: 7, attempt: 1, worker: '12D3KooWabcdefgh', beginMs: 1_000, outcome: 'active', backup: false, local: true, ...changes })
const begun = (changes: Partial<CourseAttempt> = {}): CourseEvent => ({ ms: 1_000, what: 'begun', attempt: attempt(changes) })
const ended = (outcome: string, changes: Partial<CourseAttempt> = {}): CourseEvent => ({ ms: 3_500, what: 'ended', attempt: attempt({ outcome, endMs: 3_500, ...changes }) })

describe('the course of a job', () => {
  it.each<[CourseEvent, string]>([
    [begun(), 'map 7#1 at …abcdefgh begins, its blocks are there'],
    [begun({ local: false, attempt: 2 }), 'map 7#2 at …abcdefgh begins, another try, fetches its blocks'],
    [begun({ backup: true, attempt: 2 }), 'map 7#2 at …abcdefgh begins, as a backup, its blocks are there'],
    [begun({ kind: 'reduce' }), 'reduce 7#1 at …abcdefgh begins'],
    [ended('completed'), 'map 7#1 at …abcdefgh completed after 2.5 s'],
    [ended('overtaken'), 'map 7#1 at …abcdefgh overtaken after 2.5 s'],
    [ended('lost', { failure: { code: 'TRANSIENT', message: 'it disconnected' } }), 'map 7#1 at …abcdefgh lost after 2.5 s: TRANSIENT it disconnected'],
    [ended('refused', { failure: { code: 'REFUSED', message: 'no slot' } }), 'map 7#1 at …abcdefgh refused: REFUSED no slot']
  ])('has a line for what happens to an attempt: %j', (event, line) => {
    expect(renderCourse([event])).toEqual([`${event.what === 'begun' ? '     1.0 s' : '     3.5 s'}  ${line}`])
  })

  it('has a program\'s stack below its failure, and no begin of what was refused', () => {
    const failure = { code: 'PROGRAM' as const, message: 'map threw:\n  x', stack: 'Error: x\n    at map (a.ts:1:2)\x1b[2J\n' }
    expect(renderCourse([begun({ outcome: 'refused' }), ended('failed', { failure })])).toEqual([
      '     3.5 s  map 7#1 at …abcdefgh failed after 2.5 s: PROGRAM map threw:; x',
      '    Error: x',
      '        at map (a.ts:1:2)\ufffd[2J'
    ])
  })
})
