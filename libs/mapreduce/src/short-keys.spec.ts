import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { codePoint } from './datum/code-point.spec.support.ts'
import { LAST, REPEATS, ShortKeys } from './short-keys.ts'

const PAGED_CHARS = 16
const WIDE_CHARS = 8

/** Whether a key is short enough. */
function isShort (key: string): boolean {
  const pages = new Set(key.split('').map(unit => unit.charCodeAt(0) >> 8))
  return key.length <= WIDE_CHARS || (key.length <= PAGED_CHARS && pages.size === 1)
}

const text = fc.oneof(
  fc.string({ unit: codePoint, maxLength: 20 }),
  fc.string({ unit: fc.constantFrom('\0', 'a', 'b', 'ÿ'), maxLength: 18 }),
  fc.string({ unit: fc.constantFrom('\u0400', 'ж', '\u04ff'), maxLength: 18 }),
  fc.string({ unit: fc.constantFrom('\ud800', '\ud8ff', '\udc00'), maxLength: 18 }),
  fc.string({ unit: fc.constantFrom('\0', 'a', '\u0100', '\uffff', '\ud800'), maxLength: 10 }),
  fc.string({ minLength: 6, maxLength: 18 })
)

describe('ShortKeys', () => {
  it('has one row for each short key, before and after it has grown, and none once it is cleared', () => {
    const table = new ShortKeys()
    fc.assert(fc.property(fc.array(text, { maxLength: 50 }), fc.nat(20_000), (some, more) => {
      const keys = [...new Set([...some, ...Array.from({ length: more }, (_, i) => `w${i}`)])]
      const rows = keys.map(key => table.rowOf(key))
      expect(rows.map(row => row >= 0)).toEqual(keys.map(isShort))
      const short = keys.filter(isShort)
      const shown: string[] = []
      table.each(row => { shown.push(table.keyAt(row)) })
      expect(shown).toEqual(short)
      expect(keys.map(key => table.rowOf(key))).toEqual(rows)
      table.clear()
      table.each(() => { throw new Error('a row is left') })
    }), { numRuns: 20 })
  })

  it('keeps an owner\'s numbers while it grows, and begins with zeros again', () => {
    const table = new ShortKeys()
    const first = table.rowOf('first')
    table.cells[first + LAST] = -7
    table.cells[first + REPEATS] = 0x7fffffff
    for (let i = 0; i < 10_000; i++) table.rowOf(`more ${i}`)
    expect([table.cells[table.rowOf('first') + LAST], table.cells[table.rowOf('first') + REPEATS]]).toEqual([-7, 0x7fffffff])
    table.clear()
    const again = table.rowOf('first')
    expect([table.cells[again + LAST], table.cells[again + REPEATS]]).toEqual([0, 0])
  })

  it('keeps apart many keys that fall on the same slots, before and after it has grown', () => {
    const table = new ShortKeys()
    const colliding = keysOfSlot(0, 100)
    const rows = colliding.map(key => table.rowOf(key))
    expect(new Set(rows).size).toBe(100)
    expect(colliding.map(key => table.rowOf(key))).toEqual(rows)
    for (let i = 0; i < 10_000; i++) {
      table.rowOf(`more ${i}`)
      if (i % 1000 === 0) expect(colliding.map(key => table.rowOf(key))).toEqual(rows)
    }
    table.clear()
    expect(table.rowOf(colliding.at(-1)!)).toBe(0)
  })
})

/** Keys of one to four letters whose hashes agree in the bits that choose a slot. */
function keysOfSlot (slot: number, count: number): string[] {
  const keys: string[] = []
  for (let n = 0; keys.length < count; n++) {
    const key = n.toString(36)
    if (key.length <= 4 && (hashOf(key) & 0x1fff) === slot) keys.push(key)
  }
  return keys
}

/** As the table hashes keys of up to four letters. */
function hashOf (key: string): number {
  const word = [...key].reduce((word, char) => (word << 8) | char.charCodeAt(0), 0)
  const fold = (hash: number, by: number): number => hash ^ (hash >>> by)
  const first = Math.imul(word ^ key.length, 0xcc9e2d51)
  return fold(Math.imul(fold(Math.imul(fold(Math.imul(fold(first, 15), 0x1b873593), 13), 0x85ebca6b), 15), 0xc2b2ae35), 16)
}
