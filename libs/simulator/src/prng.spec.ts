import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createRandom, xoshiro128 } from './prng.ts'

const draw = (next: () => number, n: number): number[] => Array.from({ length: n }, next)

describe('seeded random', () => {
  it('is xoshiro128** 1.1: the values of its authors\' C source, from state 1 2 3 4', () => {
    expect(draw(xoshiro128([1, 2, 3, 4]), 10)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804
    ])
  })

  it('gives the same values for the same seed and others for another', () => {
    fc.assert(fc.property(fc.nat(), seed => {
      expect(draw(createRandom(seed).random, 8)).toEqual(draw(createRandom(String(seed)).random, 8))
      expect(draw(createRandom(seed).random, 8)).not.toEqual(draw(createRandom(seed + 1).random, 8))
    }))
  })

  it('forks by label, whatever was drawn before', () => {
    const drawnFrom = createRandom(7)
    draw(drawnFrom.random, 100)
    expect(draw(drawnFrom.fork('network').random, 8)).toEqual(draw(createRandom(7).fork('network').random, 8))
    expect(draw(drawnFrom.fork('network').random, 8)).not.toEqual(draw(drawnFrom.fork('master').random, 8))
  })

  it('draws evenly within its bounds', () => {
    const random = createRandom('bounds')
    const counts = new Map<number, number>()
    for (let i = 0; i < 10_000; i++) {
      const n = random.int(10)
      counts.set(n, (counts.get(n) ?? 0) + 1)
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    // 1000 each; the standard deviation is 30.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
    expect(() => random.int(0)).toThrow(RangeError)
    expect(() => random.pick([])).toThrow(RangeError)
  })

  it('shuffles a copy and keeps every item', () => {
    const random = createRandom('shuffle')
    const items = Array.from({ length: 50 }, (_, i) => i)
    const shuffled = random.shuffle(items)
    expect(shuffled).not.toEqual(items)
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items)
    expect(items).toContain(random.pick(items))
  })
})
