import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createTimerQueue } from './timer-queue.ts'

describe('timer queue', () => {
  it('gives timers by due time, then by age, whatever was removed before', () => {
    const operation = fc.oneof(
      { weight: 3, arbitrary: fc.record({ add: fc.nat({ max: 30 }) }) },
      { weight: 2, arbitrary: fc.record({ remove: fc.nat({ max: 60 }) }) },
      { weight: 1, arbitrary: fc.constant({ take: true }) }
    )
    fc.assert(fc.property(fc.array(operation, { maxLength: 80 }), operations => {
      const queue = createTimerQueue()
      let model: Array<{ id: number, dueMs: number }> = []
      const sorted = (): number[] => [...model].sort((a, b) => a.dueMs - b.dueMs || a.id - b.id).map(({ id }) => id)
      let ids = 0
      for (const each of operations) {
        if ('add' in each) {
          queue.add({ id: ++ids, dueMs: each.add, label: '', callback: () => {} })
          model.push({ id: ids, dueMs: each.add })
        } else if ('remove' in each) {
          queue.remove(each.remove)
          model = model.filter(({ id }) => id !== each.remove)
        } else {
          const next = sorted()[0]
          expect(queue.take()?.id).toBe(next)
          model = model.filter(({ id }) => id !== next)
        }
        expect(queue.size).toBe(model.length)
        expect(queue.peek()?.id).toBe(sorted()[0])
      }
      expect(queue.list().map(({ id }) => id)).toEqual(sorted())
    }))
  })

  it('carries a hundred thousand timers', () => {
    const queue = createTimerQueue()
    for (let id = 1; id <= 100_000; id++) queue.add({ id, dueMs: (id * 7919) % 100_003, label: '', callback: () => {} })
    for (let id = 1; id <= 100_000; id += 2) queue.remove(id)
    const taken: number[] = []
    for (let timer = queue.take(); timer !== undefined; timer = queue.take()) taken.push(timer.dueMs)
    expect(taken).toHaveLength(50_000)
    expect(taken).toEqual([...taken].sort((a, b) => a - b))
  })
})
