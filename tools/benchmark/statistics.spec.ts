import { describe, expect, it } from '@jest/globals'
import { median, summarise } from './statistics.ts'

describe('statistics', () => {
  it('takes the middle number, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 2, 100])).toBe(3)
    expect(median([])).toBeNaN()
  })

  it('tells median and spread, and leaves its input as it is', () => {
    const numbers = [3, 1, 2]
    expect(summarise(numbers)).toEqual({ median: 2, least: 1, most: 3, runs: 3 })
    expect(numbers).toEqual([3, 1, 2])
    expect(() => summarise([])).toThrow('nothing to summarise')
  })
})
