import { describe, expect, it } from '@jest/globals'
import { endsSoon } from './ends-soon.ts'

const MIB = 2 ** 20

describe('endsSoon', () => {
  it('goes by the pace at which an attempt came to its last bytes', () => {
    expect(endsSoon({ elapsedMs: 1500, bytes: 16 * MIB, aheadBytes: 4 * MIB })).toBe(true)
    expect(endsSoon({ elapsedMs: 1501, bytes: 16 * MIB, aheadBytes: 4 * MIB })).toBe(false)
  })

  it('says nothing of input that was read at once', () => {
    expect(endsSoon({ elapsedMs: 1, bytes: 4 * MIB, aheadBytes: 4 * MIB })).toBe(false)
    expect(endsSoon({ elapsedMs: 0, bytes: 0, aheadBytes: 4 * MIB })).toBe(false)
  })

  it('trusts who reads no further than its program', () => {
    expect(endsSoon({ elapsedMs: 100_000, bytes: 1, aheadBytes: 0 })).toBe(true)
  })
})
