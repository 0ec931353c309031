import fc from 'fast-check'

/** Code points that are half surrogates, from 0xd800 on: they are not text. */
const SURROGATES = 0x800

/**
 * Any code point, as fast-check's `unit: 'binary'`, which makes a table of all million of them for each file of tests
 * that uses it: a third of a second.
 */
export const codePoint = fc.nat(0x10ffff - SURROGATES).map(
  n => String.fromCodePoint(n < 0xd800 ? n : n + SURROGATES),
  text => {
    const code = typeof text === 'string' ? text.codePointAt(0) : undefined
    if (code === undefined || String.fromCodePoint(code) !== text || !text.isWellFormed()) throw new RangeError('not one code point')
    return code < 0xd800 ? code : code - SURROGATES
  }
)
