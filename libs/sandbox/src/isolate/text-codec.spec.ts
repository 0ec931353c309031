import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MAX_CHARS, TextDecoder as IsolateDecoder, TextEncoder as IsolateEncoder } from './text-codec.ts'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const fatal = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/** The bytes at which the standard's decoder decides: leads, bounds of what may follow them, and others. */
const bytes = fc.uint8Array({ maxLength: 20 }).chain(any => fc.array(
  fc.constantFrom(0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff, 0xbb, ...any),
  { maxLength: 24 }
)).map(numbers => Uint8Array.from(numbers))

const text = fc.array(fc.constantFrom('a', '\x7f', '\x80', '\u07ff', '\u0800', '\ud7ff', '\ud800', '\udbff', '\udc00', '\udfff', '\ue000', '\ufeff', '\uffff', '😀'), { maxLength: 12 }).map(parts => parts.join(''))

function thrown (decode: () => unknown): string | undefined {
  try {
    decode()
    return undefined
  } catch (error) {
    return (error as Error).name
  }
}

describe('text in an isolate', () => {
  it('is decoded as the standard says, whatever the bytes', () => {
    fc.assert(fc.property(bytes, some => {
      expect(new IsolateDecoder().decode(some)).toBe(decoder.decode(some))
      expect(thrown(() => new IsolateDecoder('utf-8', { fatal: true }).decode(some))).toBe(thrown(() => fatal.decode(some)))
    }), { numRuns: 3000 })
  })

  it('is encoded as the standard says, lone surrogates included', () => {
    fc.assert(fc.property(text, some => { expect([...new IsolateEncoder().encode(some)]).toEqual([...encoder.encode(some)]) }), { numRuns: 2000 })
  })

  it('is encoded into what room there is', () => {
    fc.assert(fc.property(text, fc.nat(30), (some, room) => {
      const [mine, theirs] = [new Uint8Array(room), new Uint8Array(room)]
      expect(new IsolateEncoder().encodeInto(some, mine)).toEqual(encoder.encodeInto(some, theirs))
      expect(mine).toEqual(theirs)
    }), { numRuns: 2000 })
  })

  it('may be long, and is not cut within a character', () => {
    for (const filler of ['', 'x', 'xx', 'xxx']) {
      for (const part of ['é', '€', '😀']) {
        const long = filler + part.repeat(MAX_CHARS)
        const encoded = new IsolateEncoder().encode(long)
        expect(Buffer.compare(encoded, encoder.encode(long))).toBe(0)
        expect(new IsolateDecoder().decode(encoded) === long).toBe(true)
      }
    }
    const malformed = new Uint8Array(3 * MAX_CHARS).fill(0x80)
    expect(new IsolateDecoder().decode(malformed) === decoder.decode(malformed)).toBe(true)
    const room = new Uint8Array(3 * MAX_CHARS)
    expect(new IsolateEncoder().encodeInto('é'.repeat(MAX_CHARS + 1), room)).toEqual({ read: MAX_CHARS + 1, written: 2 * MAX_CHARS + 2 })
  })
})
