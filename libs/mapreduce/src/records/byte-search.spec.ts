import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ByteSearch, MAX_SOUGHT_BYTES, SEARCHED_BYTES } from './byte-search.ts'

/** Few kinds of bytes, so that much is found, and newlines among them. */
const bytes = (maxLength: number, minLength = 0) => fc.array(fc.constantFrom(0x0a, 0x61, 0x62, 0xff), { minLength, maxLength }).map(numbers => Uint8Array.from(numbers))

describe('a search for bytes', () => {
  it('finds every place where they are, and no other', () => {
    fc.assert(fc.property(bytes(6, 1), bytes(100), (sought, some) => {
      const search = new ByteSearch(sought)
      search.load(some)
      for (let from = 0; from <= some.length; from++) expect(search.find(from)).toBe(Buffer.from(some).indexOf(Buffer.from(sought), from))
      expect(search.isIn(some)).toBe(Buffer.from(some).includes(Buffer.from(sought)))
      expect(search.newlines).toBe(some.filter(byte => byte === 0x0a).length)
    }), { numRuns: 500 })
  })

  it('sees nothing of what it looked through before', () => {
    const search = new ByteSearch(Uint8Array.from([1, 2, 3]))
    search.load(Uint8Array.from([9, 1, 2, 3, 10]))
    search.load(Uint8Array.from([9, 1, 2]))
    expect([search.find(0), search.newlines]).toEqual([-1, 0])
  })

  it('finds what lies at the end of a window, across two and beyond', () => {
    const sought = Buffer.from('needle')
    const search = new ByteSearch(sought)
    for (const at of [SEARCHED_BYTES - 7, SEARCHED_BYTES - 6, SEARCHED_BYTES - 5, SEARCHED_BYTES - 1, SEARCHED_BYTES, 3 * SEARCHED_BYTES - 6]) {
      const hay = Buffer.alloc(3 * SEARCHED_BYTES, 'need')
      sought.copy(hay, at)
      expect(search.isIn(hay)).toBe(true)
      expect(search.isIn(hay.subarray(0, at + 5))).toBe(false)
    }
    search.load(Buffer.alloc(SEARCHED_BYTES, '\n'))
    expect(search.newlines).toBe(SEARCHED_BYTES)
  })

  it('is for as many bytes as there is room for', () => {
    const sought = Buffer.alloc(MAX_SOUGHT_BYTES, 'x')
    const search = new ByteSearch(sought)
    expect(search.isIn(Buffer.concat([Buffer.from('y'), sought]))).toBe(true)
    expect(search.isIn(sought.subarray(1))).toBe(false)
    for (const length of [0, MAX_SOUGHT_BYTES + 1]) expect(() => new ByteSearch(new Uint8Array(length))).toThrow(RangeError)
  })
})
