import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { schedule } from './scheduler.ts'
import { TaskTable } from './task-table.ts'
import { freeSlots, WorkerTable } from './worker-table.ts'

function cluster (slots: Record<string, number>): WorkerTable {
  const workers = new WorkerTable({ now: () => 0, silentMs: 3000 })
  for (const [peer, n] of Object.entries(slots)) workers.see(peer, { role: 'mapper', slots: n, addresses: [], running: [], foreign: 0, draining: false }, 0)
  return workers
}

/** Places all that can be placed; returns the worker of each task. */
function place (table: TaskTable, workers: WorkerTable): Map<number, string> {
  const placed = new Map<number, string>()
  schedule(table, workers, ({ record, worker }) => {
    worker.reserved.add(`task ${record.task}`)
    placed.set(record.task, worker.peer)
  })
  return placed
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
    workers.see('b', { role: 'mapper', slots: 1, running: [], foreign: 0, draining: true }, 0)
    workers.see('c', { role: 'reducer', slots: 1, addresses: [], running: [], foreign: 0, draining: false }, 0)
    expect(place(table, workers).size).toBe(0)
  })

  it('never fills more slots than there are, nor leaves one free while a task waits', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 6 }), fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 30 }), (slots, holders) => {
      const table = new TaskTable('map')
      for (const holder of holders) table.hold(table.add([], []), `w${holder}`)
      const workers = cluster(Object.fromEntries(slots.map((n, i) => [`w${i}`, n])))
      const total = slots.reduce((a, b) => a + b, 0)
      expect(place(table, workers).size).toBe(Math.min(total, holders.length))
      for (const worker of workers.all()) expect(worker.reserved.size + freeSlots(worker)).toBe(worker.slots)
    }))
  })
})
