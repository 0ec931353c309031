import { expect, it } from '@jest/globals'
import { seededRandom } from './seeded-random.ts'

const draw = (seed: number, count: number): number[] => {
  const random = seededRandom(seed)
  return Array.from({ length: count }, random)
}

it('a seed gives its own even chances, again and again', () => {
  expect(draw(5, 100)).toEqual(draw(5, 100))
  expect(draw(5, 100)).not.toEqual(draw(6, 100))
  for (const seed of [0, 1, 2 ** 32 - 1]) {
    const tenths = new Array<number>(10).fill(0)
    for (const value of draw(seed, 10_000)) tenths[Math.floor(value * 10)]!++
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150)
  }
})
