import { describe, expect, it } from '@jest/globals'
import { createClock } from './clock.ts'
import { createLifetime } from './lifetime.ts'

describe('lifetime of a virtual process', () => {
  it('shows the clock\'s time and runs its timers while it lives', async () => {
    const clock = createClock(100)
    const { clock: own } = createLifetime(clock, 'm1')
    const fired: number[] = []
    own.setTimeout(() => fired.push(own.now()), 10)
    own.clearTimeout(own.setTimeout(() => fired.push(-1), 10))
    expect(clock.pending()).toEqual([{ dueMs: 110, label: 'm1' }])
    await clock.advance(20)
    expect(fired).toEqual([110])
  })

  it('ends with all that it waits for: no timer fires, no promise settles', async () => {
    const clock = createClock()
    const lifetime = createLifetime(clock, 'm1')
    const happened: string[] = []
    lifetime.clock.setTimeout(() => happened.push('timer'), 10)
    const late = Promise.withResolvers<void>()
    const failing = Promise.withResolvers<void>()
    lifetime.bound(late.promise).then(() => happened.push('resolved'), () => happened.push('rejected'))
    lifetime.bound(failing.promise).then(() => happened.push('resolved'), () => happened.push('rejected'))
    lifetime.onEnd(() => happened.push('end'))
    lifetime.end()
    lifetime.end()
    lifetime.clock.setTimeout(() => happened.push('timer after death'), 1)
    late.resolve()
    failing.reject(new Error('too late'))
    await clock.advance(100)
    expect(happened).toEqual(['end'])
    expect(lifetime.alive()).toBe(false)
    expect(clock.pending()).toEqual([])
  })

  it('passes on what settles while it lives', async () => {
    const { bound } = createLifetime(createClock(), 'm1')
    await expect(bound(Promise.resolve(7))).resolves.toBe(7)
    await expect(bound(Promise.reject(new RangeError('no')))).rejects.toThrow('no')
  })
})
