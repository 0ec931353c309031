import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createActor, createMachine } from 'xstate'
import { createClock } from './clock.ts'

describe('virtual clock', () => {
  it('fires both of two chained timers that are due in one advance', async () => {
    const clock = createClock(1000)
    const fired: number[] = []
    clock.setTimeout(() => {
      fired.push(clock.now())
      clock.setTimeout(() => fired.push(clock.now()), 10)
    }, 10)
    await clock.advance(100)
    expect(fired).toEqual([1010, 1020])
    expect(clock.now()).toBe(1100)
  })

  it('fires timers by due time, and those of one time in the order they were set', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.nat({ max: 20 }), { maxLength: 40 }), async delays => {
      const clock = createClock()
      const fired: Array<[number, number]> = []
      for (const [i, ms] of delays.entries()) clock.setTimeout(() => fired.push([clock.now(), i]), ms)
      await clock.advance(20)
      expect(fired).toEqual(delays.map((ms, i): [number, number] => [ms, i]).sort(([a, i], [b, j]) => a - b || i - j))
    }))
  })

  it('does not fire what was cleared, and takes clearing twice', async () => {
    const clock = createClock()
    const fired: string[] = []
    const cleared = clock.setTimeout(() => fired.push('cleared'), 5)
    clock.setTimeout(() => { clock.clearTimeout(later) }, 5)
    const later = clock.setTimeout(() => fired.push('later'), 5)
    clock.setTimeout(() => fired.push('kept'), 5)
    clock.clearTimeout(cleared)
    clock.clearTimeout(cleared)
    await clock.advance(10)
    clock.clearTimeout(later)
    expect(fired).toEqual(['kept'])
    expect(clock.pending()).toEqual([])
  })

  it('lets a long chain of awaits end before the next timer', async () => {
    const clock = createClock()
    const seen: string[] = []
    clock.setTimeout(() => {
      void (async () => {
        for (let i = 0; i < 10_000; i++) await null
        seen.push(`chain at ${clock.now()}`)
      })()
    }, 10)
    clock.setTimeout(() => seen.push('next timer'), 10)
    await clock.advance(10)
    expect(seen).toEqual(['chain at 10', 'next timer'])
  })

  it('runs until a condition holds and no further', async () => {
    const clock = createClock()
    let beats = 0
    const beat = (): void => {
      beats++
      clock.setTimeout(beat, 1000)
    }
    beat()
    await clock.runUntil(() => beats === 5, 60_000)
    expect(clock.now()).toBe(4000)
  })

  it('says when a condition does not come about: the time, and what was pending', async () => {
    const clock = createClock()
    clock.setTimeout(() => {}, 5000, 'lease of m1')
    await expect(clock.runUntil(() => false, 1000, 'the job')).rejects.toThrow('the job did not come about by virtual time 1000 ms (1000 ms allowed); pending: lease of m1 in 4000 ms')
    await expect(clock.runUntil(() => false, 10_000)).rejects.toThrow('by virtual time 5000 ms (10000 ms allowed); pending: no timer')
  })

  it('passes on what a timer throws, and refuses to be moved twice at once', async () => {
    const clock = createClock()
    clock.setTimeout(() => { throw new Error('thrown in a timer') }, 1)
    const first = clock.advance(10)
    await expect(clock.advance(10)).rejects.toThrow('being moved already')
    await expect(first).rejects.toThrow('thrown in a timer')
  })

  it('drives XState: chained delayed transitions all happen in one advance', async () => {
    const clock = createClock()
    const machine = createMachine({
      initial: 'a',
      states: { a: { after: { 10: 'b' } }, b: { after: { 10: 'c' } }, c: { after: { 10: 'd' } }, d: { type: 'final' } }
    })
    const actor = createActor(machine, { clock }).start()
    await clock.advance(29)
    expect(actor.getSnapshot().value).toBe('c')
    await clock.advance(1)
    expect(actor.getSnapshot().status).toBe('done')
  })
})
