import { describe, expect, it } from '@jest/globals'
import { fuzzDecoders } from './decoders.ts'

const INPUTS = 10_000

describe('the decoders', () => {
  it(`take or refuse each of ${INPUTS} hostile byte strings (npm run fuzz: a million), and send on what they took`, () => {
    const { taken, refused } = fuzzDecoders({ inputs: INPUTS, seed: 1 })
    expect(taken + refused).toBe(2 * INPUTS)
    // Both ways out of the door were used, or this saw only one kind of bytes.
    expect(taken).toBeGreaterThan(INPUTS / 50)
    expect(refused).toBeGreaterThan(INPUTS / 20)
  }, 60_000)
})
