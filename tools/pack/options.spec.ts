import { describe, expect, it } from '@jest/globals'
import { resolve } from 'node:path'
import { readOptions } from './options.ts'

describe('options of pack', () => {
  it('are a directory of their own, unless it is given, and no check', () => {
    expect(readOptions([])).toEqual({ out: resolve('out/packages'), check: false })
    expect(readOptions(['--out', 'there', '--check'])).toEqual({ out: resolve('there'), check: true })
    expect(readOptions(['--help'])).toBeUndefined()
  })

  it('are not --publish', () => {
    expect(() => readOptions(['--publish'])).toThrow(/^[^\n]+$/)
  })
})
