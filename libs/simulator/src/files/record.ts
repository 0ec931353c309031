import type { Datum } from '@ipfs-mapreduce/mapreduce'
import { compareText } from './text-order.ts'

/** A datum in JSON: what JSON lacks is an array that begins with its kind. */
type Json = string | number | boolean | null | Json[]

/** The bytes of a record block: equal values give equal bytes, whatever the order of their names. */
export function encodeRecord (value: Datum): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(toJson(value)))
}

export function decodeRecord (block: Uint8Array): Datum {
  return fromJson(JSON.parse(new TextDecoder().decode(block)) as Json)
}

function toJson (value: Datum): Json {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return ['bytes', ...value]
  if (Array.isArray(value)) return ['array', ...value.map(toJson)]
  const names = Object.keys(value).sort(compareText)
  return ['object', ...names.map((name): Json => [name, toJson(value[name]!)])]
}

function fromJson (json: Json): Datum {
  if (!Array.isArray(json)) return json
  const [kind, ...items] = json
  if (kind === 'bytes') return Uint8Array.from(items as number[])
  if (kind === 'array') return items.map(fromJson)
  // `fromEntries` defines properties: a name such as `__proto__` is one like any other.
  return Object.fromEntries((items as Array<[string, Json]>).map(([name, item]) => [name, fromJson(item)]))
}
