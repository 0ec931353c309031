import { describe, expect, it } from '@jest/globals'
import { manualClock } from './clock.spec.support.ts'
import { parseFaults } from './parse.ts'
import { Roll } from './roll.ts'
import { seededRandom } from './seeded-random.ts'

/** Which of `occurrences` a drop of gossip strikes, from 1. */
function struck (options: string, occurrences: number, seed = 1): number[] {
  const roll = new Roll(parseFaults(`drop:gossip${options}`), { random: seededRandom(seed), clock: manualClock() })
  return Array.from({ length: occurrences }, (_, i) => i + 1).filter(() => roll.strikes('drop', 'heartbeat', 'gossip'))
}

describe('when a fault strikes', () => {
  it('is always, the nth time, or at most so often', () => {
    expect(struck('', 3)).toEqual([1, 2, 3])
    expect(struck(',nth=2', 4)).toEqual([2])
    expect(struck(',times=2', 4)).toEqual([1, 2])
    expect(struck(',p=0', 100)).toEqual([])
  })

  it('is as often as its probability says, and again the same for the same seed', () => {
    const times = struck(',p=0.3', 10_000).length
    expect(times).toBeGreaterThan(2800)
    expect(times).toBeLessThan(3200)
    expect(struck(',p=0.3', 100)).toEqual(struck(',p=0.3', 100))
    expect(struck(',p=0.3', 100)).not.toEqual(struck(',p=0.3', 100, 2))
  })

  it('is while it is active, and only then are occurrences counted', async () => {
    const clock = manualClock()
    const roll = new Roll(parseFaults('drop:gossip,after=1s,for=500ms,nth=2'), { random: seededRandom(1), clock })
    const occurs = (): boolean => roll.strikes('drop', 'gossip')
    expect([occurs(), occurs()]).toEqual([false, false])
    await clock.advance(1000)
    expect([occurs(), occurs(), occurs()]).toEqual([false, true, false])
    await clock.advance(500)
    expect([occurs(), occurs()]).toEqual([false, false])
  })

  it('is for each fault by itself, and told', () => {
    const told: string[] = []
    const roll = new Roll(parseFaults('drop:gossip,nth=1; drop:heartbeat,nth=2; drop:job'), { random: seededRandom(1), clock: manualClock(), onFault: ({ target }) => { told.push(target) } })
    expect([1, 2, 3].map(() => roll.strike('drop', ['heartbeat', 'gossip']).map(({ target }) => target))).toEqual([['gossip'], ['heartbeat'], []])
    expect(told).toEqual(['gossip', 'heartbeat'])
  })

  it('draws delays evenly between their bounds', () => {
    const roll = new Roll([], { random: seededRandom(7), clock: manualClock() })
    const [fault] = parseFaults('delay:gossip,minMs=10,maxMs=20')
    const drawn = Array.from({ length: 1000 }, () => roll.drawMs(fault!))
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(10)
    expect(Math.max(...drawn)).toBeLessThan(20)
    expect(drawn.reduce((sum, ms) => sum + ms, 0) / drawn.length).toBeCloseTo(15, 0)
    expect(roll.drawMs(parseFaults('delay:gossip,ms=5')[0]!)).toBe(5)
    expect(roll.drawMs(parseFaults('crash:gossip')[0]!)).toBe(0)
  })
})
