import { checkFinite, checkLength, checkWellFormed, decodeKey, encodeKey, snapshot } from './datum/index.ts'
import type { Datum, Emit } from './program.ts'
import { GROUP, LAST, REPEATS, ShortKeys } from './short-keys.ts'
import { HeldValues } from './values.ts'
import type { CallValues } from './values.ts'

/** Values of one key that wait before they are combined: enough that a call's own cost is shared by many. */
const BATCH_VALUES = 64
/** Estimated heap of a key's group beside its key and values: object, array, slots of the table. */
const GROUP_BYTES = 200
/** Estimated memory of a short key that has one whole number: its row and slots, room to grow, and the pair that it becomes. */
const ROW_BYTES = 128
/** Estimated heap of a number, or of a reference. */
const SLOT_BYTES = 8
/** Estimated heap of a string, beside its characters at two bytes each. */
const STRING_BYTES = 24
/** Estimated heap of an array's or object's part, by the byte that encodes it. */
const COMPOUND_BYTES_PER_BYTE = 8
/** Strings from here on may be slices that keep the whole record alive (V8: SlicedString::kMinLength). */
const SLICE_CHARS = 13

/** Calls a program's `combine`, and closes `values`. */
export type Combine = (key: Datum, values: CallValues, emit: Emit) => void

/** How often a row counts a number before it becomes a group. */
const MAX_REPEATS = 0x7fffffff

/**
 * The pending values of a key: `head`, `heads` times, then `values`, then `last`, `repeats` times. Programs that count or
 * list emit the same value again and again, which here is a number that is raised, and no memory.
 */
interface Group {
  readonly key: Datum
  head: Datum
  heads: number
  values: Datum[]
  /** Null where there is none: then null itself may be the first to repeat. */
  last: Datum
  repeats: number
  count: number
  /** Estimated heap of the values. */
  bytes: number
  /** Values at which they are combined. */
  limit: number
}

const NO_VALUES: Datum[] = []
/** String values that are found again, and the longest of them. */
const MAX_SHARED = 4096
const MAX_SHARED_CHARS = 256

/**
 * A hash table of keys in front of the sort buffer: it combines while `map` runs, so that a frequent key is a lookup
 * and not a pair to sort. A short string that comes with the same whole number each time, as words do that are counted,
 * is a row of numbers; any other key, and one that comes with a second value, is a group. What `combine` emits joins the table, under whatever key, and waits there for a value of
 * `map` or for the end: it sets off no call of its own, so that combining always ends.
 */
export class Combiner {
  /** All groups, in the order in which they were opened. */
  #groups: Group[] = []
  /** LAST is a row's number and REPEATS says how often it came; or else GROUP is the place of its group, from 1. */
  readonly #short = new ShortKeys()
  /** By key, where it is no short string; by encoded key where it is bytes, an array or an object. */
  readonly #primitives = new Map<Datum, Group>()
  readonly #compounds = new Map<string, Group>()
  readonly #combine: Combine
  readonly #out: Emit
  readonly #capacityBytes: number
  #bytes = 0
  #calling: Group | undefined
  /** String values that are held: one that is emitted under a key tends to be emitted under others, as the name of a file. */
  readonly #shared = new Map<string, string>()

  /** `out` takes what leaves the table. */
  constructor (combine: Combine, out: Emit, capacityBytes: number) {
    this.#combine = combine
    this.#out = out
    this.#capacityBytes = capacityBytes
  }

  /** Throws a `ProgramError` on what cannot be a key or value, and what `combine` and `out` throw. */
  add (key: Datum, value: Datum): void {
    const row = typeof key === 'string' ? this.#short.rowOf(key) : -1
    if (row < 0) this.#addTo(this.#groupOf(key), value)
    else if (!this.#counted(row, key, value)) this.#addTo(this.#groupOfRow(row, key), value)
  }

  /** Counts a value in a row that can. */
  #counted (row: number, key: Datum, value: Datum): boolean {
    const { cells } = this.#short
    const repeats = cells[row + REPEATS]!
    if (repeats > 0 && cells[row + LAST] === value) {
      if (repeats === MAX_REPEATS) return false
      cells[row + REPEATS] = repeats + 1
      return true
    }
    // Of the two zeros a row could hold but one.
    if (repeats > 0 || cells[row + GROUP] !== 0 || typeof value !== 'number' || (value | 0) !== value || value === 0) return false
    checkWellFormed(String(key), 'key')
    cells[row + LAST] = value
    cells[row + REPEATS] = 1
    this.#bytes += ROW_BYTES
    if (this.#bytes >= this.#capacityBytes) this.drain()
    return true
  }

  #addTo (group: Group, value: Datum): void {
    this.#push(group, value)
    if (group.count >= group.limit) this.#combineGroup(group)
    if (this.#bytes >= this.#capacityBytes) this.drain()
  }

  /** Combines what is left, gives it to `out` and is empty. */
  drain (): void {
    // What `combine` throws ends the attempt: nothing is emitted twice.
    const groups = this.#groups
    this.#groups = []
    this.#primitives.clear()
    this.#compounds.clear()
    this.#shared.clear()
    this.#bytes = 0
    this.#drainRows()
    for (const group of groups) {
      if (group.count > 1) this.#call(group.key, heldValues(group), this.#out)
      else if (group.count === 1) this.#out(group.key, group.last)
    }
  }

  /** What rows have counted; the others' values are in their groups. */
  #drainRows (): void {
    const short = this.#short
    short.each(row => {
      const repeats = short.cells[row + REPEATS]!
      if (repeats === 0) return
      const key = short.keyAt(row)
      const last = short.cells[row + LAST]!
      if (repeats > 1) this.#call(key, new HeldValues(NO_VALUES, { last, repeats }), this.#out)
      else this.#out(key, last)
    })
    short.clear()
  }

  #groupOfRow (row: number, key: Datum): Group {
    const { cells } = this.#short
    const place = cells[row + GROUP]!
    if (place > 0) return this.#groups[place - 1]!
    const group = this.#openString(String(key))
    cells[row + GROUP] = this.#groups.length
    group.repeats = group.count = cells[row + REPEATS]!
    if (group.count > 0) group.last = cells[row + LAST]!
    cells[row + REPEATS] = 0
    return group
  }

  #groupOf (key: Datum): Group {
    if (typeof key === 'string') {
      const row = this.#short.rowOf(key)
      if (row >= 0) return this.#groupOfRow(row, key)
    }
    if (typeof key !== 'object' || key === null) return this.#primitives.get(key) ?? this.#open(key)
    const encoded = encodeKey(key)
    const name = binaryString(encoded)
    const found = this.#compounds.get(name)
    if (found !== undefined) return found
    const group = this.#newGroup(decodeKey(encoded), encoded.length * COMPOUND_BYTES_PER_BYTE)
    this.#compounds.set(name, group)
    return group
  }

  /** A group for a string or another primitive that has none; only here need the key be checked. */
  #open (key: Datum): Group {
    const group = typeof key === 'string' ? this.#openString(key) : this.#newGroup(key, STRING_BYTES + 2 * encodeKey(key).length)
    this.#primitives.set(group.key, group)
    return group
  }

  #openString (key: string): Group {
    const held = key.length < SLICE_CHARS && key.isWellFormed() ? key : String(decodeKey(encodeKey(key)))
    return this.#newGroup(held, STRING_BYTES + 2 * held.length)
  }

  #newGroup (key: Datum, keyBytes: number): Group {
    this.#bytes += GROUP_BYTES + keyBytes
    const group: Group = { key, head: null, heads: 0, values: NO_VALUES, last: null, repeats: 0, count: 0, bytes: 0, limit: BATCH_VALUES }
    this.#groups.push(group)
    return group
  }

  #push (group: Group, value: Datum): void {
    // Of the two zeros, which are equal here, each is held by itself.
    if (value === group.last && value !== 0) {
      group.repeats++
      group.count++
      return
    }
    let bytes = SLOT_BYTES
    if (typeof value === 'number') {
      checkFinite(value, 'value')
    } else if (typeof value === 'string') {
      if (value.length > MAX_SHARED_CHARS) bytes += STRING_BYTES + 2 * value.length
      value = value.length > MAX_SHARED_CHARS ? copyOf(value) : this.#shared.get(value) ?? this.#share(value)
    } else if (typeof value !== 'boolean' && value !== null) {
      const copy = snapshot(value)
      value = copy.value
      bytes += copy.bytes * COMPOUND_BYTES_PER_BYTE
    }
    if (group.repeats > 0) bytes += settleRepeats(group)
    group.last = value
    group.repeats = 1
    group.count++
    group.bytes += bytes
    this.#bytes += bytes
  }

  /** Holds a string for all groups. Its bytes count until the table is drained. */
  #share (value: string): string {
    const held = copyOf(value)
    if (this.#shared.size === MAX_SHARED) this.#shared.clear()
    this.#shared.set(held, held)
    this.#bytes += STRING_BYTES + 2 * held.length
    return held
  }

  #combineGroup (group: Group): void {
    const held = heldValues(group)
    this.#bytes -= group.bytes
    group.head = null
    group.heads = 0
    group.values = NO_VALUES
    group.last = null
    group.repeats = 0
    group.count = 0
    group.bytes = 0
    this.#calling = group
    this.#call(group.key, held, this.#collect)
    // A combine that keeps most of its values, or joins them to long ones, is called ever more seldom.
    const grown = group.count * 2 >= group.limit || group.bytes > group.limit * SLOT_BYTES
    if (grown) group.limit *= 2
  }

  readonly #collect: Emit = (key, value) => {
    const group = this.#calling!
    this.#push(key === group.key ? group : this.#groupOf(key), value)
  }

  /** The group's own key is kept from the program, which may change what it is given. */
  #call (key: Datum, values: HeldValues, emit: Emit): void {
    this.#combine(typeof key === 'object' && key !== null ? decodeKey(encodeKey(key)) : key, values, emit)
  }
}

/** A valid string that keeps no longer one alive. */
function copyOf (value: string): string {
  checkLength(value.length, 'value')
  checkWellFormed(value, 'value')
  return value.length < SLICE_CHARS ? value : String(snapshot(value).value)
}

function heldValues ({ head, heads, values, last, repeats }: Group): HeldValues {
  return new HeldValues(values, { head, heads, last, repeats })
}

/** Moves the value that was repeated to the others, of another value after it; returns the bytes that they take more. */
function settleRepeats (group: Group): number {
  if (group.heads === 0) {
    group.head = group.last
    group.heads = group.repeats
    return 0
  }
  // A literal of one has room for one; most keys are rare, and pushing would make room for many.
  if (group.values.length === 0) group.values = [group.last]
  else group.values.push(group.last)
  for (let i = 1; i < group.repeats; i++) group.values.push(group.last)
  return (group.repeats - 1) * SLOT_BYTES
}

/** Bytes as a string of as many characters, to be found by in a map. */
function binaryString (bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}
