import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MAX_KEY_BYTES } from '../constants.ts'
import { MapReduceError, ProgramError } from '../errors.ts'
import type { Datum } from '../program.ts'
import { anyKey, anyValue, meetingKey } from './datum.spec.support.ts'
import { compareKeys, decodeKey, encodeKey, keyPrefix, keyText } from './key.ts'
import { datumText } from './text.ts'

const string = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
const compare = (a: Uint8Array, b: Uint8Array): number => Math.sign(compareKeys(a, 0, a.length, b, 0, b.length))

describe('the text of a datum', () => {
  it.each<[Datum, string]>([
    ['Ahab', 'Ahab'],
    ['\ufeffwhale é 🐋', '\ufeffwhale é 🐋'],
    [0, '0'],
    [-0, '0'],
    [1.5, '1.5'],
    [1e21, '1e+21'],
    [true, 'true'],
    [null, 'null'],
    [Uint8Array.of(104, 105), 'hi'],
    [[1, 'a', null], '[1,"a",null]'],
    [{ b: 1, a: [Uint8Array.of(1, 2)] }, '{"a":[{"/":{"bytes":"AQI"}}],"b":1}'],
    [JSON.parse('{"__proto__":1}') as Datum, '{"__proto__":1}']
  ])('of %j is %s', (datum, text) => {
    expect(string(keyText(datum))).toBe(text)
    expect(string(datumText(datum))).toBe(text)
  })

  it('prints every value', () => {
    fc.assert(fc.property(anyValue, value => { expect(datumText(value)).toBeInstanceOf(Uint8Array) }))
  })

  it.each<[unknown, string]>([
    [undefined, 'undefined cannot be a value'], [NaN, 'NaN cannot be a value'], [[1n], 'a bigint cannot be a value'],
    ['\ud800', 'lone surrogate'], [new Map(), 'type Map'], [{ a: () => 1 }, 'a function']
  ])('refuses %p as a value', (value, message) => {
    expect(() => datumText(value as Datum)).toThrow(ProgramError)
    expect(() => datumText(value as Datum)).toThrow(message)
  })
})

describe('keys', () => {
  it('come back from their bytes: equal, with names in order and 0 for -0', () => {
    fc.assert(fc.property(anyKey, key => {
      const bytes = encodeKey(key)
      const back = decodeKey(bytes)
      expect(encodeKey(back)).toEqual(bytes)
      expect(withoutNegativeZero(back)).toEqual(withoutNegativeZero(key))
    }), { numRuns: 300 })
  })

  it('are equal if text and kind are', () => {
    expect(encodeKey({ b: 1, a: 2 })).toEqual(encodeKey({ a: 2, b: 1 }))
    expect(encodeKey(0)).toEqual(encodeKey(-0))
    expect(encodeKey(1)).not.toEqual(encodeKey('1'))
    expect(encodeKey('[]')).not.toEqual(encodeKey([]))
    expect(encodeKey(Uint8Array.of(97))).not.toEqual(encodeKey('a'))
  })

  it('are ordered by text bytes, then kind', () => {
    fc.assert(fc.property(meetingKey, meetingKey, (a, b) => {
      const [x, y] = [encodeKey(a), encodeKey(b)]
      const texts = Buffer.compare(keyText(a), keyText(b))
      expect(compare(x, y)).toBe(texts || Math.sign(x.at(-1)! - y.at(-1)!))
      if (keyPrefix(x, 0, x.length - 1) < keyPrefix(y, 0, y.length - 1)) expect(compare(x, y)).toBe(-1)
    }), { numRuns: 500 })
  })

  it('are compared where they lie', () => {
    const bytes = Uint8Array.of(9, 9, 1, 2, 3, 9, 1, 2, 4, 9)
    expect(compareKeys(bytes, 2, 5, bytes, 6, 9)).toBeLessThan(0)
    expect(keyPrefix(bytes, 2, 4)).toBe(0x01020000)
    expect(keyPrefix(bytes, 0, 10, 6)).toBe(0x01020409)
  })

  it.each<[unknown, string]>([
    [undefined, 'undefined cannot be a key'],
    [Symbol.iterator, 'a symbol cannot be a key'],
    [-Infinity, '-Infinity cannot be a key'],
    [['\udfff'], 'lone surrogate'],
    [{ '/': 'bafy' }, 'named "/"'],
    [[{ a: { '/': 1 } }], 'named "/"'],
    ['x'.repeat(MAX_KEY_BYTES + 1), `longer than ${MAX_KEY_BYTES} bytes`],
    ['é'.repeat(MAX_KEY_BYTES / 2 + 1), `longer than ${MAX_KEY_BYTES} bytes`],
    [new Uint8Array(MAX_KEY_BYTES + 1), `longer than ${MAX_KEY_BYTES} bytes`]
  ])('refuse %#', (key, message) => {
    expect(() => encodeKey(key as Datum)).toThrow(ProgramError)
    expect(() => encodeKey(key as Datum)).toThrow(message)
  })

  it('of the greatest length are taken', () => {
    expect(encodeKey('x'.repeat(MAX_KEY_BYTES))).toHaveLength(MAX_KEY_BYTES + 1)
  })

  it('of any bytes decode, or give a MapReduceError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 20 }), fc.nat(7), (text, tag) => {
      try {
        expect(decodeKey(Uint8Array.of(...text, tag))).toBeDefined()
      } catch (error) {
        expect(error).toBeInstanceOf(MapReduceError)
      }
    }), { numRuns: 700 })
    expect(() => decodeKey(new Uint8Array())).toThrow(MapReduceError)
  })
})

function withoutNegativeZero (datum: Datum): Datum {
  if (datum === 0) return 0
  if (typeof datum !== 'object' || datum === null || datum instanceof Uint8Array) return datum
  if (Array.isArray(datum)) return datum.map(withoutNegativeZero)
  return Object.fromEntries(Object.entries(datum).map(([name, value]) => [name, withoutNegativeZero(value)]))
}
