import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { idMaker } from './ids.ts'

describe('ids', () => {
  it('never repeat and sort as they were made, whatever the clock does', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 78_364_164_096, max: 2_800_000_000_000 }), { minLength: 2 }), times => {
      let at = 0
      const next = idMaker(() => times[at++] ?? 0, () => 0)
      const ids = times.map(next)
      expect(new Set(ids).size).toBe(ids.length)
      expect([...ids].sort()).toEqual(ids)
    }))
  })

  it('differ between makers of one millisecond', () => {
    const [a, b] = [idMaker(() => 1_700_000_000_000), idMaker(() => 1_700_000_000_000)]
    expect(a()).toMatch(/^[0-9a-z]{8}-[0-9a-z]{5}$/)
    expect(a().split('-')[0]).toBe((1_700_000_000_001).toString(36))
    expect([a().split('-')[1], a().split('-')[1]]).not.toEqual([b().split('-')[1], b().split('-')[1]])
  })
})
