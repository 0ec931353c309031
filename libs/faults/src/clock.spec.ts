import { describe, expect, it } from '@jest/globals'
import { inject } from './injection.spec.support.ts'

describe('a skewed clock', () => {
  it('is wrong by its offset while the fault is active', async () => {
    const { clock, time, struck } = inject('skew:clock,ms=-3000,after=1s,for=1s')
    const skewed = clock(time)
    const startMs = time.now()
    expect(skewed.now()).toBe(startMs)
    await time.advance(1000)
    expect([skewed.now(), skewed.now()]).toEqual([startMs - 2000, startMs - 2000])
    await time.advance(1000)
    expect(skewed.now()).toBe(startMs + 2000)
    expect(struck).toEqual(['skew:clock'])
  })

  it('drifts, and its timers with it', async () => {
    const { clock, time } = inject('skew:clock,rate=2,for=10s')
    const skewed = clock(time)
    const startMs = time.now()
    let firedMs = 0
    skewed.setTimeout(() => { firedMs = time.now() - startMs }, 3000)
    const cancelled = skewed.setTimeout(() => { throw new Error('cancelled') }, 3000)
    skewed.clearTimeout(cancelled)
    await time.advance(4000)
    expect(firedMs).toBe(1500)
    expect(skewed.now() - startMs).toBe(8000)
    await time.advance(16_000)
    expect(skewed.now() - startMs).toBe(30_000)
  })

  it('is the right one without a fault', () => {
    const { clock, time } = inject('drop:gossip')
    expect(clock(time)).toBe(time)
  })
})
