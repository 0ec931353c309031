import { checkFinite, checkLength, checkWellFormed, decodeKey, encodeKey, snapshot } from './datum/index.ts'
import { ProgramError } from './errors.ts'
import type { Datum, Emit } from './program.ts'
import { HeldValues } from './values.ts'
import type { CallValues } from './values.ts'

/** Values of one key that wait before they are combined: enough that a call's own cost is shared by many. */
const BATCH_VALUES = 64
/** Estimated heap of a key's group beside its key and values: object, array, map entry. */
const GROUP_BYTES = 200
/** Estimated heap of a number, or of a reference. */
const SLOT_BYTES = 8
/** Estimated heap of a string, beside its characters at two bytes each. */
const STRING_BYTES = 24
/** Estimated heap of an array's or object's part, by the byte that encodes it. */
const COMPOUND_BYTES_PER_BYTE = 8
/** Slots of the front table: one for each of the most frequent keys, in memory that stays in the processor's cache. */
const FRONT_SLOTS = 8192
/** Strings from here on may be slices that keep the whole record alive (V8: SlicedString::kMinLength). */
const SLICE_CHARS = 13

/** Calls a program's `combine`, and closes `values`. */
export type Combine = (key: Datum, values: CallValues, emit: Emit) => void

/** The pending values of a key. */
interface Group {
  key: Datum
  values: Datum[]
  /** Estimated heap of the values. */
  bytes: number
  /** Values at which they are combined. */
  limit: number
}

const NO_GROUP: Group = { key: null, values: [], bytes: 0, limit: 0 }

/**
 * A hash table of keys in front of the sort buffer: it combines while `map` runs, so that a frequent key is a lookup
 * and not a pair to sort. What `combine` emits joins the table, under whatever key, and waits there for a value of
 * `map` or for the end: it sets off no call of its own, so that combining always ends.
 */
export class Combiner {
  /** By key; by encoded key where the key is bytes, an array or an object. */
  readonly #groups = new Map<Datum, Group>()
  readonly #compounds = new Map<string, Group>()
  /** Groups of strings, by a hash that looks at three characters: finding a frequent key here costs half of a map's lookup. */
  readonly #front = new Array<Group>(FRONT_SLOTS).fill(NO_GROUP)
  readonly #combine: Combine
  readonly #out: Emit
  readonly #capacityBytes: number
  #bytes = 0
  #calling: Group | undefined
  /** The string value held last: map functions tend to emit the same one again. */
  #lastRaw = ''
  #lastHeld = ''

  /** `out` takes what leaves the table. */
  constructor (combine: Combine, out: Emit, capacityBytes: number) {
    this.#combine = combine
    this.#out = out
    this.#capacityBytes = capacityBytes
  }

  /** Throws a `ProgramError` on what cannot be a key or value, and what `combine` and `out` throw. */
  add (key: Datum, value: Datum): void {
    if (this.#calling !== undefined) throw new ProgramError('combine must emit with its own emit, not with map\'s', '')
    const group = this.#groupOf(key)
    this.#push(group, value)
    if (group.values.length >= group.limit) this.#combineGroup(group)
    if (this.#bytes >= this.#capacityBytes) this.drain()
  }

  /** Combines what is left, gives it to `out` and is empty. */
  drain (): void {
    for (const groups of [this.#groups, this.#compounds]) {
      for (const group of groups.values()) {
        if (group.values.length > 1) this.#call(group, group.values, this.#out)
        else if (group.values.length === 1) this.#out(group.key, group.values[0]!)
      }
      groups.clear()
    }
    this.#front.fill(NO_GROUP)
    this.#bytes = 0
  }

  #groupOf (key: Datum): Group {
    if (typeof key === 'string') return this.#groupOfString(key)
    if (typeof key !== 'object' || key === null) return this.#groups.get(key) ?? this.#open(key)
    const encoded = encodeKey(key)
    const name = binaryString(encoded)
    const found = this.#compounds.get(name)
    if (found !== undefined) return found
    const group = this.#newGroup(decodeKey(encoded), encoded.length * COMPOUND_BYTES_PER_BYTE)
    this.#compounds.set(name, group)
    return group
  }

  #groupOfString (key: string): Group {
    const slot = frontSlot(key)
    const front = this.#front[slot]!
    if (front.key === key) return front
    return this.#front[slot] = this.#groups.get(key) ?? this.#open(key)
  }

  /** A group for a key that has none; only here need the key be checked. */
  #open (key: Datum): Group {
    const encoded = encodeKey(key)
    const held = typeof key === 'string' && key.length >= SLICE_CHARS ? decodeKey(encoded) : key
    const group = this.#newGroup(held, STRING_BYTES + 2 * encoded.length)
    this.#groups.set(held, group)
    return group
  }

  #newGroup (key: Datum, keyBytes: number): Group {
    this.#bytes += GROUP_BYTES + keyBytes
    return { key, values: [], bytes: 0, limit: BATCH_VALUES }
  }

  #push (group: Group, value: Datum): void {
    let bytes = SLOT_BYTES
    if (typeof value === 'number') {
      checkFinite(value, 'value')
    } else if (typeof value === 'string') {
      if (value !== this.#lastRaw) bytes += this.#holdString(value)
      value = this.#lastHeld
    } else if (typeof value !== 'boolean' && value !== null) {
      const copy = snapshot(value)
      value = copy.value
      bytes += copy.bytes * COMPOUND_BYTES_PER_BYTE
    }
    // A literal of one has room for one; most keys are rare, and pushing would make room for many.
    if (group.values.length === 0) group.values = [value]
    else group.values.push(value)
    group.bytes += bytes
    this.#bytes += bytes
  }

  #holdString (value: string): number {
    checkLength(value.length, 'value')
    checkWellFormed(value, 'value')
    this.#lastRaw = value
    this.#lastHeld = value.length < SLICE_CHARS ? value : String(snapshot(value).value)
    return STRING_BYTES + 2 * value.length
  }

  #combineGroup (group: Group): void {
    const { values } = group
    this.#bytes -= group.bytes
    group.values = []
    group.bytes = 0
    this.#call(group, values, this.#collect)
    // A combine that keeps most of its values, or joins them to long ones, is called ever more seldom.
    const grown = group.values.length * 2 >= group.limit || group.bytes > group.limit * SLOT_BYTES
    if (grown) group.limit *= 2
  }

  readonly #collect: Emit = (key, value) => {
    const group = this.#calling
    if (group === undefined) throw new ProgramError('emit was called after combine had returned', '')
    this.#push(key === group.key ? group : this.#groupOf(key), value)
  }

  #call (group: Group, values: Datum[], emit: Emit): void {
    this.#calling = group
    try {
      this.#combine(group.key, new HeldValues(values), emit)
    } finally {
      this.#calling = undefined
    }
  }
}

function frontSlot (key: string): number {
  const { length } = key
  if (length === 0) return 0
  const hash = length * 1021 + key.charCodeAt(0) * 131 + key.charCodeAt(length - 1) * 31 + key.charCodeAt(length >> 1) * 7
  return hash & (FRONT_SLOTS - 1)
}

/** Bytes as a string of as many characters, to be found by in a map. */
function binaryString (bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}
