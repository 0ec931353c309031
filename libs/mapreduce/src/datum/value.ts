import { MapReduceError } from '../errors.ts'
import type { Datum } from '../program.ts'
import { ByteSink } from './byte-sink.ts'
import { copyBytes, intrinsics } from './intrinsics.ts'
import { isBytes, isPlainObject, lengthOf } from './kind.ts'
import { checkFinite, checkLength, checkWellFormed, kindOf, refusal } from './refusal.ts'
import type { DatumRole } from './refusal.ts'
import { readUtf8, writeUtf8 } from './utf8.ts'
import { readVarint, varintBytes } from './varint.ts'

/** The first byte of an encoded value; RUN-FORMAT.md lists the payloads. */
const TAG = { null: 0, false: 1, true: 2, int: 3, float: 4, string: 5, bytes: 6, array: 7, object: 8 } as const

/** Integers up to here are zigzag varints; others are IEEE 754 doubles. */
const MAX_VARINT_INT = 2 ** 30
/** Arrays and objects within arrays and objects: deeper ones, and cycles, are refused before the stack ends. */
export const MAX_DATUM_DEPTH = 256

/** What comes before the length and the bytes of a value that is bytes. */
export const BYTES_VALUE_TAG: number = TAG.bytes

const doubleBytes = new Uint8Array(8)
const doubleView = new DataView(doubleBytes.buffer)

/**
 * Appends a value so that `decodeValue` gives it back equal: -0, the order of an object's names and names such as
 * `__proto__` included. Throws a `ProgramError` on what is no `Datum` or is longer than its role allows; what it
 * appended by then stays, and is the caller's to drop.
 */
export function encodeValue (sink: ByteSink, value: unknown, role: DatumRole = 'value'): void {
  const start = sink.length
  encode(sink, value, role, start, 0)
  checkLength(sink.length - start, role)
}

function encode (sink: ByteSink, value: unknown, role: DatumRole, start: number, depth: number): void {
  switch (typeof value) {
    case 'number': return encodeNumber(sink, value, role)
    case 'string': {
      checkWellFormed(value, role)
      checkLength(value.length, role)
      sink.byte(TAG.string)
      return encodeString(sink, value)
    }
    case 'boolean': return sink.byte(value ? TAG.true : TAG.false)
    case 'object': return value === null ? sink.byte(TAG.null) : encodeCompound(sink, value, role, start, depth)
    default: throw refusal(role, kindOf(value))
  }
}

function encodeNumber (sink: ByteSink, value: number, role: DatumRole): void {
  if ((value | 0) === value && Math.abs(value) < MAX_VARINT_INT && !Object.is(value, -0)) {
    sink.byte(TAG.int)
    return sink.varint(((value << 1) ^ (value >> 31)) >>> 0)
  }
  checkFinite(value, role)
  doubleView.setFloat64(0, value, true)
  sink.byte(TAG.float)
  sink.append(doubleBytes)
}

function encodeString (sink: ByteSink, text: string): void {
  const at = sink.length
  sink.byte(0)
  writeUtf8(sink, text)
  sink.sealLength(at)
}

function encodeCompound (sink: ByteSink, value: object, role: DatumRole, start: number, depth: number): void {
  if (isBytes(value)) {
    const length = lengthOf(value)
    checkLength(length, role)
    sink.byte(TAG.bytes)
    sink.varint(length)
    return sink.appendGiven(value, length)
  }
  if (depth === MAX_DATUM_DEPTH) throw refusal(role, `what holds itself, or is nested more than ${MAX_DATUM_DEPTH} deep,`)
  checkLength(sink.length - start, role)
  if (Array.isArray(value)) {
    sink.byte(TAG.array)
    const { length } = value
    sink.varint(length)
    // By index: a hole is undefined, and refused.
    for (let i = 0; i < length; i++) encode(sink, value[i], role, start, depth + 1)
    return
  }
  if (!isPlainObject(value)) throw refusal(role, kindOf(value))
  const names = Object.keys(value)
  sink.byte(TAG.object)
  sink.varint(names.length)
  for (const name of names) {
    checkWellFormed(name, role)
    encodeString(sink, name)
    encode(sink, value[name], role, start, depth + 1)
  }
}

/** A copy of a value that later changes of the original do not reach. Throws as `encodeValue` does. */
export function snapshot (value: unknown, role: DatumRole = 'value'): { value: Datum, bytes: number } {
  // Taken for as long as it is used: a getter of the value may come here again.
  const sink = spareSink ?? new ByteSink()
  spareSink = undefined
  sink.length = 0
  try {
    encodeValue(sink, value, role)
    return { value: decodeValue(sink.bytes, 0, sink.length), bytes: sink.length }
  } finally {
    if (sink.bytes.length <= MAX_SPARE_BYTES) spareSink = sink
  }
}

/** A sink that is not kept past this: one long value should not hold its room for ever. */
const MAX_SPARE_BYTES = 64 * 1024
let spareSink: ByteSink | undefined

/** Where the decoder is. One value is decoded at a time. */
const cursor = { at: 0 }

/** The value in `bytes[start, end)`. Throws a `MapReduceError` on bytes that `encodeValue` does not write. */
export function decodeValue (bytes: Uint8Array, start: number, end: number): Datum {
  cursor.at = start
  const value = decode(bytes, end, 0)
  if (cursor.at !== end) throw malformed('bytes are left over')
  return value
}

/** Where the payload of the value in `bytes[start, end)` begins, if it is bytes and as long as it says; else -1. */
export function bytesPayload (bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== TAG.bytes) return -1
  const length = readVarint(bytes, start + 1, end)
  const at = start + 1 + varintBytes(length)
  return length >= 0 && end - at === length ? at : -1
}

function decode (bytes: Uint8Array, end: number, depth: number): Datum {
  if (cursor.at >= end) throw malformed('it is cut off')
  switch (bytes[cursor.at++]) {
    case TAG.null: return null
    case TAG.false: return false
    case TAG.true: return true
    case TAG.int: {
      const zigzag = takeVarint(bytes, end)
      return (zigzag >>> 1) ^ -(zigzag & 1)
    }
    case TAG.float: return decodeDouble(bytes, end)
    case TAG.string: return decodeString(bytes, end)
    case TAG.bytes: {
      const length = takeLength(bytes, end)
      cursor.at += length
      return copyBytes(bytes, cursor.at - length, cursor.at)
    }
    case TAG.array: return decodeArray(bytes, end, depth)
    case TAG.object: return decodeObject(bytes, end, depth)
    default: throw malformed('its tag is unknown')
  }
}

function decodeDouble (bytes: Uint8Array, end: number): number {
  if (end - cursor.at < doubleBytes.length) throw malformed('it is cut off')
  for (let i = 0; i < doubleBytes.length; i++) doubleBytes[i] = bytes[cursor.at++]!
  return doubleView.getFloat64(0, true)
}

function decodeString (bytes: Uint8Array, end: number): string {
  const length = takeLength(bytes, end)
  cursor.at += length
  try {
    return readUtf8(bytes, cursor.at - length, cursor.at)
  } catch (cause) {
    throw malformed('a string in it is not UTF-8', cause)
  }
}

function decodeArray (bytes: Uint8Array, end: number, depth: number): Datum[] {
  const length = takeLength(bytes, end)
  if (depth === MAX_DATUM_DEPTH) throw malformed('it is nested too deep')
  const array = new intrinsics.Array() as Datum[]
  for (let i = 0; i < length; i++) array[i] = decode(bytes, end, depth + 1)
  return array
}

function decodeObject (bytes: Uint8Array, end: number, depth: number): Record<string, Datum> {
  const length = takeLength(bytes, end)
  if (depth === MAX_DATUM_DEPTH) throw malformed('it is nested too deep')
  const object = new intrinsics.Object() as Record<string, Datum>
  for (let i = 0; i < length; i++) {
    const name = decodeString(bytes, end)
    const value = decode(bytes, end, depth + 1)
    // Assigning to `__proto__` would set the prototype.
    if (name === '__proto__') Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true })
    else object[name] = value
  }
  return object
}

function takeVarint (bytes: Uint8Array, end: number): number {
  const value = readVarint(bytes, cursor.at, end)
  if (value < 0) throw malformed('a number in it is cut off or too long')
  cursor.at += varintBytes(value)
  return value
}

/** A length or count: each thing counted takes a byte at least, so that hostile counts fail before they allocate. */
function takeLength (bytes: Uint8Array, end: number): number {
  const length = takeVarint(bytes, end)
  if (length > end - cursor.at) throw malformed('it is cut off')
  return length
}

function malformed (what: string, cause?: unknown): MapReduceError {
  return new MapReduceError('STORAGE', `malformed value: ${what}`, { cause })
}
