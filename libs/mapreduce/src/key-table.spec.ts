import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { KeyTable } from './key-table.ts'

interface Entry { key: string }

/** As the table hashes: FNV-1a, folded. */
function hashOf (key: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return hash ^ (hash >>> 15)
}

describe('KeyTable', () => {
  it('holds what a map does, before and after it has grown, and nothing once it is cleared', () => {
    const table = new KeyTable<Entry>()
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ minLength: 30, maxLength: 34 }))
    fc.assert(fc.property(fc.array(text, { maxLength: 50 }), fc.nat(20_000), (keys, more) => {
      const entries = new Map<string, Entry>()
      const wrong: string[] = []
      for (const key of [...keys, ...Array.from({ length: more }, (_, i) => `w${i}`)]) {
        if (table.get(key) !== entries.get(key)) wrong.push(key)
        if (entries.has(key)) continue
        const entry = { key }
        entries.set(key, entry)
        table.add(key, entry)
      }
      for (const [key, entry] of entries) if (table.get(key) !== entry) wrong.push(key)
      table.clear()
      for (const key of entries.keys()) if (table.get(key) !== undefined) wrong.push(key)
      expect(wrong).toEqual([])
    }), { numRuns: 10 })
  })

  it('keeps apart many keys that fall on the same slots', () => {
    const table = new KeyTable<Entry>()
    const colliding: Entry[] = []
    for (let i = 0; colliding.length < 60; i++) if ((hashOf(`k${i}`) & 4095) < 4) colliding.push({ key: `k${i}` })
    for (const entry of colliding) table.add(entry.key, entry)
    for (const entry of colliding) expect(table.get(entry.key)).toBe(entry)
    expect(table.get('k')).toBe(undefined)
    for (let i = 0; i < 5000; i++) table.add(`more ${i}`, { key: `more ${i}` })
    for (const entry of colliding) expect(table.get(entry.key)).toBe(entry)
  })
})
