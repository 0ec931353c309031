import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MAX_VALUE_BYTES } from '../constants.ts'
import { MapReduceError, ProgramError } from '../errors.ts'
import type { Datum } from '../program.ts'
import { ByteSink } from './byte-sink.ts'
import { anyValue } from './datum.spec.support.ts'
import { decodeValue, encodeValue, MAX_DATUM_DEPTH, snapshot } from './value.ts'

function encoded (value: Datum): Uint8Array {
  const sink = new ByteSink(1)
  encodeValue(sink, value)
  return sink.toBytes()
}

function nested (depth: number): Datum {
  let value: Datum = 'core'
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { value }
  return value
}

describe('the encoding of values', () => {
  it('gives every value back equal', () => {
    fc.assert(fc.property(anyValue, value => {
      const bytes = encoded(value)
      // Not toStrictEqual, which takes an object's property `constructor` for its class.
      expect(isDeepStrictEqual(decodeValue(bytes, 0, bytes.length), value)).toBe(true)
    }), { numRuns: 300 })
  })

  it('is of each value apart where a getter of one asks for another', () => {
    const value = { a: 1, get b () { return snapshot(['inner', this.a]).value }, c: 'x' }
    expect(snapshot(value).value).toStrictEqual({ a: 1, b: ['inner', 1], c: 'x' })
    expect(snapshot([value, value]).value).toStrictEqual([{ a: 1, b: ['inner', 1], c: 'x' }, { a: 1, b: ['inner', 1], c: 'x' }])
  })

  it('keeps -0, the order of names, __proto__, byte order marks and long strings', () => {
    const value = [-0, JSON.parse('{"b":1,"__proto__":{"x":1},"a":2}') as Datum, '\ufeffx', 'é'.repeat(200), 'x'.repeat(200_000), new Uint8Array(300)]
    const { value: copy } = snapshot(value)
    expect(copy).toStrictEqual(value)
    expect(JSON.stringify(copy)).toBe(JSON.stringify(value))
    expect(Object.getPrototypeOf((copy as Datum[])[1])).toBe(Object.prototype)
  })

  it('takes two bytes for a small integer', () => {
    expect(encoded(1)).toHaveLength(2)
    expect(encoded(-63)).toHaveLength(2)
    expect(encoded(0.5)).toHaveLength(9)
  })

  it('takes a copy: later changes of the original do not reach it', () => {
    const original = { bytes: Uint8Array.of(1), list: [1] }
    const { value } = snapshot(original)
    original.bytes[0] = 2
    original.list.push(2)
    expect(value).toStrictEqual({ bytes: Uint8Array.of(1), list: [1] })
  })

  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'undefined'],
    ['undefined within', { a: [undefined] }, 'undefined'],
    ['a hole', Array(1), 'undefined'],
    ['a function', () => 1, 'a function'],
    ['a symbol', Symbol('x'), 'a symbol'],
    ['a bigint', 1n, 'a bigint'],
    ['NaN', NaN, 'NaN'],
    ['Infinity', [Infinity], 'Infinity'],
    ['-Infinity', -Infinity, '-Infinity'],
    ['a lone surrogate', 'a\ud800', 'lone surrogate'],
    ['a lone surrogate in a name', { '\udc00': 1 }, 'lone surrogate'],
    ['a Date', new Date(0), 'type Date'],
    ['a Map', new Map(), 'type Map'],
    ['a Float64Array', new Float64Array(1), 'type Float64Array'],
    ['an instance', new (class Point { x = 1 })(), 'type Object'],
    ['too deep', nested(MAX_DATUM_DEPTH + 1), 'nested more than']
  ])('refuses %s', (_, value, message) => {
    const refused = (): unknown => snapshot(value)
    expect(refused).toThrow(ProgramError)
    expect(refused).toThrow(message)
    expect(refused).toThrow('cannot be a value')
  })

  it('refuses what holds itself', () => {
    const cycle: Datum[] = []
    cycle.push({ cycle })
    expect(() => snapshot(cycle)).toThrow('holds itself')
  })

  it('takes nesting up to the bound', () => {
    expect(snapshot(nested(MAX_DATUM_DEPTH)).value).toStrictEqual(nested(MAX_DATUM_DEPTH))
  })

  it('refuses values over the bound, in one piece and in many', () => {
    const part = new Uint8Array(MAX_VALUE_BYTES / 4)
    expect(() => snapshot(new Uint8Array(MAX_VALUE_BYTES + 1))).toThrow(`longer than ${MAX_VALUE_BYTES} bytes`)
    expect(() => snapshot([part, part, part, part])).toThrow(`longer than ${MAX_VALUE_BYTES} bytes`)
  })

  it('gives a MapReduceError or a value on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), bytes => { expectValueOrError(bytes) }), { numRuns: 500 })
  })

  it('gives a MapReduceError or a value on damaged encodings', () => {
    fc.assert(fc.property(anyValue, fc.nat(), fc.nat(255), fc.nat(), (value, at, byte, cut) => {
      const bytes = encoded(value)
      bytes[at % bytes.length] = byte
      expectValueOrError(bytes.subarray(0, bytes.length - cut % 2))
    }), { numRuns: 700 })
  })

  it('refuses hostile depth and hostile counts', () => {
    expect(() => decodeValue(new Uint8Array(100_000).fill(7), 0, 100_000)).toThrow(MapReduceError)
    expect(() => decodeValue(Uint8Array.of(7, 0xff, 0xff, 0xff, 0xff, 0x0f), 0, 6)).toThrow('cut off')
  })
})

function expectValueOrError (bytes: Uint8Array): void {
  try {
    expect(decodeValue(bytes, 0, bytes.length)).toBeDefined()
  } catch (error) {
    expect(error).toBeInstanceOf(MapReduceError)
  }
}
