import { describe, expect, it } from '@jest/globals'
import type { Counters } from '@ipfs-mapreduce/mapreduce'
import { MAX_COUNTERS } from '@ipfs-mapreduce/protocol'
import { TaskTable, type TaskRecord } from './task-table.ts'

const nobody = (): boolean => false

function table (tasks: number): TaskTable {
  const made = new TaskTable('map')
  for (let i = 0; i < tasks; i++) made.add([], [])
  return made
}

describe('task table', () => {
  it('gives tasks in order, each once', () => {
    const tasks = table(3)
    expect([1, 2, 3, 4].map(() => tasks.take(nobody)?.task)).toEqual([0, 1, 2, undefined])
    expect(tasks.counts()).toMatchObject({ total: 3, pending: 0, running: 3 })
  })

  it('gives a holder its own tasks first, and nobody a task twice', () => {
    const tasks = table(3)
    tasks.hold(tasks.records[2]!, 'a')
    expect(tasks.takeLocal('a', nobody)?.task).toBe(2)
    expect(tasks.takeLocal('a', nobody)).toBeUndefined()
    expect([1, 2, 3].map(() => tasks.take(nobody)?.task)).toEqual([0, 1, undefined])
  })

  it('gives what waits again before what never ran', () => {
    const tasks = table(3)
    const first = tasks.take(nobody)!
    tasks.retry(first)
    expect(tasks.take(nobody)).toBe(first)
  })

  it('leaves a task that waits again for another worker than the one that it avoids', () => {
    const tasks = table(1)
    const record = tasks.take(nobody)!
    record.attempts = [{ attempt: 1, worker: 'a', outcome: 'failed' }]
    tasks.retry(record)
    expect(tasks.take(({ attempts }: TaskRecord) => attempts.at(-1)?.worker === 'a')).toBeUndefined()
    expect(tasks.take(({ attempts }: TaskRecord) => attempts.at(-1)?.worker === 'b')).toBe(record)
  })

  it('counts a lost commit as not committed', () => {
    const tasks = table(1)
    const record = tasks.take(nobody)!
    tasks.commit(record)
    expect(tasks.done).toBe(true)
    tasks.retry(record)
    expect(tasks.done).toBe(false)
    expect(tasks.counts()).toMatchObject({ pending: 1, committed: 0, running: 0 })
  })

  it('skips a waiting task that a late answer committed', () => {
    const tasks = table(1)
    const record = tasks.take(nobody)!
    tasks.retry(record)
    tasks.commit(record)
    expect(tasks.take(nobody)).toBeUndefined()
    expect(tasks.counts()).toMatchObject({ pending: 0, committed: 1, running: 0 })
  })

  it('counts a task that backs off as waiting, and gives it to nobody until it does', () => {
    const tasks = table(1)
    const record = tasks.take(nobody)!
    tasks.backOff(record)
    expect(tasks.counts()).toMatchObject({ pending: 1, running: 0 })
    expect(tasks.take(nobody)).toBeUndefined()
    tasks.retry(record)
    expect(tasks.counts()).toMatchObject({ pending: 1, running: 0 })
    expect(tasks.take(nobody)).toBe(record)
    tasks.backOff(record)
    tasks.commit(record)
    expect(tasks.counts()).toMatchObject({ pending: 0, running: 0, committed: 1 })
  })

  it('forgets what a gone peer held', () => {
    const tasks = table(1)
    tasks.hold(tasks.records[0]!, 'a')
    tasks.unhold('a')
    expect(tasks.takeLocal('a', nobody)).toBeUndefined()
    expect(tasks.records[0]!.holders).toEqual([])
  })

  it('walks through what waits and never ran, as it is while it goes', () => {
    const tasks = table(5)
    tasks.take(nobody)
    tasks.take1(tasks.records[2]!)
    const ahead = tasks.ahead()
    expect(ahead.next().value?.task).toBe(1)
    tasks.take1(tasks.records[3]!)
    expect([...ahead].map(({ task }) => task)).toEqual([4])
  })

  it('has another version whenever a task waits anew, and no other time', () => {
    const tasks = table(2)
    const before = tasks.version
    const record = tasks.take(nobody)!
    tasks.backOff(record)
    expect(tasks.version).toBe(before)
    tasks.retry(record)
    expect(tasks.version).not.toBe(before)
  })

  it('keeps runs in the order of their partitions', () => {
    const tasks = table(1)
    const record = tasks.take(nobody)!
    record.answer = { attempt: 1, worker: 'a', runs: [3, 0, 2].map(partition => ({ mapTask: 0, partition, cid: `${partition}`, bytes: 1, records: 1 })), counters: [] }
    tasks.commit(record)
    expect(record.answer.runs.map(({ partition }) => partition)).toEqual([0, 2, 3])
  })

  it('packs counters by name, whichever come', () => {
    const tasks = table(0)
    const first = tasks.packCounters({ a: 1, b: 2 })
    const second = tasks.packCounters({ c: 3, a: 4 })
    expect(tasks.unpackCounters(first)).toEqual({ a: 1, b: 2 })
    expect(tasks.unpackCounters(second)).toEqual({ a: 4, c: 3 })
    expect(tasks.unpackCounters(tasks.packCounters({ b: 0 }))).toEqual({ b: 0 })
  })

  it('packs counters under as many names as its half of a status has room for', () => {
    const tasks = table(0)
    const some = (from: number, names: number): Counters => Object.fromEntries(Array.from({ length: names }, (_, i) => [`${from + i}`, i]))
    const first = some(0, MAX_COUNTERS / 2 - 1)
    expect(tasks.unpackCounters(tasks.packCounters(first))).toEqual(first)
    expect(tasks.unpackCounters(tasks.packCounters(some(500_000, 100)))).toEqual({ 500000: 0 })
    expect(tasks.unpackCounters(tasks.packCounters({ 1: 1, last: 1 }))).toEqual({ 1: 1 })
  })
})
