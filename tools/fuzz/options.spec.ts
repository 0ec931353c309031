import { describe, expect, it } from '@jest/globals'
import { readOptions } from './options.ts'

describe('options of the fuzzer', () => {
  it('are a million inputs of a fresh seed, unless they are given', () => {
    expect(readOptions([])).toEqual({ inputs: 1_000_000, seed: expect.any(Number) })
    expect(readOptions(['--inputs', '5', '--seed', '7'])).toEqual({ inputs: 5, seed: 7 })
    expect(readOptions(['--help'])).toBeUndefined()
  })

  it.each([[['--inputs', '0']], [['--seed', '-1']], [['--inptus', '3']]])('are not %j', args => {
    expect(() => readOptions(args)).toThrow(/^[^\n]+$/)
  })
})
