import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { encodeMessage, MAX_COURSE_ATTEMPTS, MAX_COURSE_FAILURES, MAX_MESSAGE_BYTES, MAX_REASON_CHARS, MAX_STACK_CHARS, type CourseAttempt, type CoursePlace } from '@ipfs-mapreduce/protocol'
import { courseSince } from './course.ts'
import { createWindow } from './window.ts'
import type { JobView } from './job-view.ts'
import type { WatchedJob } from './watch.ts'

const none = { table: { records: [] }, machineOf: () => undefined }

/** A window on one job, in which attempts begin and end as the test says. */
function stage () {
  let nowMs = 0
  const window = createWindow({ now: () => ++nowMs })
  window.jobOpened({ id: 'j', startedMs: 0, maps: none, reduces: none, machine: undefined, isReplaying: false } as unknown as WatchedJob)
  const ref = (task: number) => ({ job: 'j', kind: 'map', task, attempt: 1 }) as const
  const view = window.job('j')!
  // Of the window only what an attempt does; samples want a status.
  return {
    view,
    start: (task: number) => { view.started(ref(task), { worker: `w${task % 3}`, backup: false, local: task % 2 === 0 }, ++nowMs) },
    end: (task: number, message?: string, stack?: string) => {
      view.ended(ref(task), { worker: `w${task % 3}`, outcome: message === undefined ? 'completed' : 'failed', ...message !== undefined && { failure: { code: 'PROGRAM', message, ...stack !== undefined && { stack } } } }, ++nowMs)
    }
  }
}

/** Asks until there is no more; gives what is known then, and how many answers it took. */
function read (view: JobView, place: CoursePlace, known: Map<number, CourseAttempt>): { place: CoursePlace, answers: number } {
  for (let answers = 1; ; answers++) {
    const course = courseSince(view, place)
    expect(encodeMessage(course).byteLength).toBeLessThanOrEqual(MAX_MESSAGE_BYTES)
    for (const attempt of course.attempts) known.set(attempt.task, attempt)
    place = course.next
    if (!course.more) return { place, answers }
  }
}

describe('the course of a job', () => {
  it('is the same for who asks now and then as for who asks at the end', () => {
    const step = fc.oneof(fc.constant('start' as const), fc.constant('ask' as const), fc.record({ end: fc.nat(20), fails: fc.boolean() }))
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const at = stage()
      const known = new Map<number, CourseAttempt>()
      const open = new Set<number>()
      let place = { begun: 0, ended: 0 }
      let count = 0
      for (const one of steps) {
        if (one === 'start') {
          open.add(count)
          at.start(count++)
        } else if (one === 'ask') {
          place = read(at.view, place, known).place
        } else if (open.delete(one.end)) {
          at.end(one.end, one.fails ? `task ${one.end} threw` : undefined)
        }
      }
      read(at.view, place, known)
      const late = new Map<number, CourseAttempt>()
      read(at.view, { begun: 0, ended: 0 }, late)
      expect([...known].sort(([a], [b]) => a - b)).toEqual([...late].sort(([a], [b]) => a - b))
      expect(late.size).toBe(count)
      expect([...late.values()].filter(({ endMs }) => endMs === undefined)).toHaveLength(open.size)
      expect(courseSince(at.view, read(at.view, place, known).place).attempts).toEqual([])
    }))
  })

  it('goes on from what there is where somebody is further, as after a restart of the master', () => {
    const at = stage()
    at.start(0)
    at.end(0)
    expect(courseSince(at.view, { begun: 9, ended: Number.MAX_SAFE_INTEGER })).toEqual({ type: 'course', attempts: [], next: { begun: 1, ended: 1 }, more: false })
  })

  it('comes in answers that fit in a message, whatever failed', () => {
    const at = stage()
    const count = 2 * MAX_COURSE_ATTEMPTS
    for (let task = 0; task < count; task++) {
      at.start(task)
      at.end(task, '鯨'.repeat(MAX_REASON_CHARS), '鯨'.repeat(MAX_STACK_CHARS))
    }
    const known = new Map<number, CourseAttempt>()
    const { answers } = read(at.view, { begun: 0, ended: 0 }, known)
    expect(known.size).toBe(count)
    expect([...known.values()].filter(({ failure }) => failure?.stack !== undefined)).toHaveLength(at.view.failures.length)
    expect(answers).toBeGreaterThan(at.view.failures.length / MAX_COURSE_FAILURES)
  })
})
