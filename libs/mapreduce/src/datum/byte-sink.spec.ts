import { describe, expect, it } from '@jest/globals'
import { ByteSink } from './byte-sink.ts'

describe('ByteSink', () => {
  it('takes no more room than its limit, until it must', () => {
    const sink = new ByteSink(16, 1000)
    const rooms = new Set<number>()
    for (let i = 0; i < 1000; i++) {
      sink.byte(i)
      rooms.add(sink.bytes.length)
    }
    expect([...rooms]).toEqual([16, 32, 64, 128, 256, 512, 1000])
    sink.append(new Uint8Array(5000))
    expect(sink.bytes.length).toBe(6000)
    expect([...sink.bytes.subarray(0, 1001)]).toEqual([...Array.from({ length: 1000 }, (_, i) => i & 0xff), 0])
  })

  it('has the room that is expected when a part of it was written, and grows on from there', () => {
    const rooms = (limit: number, expected: number): number[] => {
      const sink = new ByteSink(16, limit, expected)
      const seen = new Set<number>()
      for (let i = 0; i < 3000; i++) {
        sink.byte(i)
        seen.add(sink.bytes.length)
      }
      expect([...sink.bytes.subarray(2998, 3000)]).toEqual([2998 & 0xff, 2999 & 0xff])
      return [...seen]
    }
    expect(rooms(Infinity, 2000.5)).toEqual([16, 32, 64, 2000, 4000])
    expect(rooms(1000, 2000).slice(0, 4)).toEqual([16, 32, 1000, 1250])
  })

  it('grows seldom past its limit too', () => {
    const sink = new ByteSink(16, 1000)
    const rooms = new Set<number>()
    for (let i = 0; i < 100_000; i++) {
      sink.byte(i)
      rooms.add(sink.bytes.length)
    }
    expect(rooms.size).toBeLessThan(35)
  })
})
