import fc from 'fast-check'
import type { Datum } from '../program.ts'
import { codePoint } from './code-point.spec.support.ts'

const text = fc.string({ unit: codePoint })
const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.constantFrom(0, -0, 2 ** 30, -(2 ** 30), 2 ** 31, 2 ** 53, 1e21))
const bytes = fc.uint8Array({ maxLength: 40 })
const name = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'toString', '', '0', '1', 'bytes'))

function arbitraryOf (names: fc.Arbitrary<string>): fc.Arbitrary<Datum> {
  return fc.letrec<{ datum: Datum }>(tie => ({
    datum: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      text, number, fc.boolean(), fc.constant(null), bytes,
      fc.array(tie('datum'), { maxLength: 4 }),
      fc.array(fc.tuple(names, tie('datum')), { maxLength: 4 }).map(entries => Object.fromEntries(entries))
    )
  })).datum
}

/** Anything that can be a value. */
export const anyValue = arbitraryOf(fc.oneof(name, fc.constant('/')))
/** Anything that can be a key. */
export const anyKey = arbitraryOf(name.filter(name => name !== '/'))
/** Keys of few kinds and letters, so that they meet, and so that some begin as others do. */
export const meetingKey: fc.Arbitrary<Datum> = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '\u0000', 'é', '1'), maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 }).map(end => `${'prefix'.repeat(15)}${end}`),
  fc.integer({ min: -1, max: 11 }),
  fc.constantFrom<Datum>(null, true, 'true', 'null', [], {}, [1], '[1]', { a: 1, b: 2 }, { b: 2, a: 1 }),
  fc.uint8Array({ maxLength: 2, max: 2 })
)
