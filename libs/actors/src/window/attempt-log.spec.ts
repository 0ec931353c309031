import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { AttemptLog } from './attempt-log.ts'
import { readRow, ROW, type LoggedAttempt } from './layout.ts'

const start = (log: AttemptLog, task: number, startMs = task): void => {
  log.start(String(task), { kind: task % 3 === 0 ? 'reduce' : 'map', task, attempt: 1, worker: `w${task % 5}`, startMs, backup: task % 2 === 0, local: task % 7 === 0 })
}

/** What a reader has who reads now and then, never more than so many rows at once. */
class Reader {
  readonly rows = new Map<number, number[]>()
  #cursor = { rows: 0, ends: 0 }

  read (log: AttemptLog, max: number): void {
    const { from, rows, ends, next } = log.since(this.#cursor, max)
    for (let i = 0; i < rows.length; i += ROW) this.rows.set(from + i / ROW, rows.slice(i, i + ROW))
    for (let i = 0; i < ends.length; i += 3) this.rows.get(ends[i]!)!.splice(4, 2, ends[i + 1]!, ends[i + 2]!)
    this.#cursor = next
  }

  all (log: AttemptLog): LoggedAttempt[] {
    return [...this.rows.values()].map(row => readRow(row, 0, log.workers))
  }
}

describe('the log of attempts', () => {
  it('gives each reader the same rows, however often it reads and however little at once', () => {
    const step = fc.oneof(fc.constant('start' as const), fc.record({ end: fc.nat(40) }), fc.record({ read: fc.integer({ min: 1, max: 5 }) }))
    fc.assert(fc.property(fc.array(step, { maxLength: 120 }), steps => {
      const log = new AttemptLog()
      const reader = new Reader()
      let count = 0
      for (const [ms, one] of steps.entries()) {
        if (one === 'start') start(log, count++, ms)
        else if ('end' in one) log.end(String(one.end), 'completed', ms)
        else reader.read(log, one.read)
      }
      for (let i = 0; i < steps.length + 1; i++) reader.read(log, 5)
      const fresh = new Reader()
      fresh.read(log, steps.length + 1)
      expect(reader.all(log)).toEqual(fresh.all(log))
      expect(reader.rows.size).toBe(count)
    }))
  })

  it('keeps its bound: the oldest go, and what has an end still gets it', () => {
    const log = new AttemptLog(8)
    const reader = new Reader()
    for (let task = 0; task < 20; task++) {
      start(log, task)
      if (task % 2 === 1) expect(log.end(String(task), 'failed', 100 + task)).toBe(true)
      expect(log.size).toBeLessThanOrEqual(8)
      if (task > 9) reader.read(log, 100)
    }
    expect(log.end('0', 'completed', 500)).toBe(true)
    expect(log.end('18', 'completed', 501)).toBe(true)
    reader.read(log, 100)
    expect(reader.all(log).find(({ task }) => task === 18)).toMatchObject({ endMs: 501, outcome: 'completed' })
    expect(reader.all(log).find(({ task }) => task === 19)).toMatchObject({ endMs: 119, outcome: 'failed' })
    expect(Math.min(...reader.rows.keys())).toBeGreaterThan(0)
    expect(log.ofTask('map', 19)).toEqual([{ kind: 'map', task: 19, attempt: 1, worker: 'w4', startMs: 19, endMs: 119, outcome: 'failed', backup: false, local: false }])
  })

  it('knows no end of what never began, and no end before the begin', () => {
    const log = new AttemptLog()
    expect(log.end('0', 'lost', 1)).toBe(false)
    start(log, 3, 50)
    log.end('3', 'lost', 40)
    expect(log.ofTask('reduce', 3)).toMatchObject([{ startMs: 50, endMs: 50 }])
  })
})
