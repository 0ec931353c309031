import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Authors } from './authors.ts'
import { ANNOUNCEMENT_WINDOW, MAX_AUTHORS } from './constants.ts'

describe('announcements of an author', () => {
  it('are news once each, in whatever order they come', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 300 }).map(BigInt), { maxLength: 100 }), numbers => {
      const authors = new Authors()
      const seen = new Set<bigint>()
      for (const number of numbers) {
        expect(authors.isNews('a', number)).toBe(!seen.has(number))
        seen.add(number)
      }
    }))
  })

  it('are no news from before the window', () => {
    const authors = new Authors()
    const last = BigInt(Date.now()) * 1_000_000n
    expect(authors.isNews('a', last)).toBe(true)
    expect(authors.isNews('a', last - BigInt(ANNOUNCEMENT_WINDOW))).toBe(false)
    expect(authors.isNews('a', last - BigInt(ANNOUNCEMENT_WINDOW) + 1n)).toBe(true)
    expect(authors.isNews('b', 1n)).toBe(true)
  })

  it('are news again when it has connected, as its clock may have been set back', () => {
    const authors = new Authors()
    authors.isNews('a', 10n ** 18n)
    expect(authors.isNews('a', 1n)).toBe(false)
    authors.forget('a')
    expect(authors.isNews('a', 1n)).toBe(true)
  })

  it('are forgotten where there are too many authors, those heard longest ago first', () => {
    const authors = new Authors()
    for (let n = 0; n < MAX_AUTHORS; n++) authors.isNews(`a${n}`, 5n)
    authors.isNews('a0', 6n)
    authors.isNews('one more', 5n)
    expect(authors.isNews('a0', 5n)).toBe(false)
    expect(authors.isNews('a1', 5n)).toBe(true)
  })
})
