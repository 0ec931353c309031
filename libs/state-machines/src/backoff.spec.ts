import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { backoffMs } from './backoff.ts'
import { checkTiming, DEFAULT_TIMING } from './timing.ts'

describe('backoff', () => {
  it('doubles, stays under its maximum, and is at least half of its step', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 100 }), fc.string(), (n, seed) => {
      const step = Math.min(10_000, 200 * 2 ** Math.min(n - 1, 30))
      const ms = backoffMs(n, 200, 10_000, seed)
      expect(ms).toBeGreaterThanOrEqual(step / 2)
      expect(ms).toBeLessThanOrEqual(step)
    }))
  })

  it('is the same for the same seed and spread over seeds', () => {
    expect(backoffMs(3, 200, 10_000, 'a')).toBe(backoffMs(3, 200, 10_000, 'a'))
    expect(new Set(Array.from({ length: 50 }, (_, i) => backoffMs(3, 200, 10_000, `t${i}`))).size).toBeGreaterThan(30)
  })
})

describe('timing', () => {
  it('refuses delays that contradict each other', () => {
    expect(checkTiming(DEFAULT_TIMING)).toBe(DEFAULT_TIMING)
    expect(() => checkTiming({ ...DEFAULT_TIMING, leaseMs: 1000 })).toThrow(/three heartbeats/)
    expect(() => checkTiming({ ...DEFAULT_TIMING, suspicionMs: 60_000 })).toThrow(/suspicionMs/)
    expect(() => checkTiming({ ...DEFAULT_TIMING, backoffMs: 60_000 })).toThrow(/backoffMs/)
    expect(() => checkTiming({ ...DEFAULT_TIMING, rejoinMs: 60_000 })).toThrow(/rejoinMs/)
  })
})
