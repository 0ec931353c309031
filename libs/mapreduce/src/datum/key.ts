import { decode as decodeDagJson } from '@ipld/dag-json'
import { MapReduceError } from '../errors.ts'
import type { Datum } from '../program.ts'
import { ByteSink } from './byte-sink.ts'
import { copyBytes } from './intrinsics.ts'
import { isBytes } from './kind.ts'
import { writeText } from './text.ts'
import { readUtf8 } from './utf8.ts'
import { snapshot } from './value.ts'

/** The last byte of an encoded key: the kind of datum that its text stands for. */
const TAG = { null: 0, boolean: 1, number: 2, string: 3, bytes: 4, compound: 5 } as const

/**
 * The bytes by which a key is ordered and partitioned, and which print it. Two keys are equal if these and their
 * kinds are equal: `1` and `'1'` are two keys. Throws a `ProgramError` on what cannot be a key.
 */
export function keyText (key: Datum): Uint8Array {
  const sink = new ByteSink(64)
  writeText(sink, key, 'key')
  return sink.toBytes()
}

/** What follows the text of a key that is bytes. */
export const BYTES_KEY_TAG: number = TAG.bytes

/** Appends a key's text and its tag. Throws a `ProgramError` on what cannot be a key. */
export function writeKey (sink: ByteSink, key: unknown): void {
  writeText(sink, key, 'key')
  sink.byte(tagOf(key))
}

/** A key's text followed by one tag byte. Throws a `ProgramError` on what cannot be a key. */
export function encodeKey (key: Datum): Uint8Array {
  const sink = new ByteSink(64)
  writeKey(sink, key)
  return sink.toBytes()
}

function tagOf (key: unknown): number {
  switch (typeof key) {
    case 'string': return TAG.string
    case 'number': return TAG.number
    case 'boolean': return TAG.boolean
    default: return key === null ? TAG.null : isBytes(key) ? TAG.bytes : TAG.compound
  }
}

/** The key in `bytes[start, end)`, its tag included. Throws a `MapReduceError` on bytes that `writeKey` does not write. */
export function decodeKey (bytes: Uint8Array, start = 0, end = bytes.length): Datum {
  const textEnd = end - 1
  try {
    switch (bytes[textEnd]) {
      case TAG.string: return readUtf8(bytes, start, textEnd)
      case TAG.number: return decodeNumber(readUtf8(bytes, start, textEnd))
      case TAG.boolean: return readUtf8(bytes, start, textEnd) === 'true'
      case TAG.null: return null
      case TAG.bytes: return copyBytes(bytes, start, textEnd)
      case TAG.compound: return snapshot(decodeDagJson<Datum>(bytes.subarray(start, textEnd)), 'key').value
    }
  } catch (cause) {
    throw new MapReduceError('STORAGE', 'malformed key: its bytes do not fit its tag', { cause })
  }
  throw new MapReduceError('STORAGE', 'malformed key: its tag is unknown')
}

/** Whether the encoded key that ends at `end` is one of bytes. */
export function isBytesKey (bytes: Uint8Array, end: number): boolean {
  return bytes[end - 1] === TAG.bytes
}

function decodeNumber (text: string): number {
  const number = Number(text)
  if (text === '' || !Number.isFinite(number)) throw new RangeError('not a number')
  return number
}

/**
 * The order of encoded keys: text bytes, then tag. Negative, zero or positive. Each key is `bytes[start, end)`,
 * its tag its last byte.
 */
export function compareKeys (a: Uint8Array, aStart: number, aEnd: number, b: Uint8Array, bStart: number, bEnd: number): number {
  const aLength = aEnd - aStart - 1
  const bLength = bEnd - bStart - 1
  const common = aLength < bLength ? aLength : bLength
  for (let i = 0; i < common; i++) {
    const difference = a[aStart + i]! - b[bStart + i]!
    if (difference !== 0) return difference
  }
  return aLength - bLength || a[aEnd - 1]! - b[bEnd - 1]!
}

/** Four text bytes from `depth` as one number, zeros where the text has ended: unequal ones order their keys. */
export function keyPrefix (bytes: Uint8Array, start: number, textEnd: number, depth = 0): number {
  const at = start + depth
  if (at + 4 <= textEnd) return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
  let prefix = 0
  for (let i = 0; i < 4; i++) prefix = (prefix << 8) | (at + i < textEnd ? bytes[at + i]! : 0)
  return prefix >>> 0
}
