import { encode as encodeDagJson } from '@ipld/dag-json'
import type { Datum } from '../program.ts'
import { ByteSink } from './byte-sink.ts'
import { isBytes, lengthOf } from './kind.ts'
import { checkFinite, checkLength, checkWellFormed, kindOf, refusal } from './refusal.ts'
import type { DatumRole } from './refusal.ts'
import { writeUtf8 } from './utf8.ts'
import { snapshot } from './value.ts'

/**
 * Appends a datum as it is printed: strings as UTF-8, numbers as `String` writes them (-0 as 0), `true`, `false`,
 * `null`, bytes as they are, arrays and objects as canonical DAG-JSON. Throws a `ProgramError` on what is no
 * `Datum`; what it appended by then is the caller's to drop.
 */
export function writeText (sink: ByteSink, datum: unknown, role: DatumRole): void {
  const start = sink.length
  switch (typeof datum) {
    case 'string':
      checkLength(datum.length, role)
      checkWellFormed(datum, role)
      writeUtf8(sink, datum)
      break
    case 'number':
      checkFinite(datum, role)
      writeUtf8(sink, String(datum))
      break
    case 'boolean':
      writeUtf8(sink, String(datum))
      break
    case 'object':
      writeObjectText(sink, datum, role)
      break
    default:
      throw refusal(role, kindOf(datum))
  }
  checkLength(sink.length - start, role)
}

function writeObjectText (sink: ByteSink, datum: object | null, role: DatumRole): void {
  if (datum === null) return writeUtf8(sink, 'null')
  if (isBytes(datum)) {
    const length = lengthOf(datum)
    checkLength(length, role)
    return sink.appendGiven(datum, length)
  }
  const { value } = snapshot(datum, role)
  if (role === 'key' && holdsReservedName(value)) throw refusal(role, 'an object with a property named "/", which DAG-JSON reserves,')
  sink.append(encodeDagJson(value))
}

/** Whether DAG-JSON could read a part of this back as a link or as bytes. */
function holdsReservedName (datum: Datum): boolean {
  if (typeof datum !== 'object' || datum === null || isBytes(datum)) return false
  if (Array.isArray(datum)) return datum.some(holdsReservedName)
  return Object.hasOwn(datum, '/') || Object.values(datum).some(holdsReservedName)
}

/** The bytes that print a value on an output line. Throws a `ProgramError` on what is no `Datum`. */
export function datumText (value: Datum): Uint8Array {
  const sink = new ByteSink(64)
  writeText(sink, value, 'value')
  return sink.toBytes()
}
