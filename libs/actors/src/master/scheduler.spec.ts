import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { schedule, type Claimant } from './scheduler.ts'
import { TaskTable } from './task-table.ts'
import { freeSlots, WorkerTable } from './worker-table.ts'

function cluster (slots: Record<string, number>): WorkerTable {
  const workers = new WorkerTable({ now: () => 0, silentMs: 3000 })
  for (const [peer, n] of Object.entries(slots)) workers.see(peer, { role: 'mapper', slots: n, addresses: [], running: [], foreign: 0, draining: false })
  return workers
}

/** A job's claim to slots, and where its tasks were placed. */
function claim (job: string, table: TaskTable, workers: WorkerTable, more: Partial<Claimant> = {}): Claimant & { placed: Map<number, string> } {
  const placed = new Map<number, string>()
  return {
    table, placed, weight: 1,
    running: () => placed.size,
    forbids: () => false,
    avoids: () => false,
    place ({ record, worker }) {
      workers.reserve(worker.peer, { job, kind: 'map', task: record.task, attempt: 1 })
      placed.set(record.task, worker.peer)
    },
    ...more
  }
}

/** Places all that can be placed; returns the worker of each task. */
function place (table: TaskTable, workers: WorkerTable, more?: Partial<Claimant>): Map<number, string> {
  const claimant = claim('j', table, workers, more)
  schedule('mapper', [claimant], workers)
  return claimant.placed
}

function tableOf (tasks: number, holder?: string): TaskTable {
  const table = new TaskTable('map')
  for (let i = 0; i < tasks; i++) {
    const record = table.add([], [])
    if (holder !== undefined) table.hold(record, holder)
  }
  return table
}

describe('scheduler', () => {
  it('sends tasks to the holders of their blocks', () => {
    const table = new TaskTable('map')
    for (const holder of ['b', 'a', 'b', 'a']) table.hold(table.add([], []), holder)
    expect([...place(table, cluster({ a: 2, b: 2 })).entries()].sort()).toEqual([[0, 'b'], [1, 'a'], [2, 'b'], [3, 'a']])
  })

  it('lets a worker without blocks help when the holder is full', () => {
    const table = new TaskTable('map')
    for (let i = 0; i < 4; i++) table.hold(table.add([], []), 'a')
    const workers = [...place(table, cluster({ a: 2, b: 1 })).values()]
    expect(workers.filter(worker => worker === 'a')).toHaveLength(2)
    expect(workers.filter(worker => worker === 'b')).toHaveLength(1)
  })

  it('spreads tasks over workers by turns', () => {
    const table = new TaskTable('map')
    for (let i = 0; i < 4; i++) table.add([], [])
    expect([...place(table, cluster({ a: 4, b: 4 })).values()].sort()).toEqual(['a', 'a', 'b', 'b'])
  })

  it('gives nothing to a worker that is suspect, draining or of the other role', () => {
    const table = new TaskTable('map')
    table.add([], [])
    const workers = cluster({ a: 1, b: 1 })
    workers.suspect('a')
    workers.see('b', { role: 'mapper', slots: 1, running: [], foreign: 0, draining: true })
    workers.see('c', { role: 'reducer', slots: 1, addresses: [], running: [], foreign: 0, draining: false })
    expect(place(table, workers).size).toBe(0)
  })

  it('never fills more slots than there are, nor leaves one free while a task waits', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 6 }), fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 30 }), (slots, holders) => {
      const table = new TaskTable('map')
      for (const holder of holders) table.hold(table.add([], []), `w${holder}`)
      const workers = cluster(Object.fromEntries(slots.map((n, i) => [`w${i}`, n])))
      const total = slots.reduce((a, b) => a + b, 0)
      expect(place(table, workers).size).toBe(Math.min(total, holders.length))
      for (const worker of workers.all()) expect(worker.reserved.length + freeSlots(worker, 'mapper')).toBe(worker.slots)
    }))
  })

  it('shares slots between jobs by their weights', () => {
    const workers = cluster({ a: 5, b: 5 })
    const [light, heavy] = [claim('light', tableOf(20), workers), claim('heavy', tableOf(20), workers, { weight: 4 })]
    schedule('mapper', [light, heavy], workers)
    expect([light.placed.size, heavy.placed.size]).toEqual([2, 8])
  })

  it('gives what one job leaves to the others', () => {
    const workers = cluster({ a: 5, b: 5 })
    const [small, large] = [claim('small', tableOf(1), workers), claim('large', tableOf(20), workers)]
    schedule('mapper', [small, large], workers)
    expect([small.placed.size, large.placed.size]).toEqual([1, 9])
  })

  it('does not let a job with local blocks pass one that has waited longer', () => {
    const workers = cluster({ a: 1 })
    const [local, remote] = [claim('local', tableOf(3, 'a'), workers, { running: () => 1 }), claim('remote', tableOf(3), workers)]
    schedule('mapper', [local, remote], workers)
    expect([local.placed.size, remote.placed.size]).toEqual([0, 1])
  })

  it('never places where it is forbidden, and where it is avoided only if nobody else is free', () => {
    expect([...place(tableOf(2), cluster({ a: 1, b: 1 }), { forbids: (_, { peer }) => peer === 'a' }).values()]).toEqual(['b'])
    const record = tableOf(1)
    record.retry(record.take(() => false)!)
    expect([...place(record, cluster({ a: 2, b: 1 }), { avoids: (_, { peer }) => peer === 'a' }).values()]).toEqual(['b'])
    const alone = tableOf(1)
    alone.retry(alone.take(() => false)!)
    expect([...place(alone, cluster({ a: 2 }), { avoids: (_, { peer }) => peer === 'a' }).values()]).toEqual(['a'])
  })

  it('does not look again at a worker that nothing suits, until another task waits or it is heard of', () => {
    const workers = cluster({ bad: 1, good: 1 })
    const table = tableOf(3)
    const looks: string[] = []
    const claimant = claim('j', table, workers, {
      forbids: (_, { peer }) => {
        looks.push(peer)
        return peer === 'bad'
      }
    })
    const looksAtBad = (): number => {
      looks.length = 0
      schedule('mapper', [claimant], workers)
      return looks.filter(peer => peer === 'bad').length
    }
    expect(looksAtBad()).toBeGreaterThan(0)
    expect(claimant.placed).toEqual(new Map([[0, 'good']]))
    workers.release('good', { job: 'j', kind: 'map', task: 0, attempt: 1 })
    expect(looksAtBad()).toBe(0)
    expect(claimant.placed.get(1)).toBe('good')
    table.retry(table.records[0]!)
    expect(looksAtBad()).toBeGreaterThan(0)
    expect(looksAtBad()).toBe(0)
    workers.see('bad', { role: 'mapper', slots: 1, running: [], foreign: 0, draining: false })
    expect(looksAtBad()).toBeGreaterThan(0)
  })
})
