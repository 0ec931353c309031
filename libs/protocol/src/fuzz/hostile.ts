import fc from 'fast-check'
import { encodeAnnouncement, encodeMessage } from '../codec.ts'
import { anyAnnouncement, anyMessage, codePoint } from './arbitraries.ts'

/** Messages that are spoilt: more would only repeat their shapes. */
const CORPUS = 1_500
const MAX_RANDOM_BYTES = 300
const MAX_EDITS = 3
const MAX_DEPTH = 3
/** Of the largest field in messages.proto, and some beyond. */
const MAX_FIELD = 40

/** One change of a byte string; `at` counts around. */
type Edit = { at: number } & ({ kind: 'set' | 'insert', byte: number } | { kind: 'cut' | 'flip' } | { kind: 'repeat' | 'remove', length: number })

const at = fc.nat(2 ** 20)
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constantFrom('set' as const, 'insert' as const), at, byte: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)) }),
  fc.record({ kind: fc.constantFrom('cut' as const, 'flip' as const, 'flip' as const), at }),
  fc.record({ kind: fc.constantFrom('repeat' as const, 'remove' as const), at, length: fc.integer({ min: 1, max: 64 }) })
)

function apply (bytes: Uint8Array, one: Edit): Uint8Array {
  if (bytes.length === 0) return bytes
  const at = one.at % bytes.length
  const before = bytes.subarray(0, at)
  const after = bytes.subarray(at)
  switch (one.kind) {
    case 'set': return join(before, Uint8Array.of(one.byte), after.subarray(1))
    case 'insert': return join(before, Uint8Array.of(one.byte), after)
    case 'flip': return join(before, Uint8Array.of(after[0]! ^ (1 << one.at % 8)), after.subarray(1))
    case 'cut': return before
    case 'repeat': return join(before, after.subarray(0, one.length), after)
    case 'remove': return join(before, after.subarray(one.length))
  }
}

function join (...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

function varint (value: bigint): Uint8Array {
  const bytes: number[] = []
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 0x80n) return Uint8Array.from([...bytes, Number(rest)])
    bytes.push(Number(rest & 0x7fn) | 0x80)
  }
}

/** Fields that protobuf can read, of any number, type and nesting. */
const fields = (depth: number): fc.Arbitrary<Uint8Array> => fc.array(fc.tuple(fc.integer({ min: 1, max: MAX_FIELD }), content(depth)), { maxLength: 6 })
  .map(all => join(...all.flatMap(([number, { type, bytes }]) => [varint(BigInt(number << 3 | type)), bytes])))

const content = (depth: number): fc.Arbitrary<{ type: number, bytes: Uint8Array }> => {
  const number = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 300n }), fc.constantFrom(2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n))
  const blob = depth === 0 ? fc.uint8Array({ maxLength: 20 }) : fc.oneof(fields(depth - 1), fields(depth - 1), fc.uint8Array({ maxLength: 20 }), fc.string({ unit: codePoint, maxLength: 20 }).map(text => new TextEncoder().encode(text)))
  return fc.oneof(
    number.map(value => ({ type: 0, bytes: varint(value) })),
    blob.map(bytes => ({ type: 2, bytes: join(varint(BigInt(bytes.length)), bytes) })),
    fc.uint8Array({ minLength: 8, maxLength: 8 }).map(bytes => ({ type: 1, bytes })),
    fc.uint8Array({ minLength: 4, maxLength: 4 }).map(bytes => ({ type: 5, bytes }))
  )
}

/** Bytes that a stranger may send: spoilt messages, two of them spliced, protobuf of no message, noise. */
export function hostileBytes (seed: number): fc.Arbitrary<Uint8Array> {
  const corpus = [
    ...fc.sample(anyMessage, { numRuns: CORPUS, seed }).map(encodeMessage),
    ...fc.sample(anyAnnouncement, { numRuns: CORPUS / 5, seed }).map(encodeAnnouncement)
  ]
  const whole = fc.nat(corpus.length - 1).map(index => corpus[index]!)
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(whole, fc.array(edit, { minLength: 1, maxLength: MAX_EDITS })).map(([bytes, edits]) => edits.reduce(apply, bytes)) },
    { weight: 2, arbitrary: fields(MAX_DEPTH) },
    { weight: 1, arbitrary: fc.tuple(whole, whole, at, at).map(([a, b, i, j]) => join(a.subarray(0, i % (a.length + 1)), b.subarray(j % (b.length + 1)))) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: MAX_RANDOM_BYTES }) }
  )
}
