import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Datum } from './program.ts'
import { SUM, sum } from './sum.ts'
import { HeldValues } from './values.ts'

const value = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom(-0, 0.1, 1e300, 2 ** 52, -(2 ** 52), 2 ** 53 - 1))
const times = fc.nat({ max: 300 })

function oneByOne (values: Iterable<Datum>): number {
  let total = 0
  for (const value of values) total += value as number
  return total
}

describe('sum', () => {
  it('is that of adding one by one, to the last bit, whether values know it or not', () => {
    fc.assert(fc.property(value, times, fc.array(value, { maxLength: 2 }), value, times, (head, heads, values, last, repeats) => {
      const held = (): HeldValues => new HeldValues(values, { head, heads, last, repeats })
      expect(sum(held())).toBe(oneByOne(held()))
      const taken = held()
      sum(taken)
      expect(() => [...taken]).toThrow('only once')
    }), { numRuns: 500 })
  })

  it('is known without iterating where a whole number repeats', () => {
    const held = new HeldValues([], { last: 3, repeats: 1_000_000_000 })
    expect(sum(held)).toBe(3_000_000_000)
    expect(held.next()).toEqual({ value: undefined, done: true })
    expect(held[SUM]()).toBe(undefined)
  })

  it('names the first value that is no number', () => {
    expect(() => sum(new HeldValues([], { last: 'x', repeats: 2 }))).toThrow('sum: a value is not a number but "x"')
    expect(() => sum(new HeldValues([], { head: 1, heads: 2, last: null, repeats: 1 }))).toThrow('but null')
  })

  it('is refused to values whose call is over', () => {
    const held = new HeldValues([], { last: 1, repeats: 2 })
    held.close()
    expect(() => sum(held)).toThrow('only during the call')
  })
})
