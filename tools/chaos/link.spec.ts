import { describe, expect, it } from '@jest/globals'
import { createRandom } from '@ipfs-mapreduce/simulator'
import { CLEAR, Line, MAX_QUEUE_MS } from './link.ts'
import type { Link } from './link.ts'

const PACKET_BYTES = 1_250
const lineWith = (link: Partial<Link>): Line => {
  const line = new Line(createRandom(1).random)
  line.set({ ...CLEAR, ...link })
  return line
}
const passes = (line: Line, count: number): Array<number | undefined> => Array.from({ length: count }, (_, n) => line.pass(PACKET_BYTES, n))

describe('a line', () => {
  it('that is clear passes everything at once', () => {
    expect(new Set(passes(new Line(Math.random), 100))).toEqual(new Set([0]))
  })

  it('that is cut passes nothing, until it is mended', () => {
    const line = lineWith({ cut: true })
    expect(new Set(passes(line, 100))).toEqual(new Set([undefined]))
    line.set(CLEAR)
    expect(line.pass(PACKET_BYTES, 0)).toBe(0)
  })

  it('loses the share that it is told to, the same packets for the same seed', () => {
    const taken = passes(lineWith({ loss: 0.1 }), 10_000)
    const lost = taken.filter(ms => ms === undefined).length
    expect(lost).toBeGreaterThan(900)
    expect(lost).toBeLessThan(1100)
    expect(passes(lineWith({ loss: 0.1 }), 10_000)).toEqual(taken)
  })

  it('delays packets by a time around the one told', () => {
    const taken = passes(lineWith({ delayMs: 100, jitterMs: 50 }), 1_000) as number[]
    expect(Math.min(...taken)).toBeGreaterThanOrEqual(50)
    expect(Math.max(...taken)).toBeLessThanOrEqual(150)
    expect(Math.max(...taken) - Math.min(...taken)).toBeGreaterThan(90)
  })

  it('of a rate sends one packet after the other, and drops what would wait too long', () => {
    // 10 ms a packet.
    const line = lineWith({ kbitPerSecond: 1_000 })
    const taken = Array.from({ length: 150 }, () => line.pass(PACKET_BYTES, 0))
    expect(taken.slice(0, 3)).toEqual([10, 20, 30])
    expect(taken.filter(ms => ms !== undefined)).toHaveLength(MAX_QUEUE_MS / 10)
    expect(taken.at(-1)).toBeUndefined()
    // Half a second later half of the queue has been sent.
    expect(line.pass(PACKET_BYTES, 500)).toBe(510)
  })
})
