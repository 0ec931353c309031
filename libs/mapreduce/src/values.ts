import { ProgramError } from './errors.ts'
import type { Merge } from './merge.ts'
import type { Datum } from './program.ts'
import { SUM } from './sum.ts'

/**
 * What a program's `reduce` or `combine` is given as values. They can be iterated once, during the call; anything
 * else throws a `ProgramError`.
 */
export interface CallValues extends Iterable<Datum> {
  /** How many there are; known when it is closed. */
  readonly count: number
  /** Ends the call: skips the values that were not taken. */
  close: () => void
}

/** What comes again and again before and after other values. */
export interface Repeats {
  head?: Datum
  heads?: number
  last?: Datum
  repeats?: number
}

/** Values held in memory: one that comes `heads` times, some, and then one that comes `repeats` times. */
export class HeldValues implements CallValues, IterableIterator<Datum, undefined> {
  readonly #count: number
  readonly #values: readonly Datum[]
  readonly #head: Datum
  readonly #heads: number
  readonly #last: Datum
  #next = 0
  #taken = false
  #closed = false

  constructor (values: readonly Datum[], { head = null, heads = 0, last = null, repeats = 0 }: Repeats = {}) {
    this.#values = values
    this.#head = head
    this.#heads = heads
    this.#last = last
    this.#count = heads + values.length + repeats
  }

  get count (): number {
    return this.#count
  }

  /** Itself, once. Throws a `ProgramError` the second time, and after the call. */
  [Symbol.iterator] (): this {
    if (this.#taken || this.#closed) throw valuesError(this.#closed)
    this.#taken = true
    return this
  }

  /** The next value. Throws a `ProgramError` after the call. */
  next (): IteratorResult<Datum, undefined> {
    if (this.#closed) throw valuesError(true)
    if (this.#next === this.#count) return { value: undefined, done: true }
    const at = this.#next++ - this.#heads
    return { value: at < 0 ? this.#head : at < this.#values.length ? this.#values[at]! : this.#last, done: false }
  }

  /** A `break` out of a loop. */
  return (): IteratorResult<Datum, undefined> {
    this.#next = this.#count
    return { value: undefined, done: true }
  }

  /** The sum, where nothing but whole numbers come that repeat, and no step on the way to it is rounded: the values are then taken. */
  [SUM] (): number | undefined {
    if (this.#taken || this.#closed || this.#values.length > 0) return undefined
    // A sum begins with 0, which makes one of negative zeros 0 too.
    const first = 0 + product(this.#head, this.#heads)
    const sum = first + product(this.#last, this.#count - this.#heads)
    if (!Number.isSafeInteger(first) || !Number.isSafeInteger(sum)) return undefined
    this.#taken = true
    this.#next = this.#count
    return sum
  }

  close (): void {
    this.#closed = true
  }
}

/** NaN where it is not exact, or not of a number. */
function product (value: Datum, times: number): number {
  if (times === 0) return 0
  const product = Number.isSafeInteger(value) ? Number(value) * times : NaN
  return Number.isSafeInteger(product) ? product : NaN
}

/** The values of one key, streamed out of a merge: one at a time is in memory. */
export class GroupValues implements CallValues, IterableIterator<Datum, undefined> {
  readonly #merge: Merge
  #state: 'fresh' | 'open' | 'left' | 'closed' = 'fresh'
  /** Whether the merge has gone past the key. */
  #passed = false
  #count = 0

  constructor (merge: Merge) {
    this.#merge = merge
  }

  get count (): number {
    return this.#count
  }

  /** Itself, once. Throws a `ProgramError` the second time, and after the call. */
  [Symbol.iterator] (): this {
    if (this.#state !== 'fresh') throw valuesError(this.#state === 'closed')
    this.#state = 'open'
    return this
  }

  /** The next value. Throws a `ProgramError` after the call. */
  next (): IteratorResult<Datum, undefined> {
    if (this.#state === 'closed') throw valuesError(true)
    if (this.#passed || this.#state === 'left') return { value: undefined, done: true }
    const value = this.#merge.reader!.value()
    this.#advance()
    return { value, done: false }
  }

  /** A `break` out of a loop. */
  return (): IteratorResult<Datum, undefined> {
    this.#state = 'left'
    return { value: undefined, done: true }
  }

  close (): void {
    while (!this.#passed) this.#advance()
    this.#state = 'closed'
  }

  #advance (): void {
    this.#count++
    this.#merge.advance()
    this.#passed = this.#merge.newKey
  }
}

function valuesError (late: boolean): ProgramError {
  return new ProgramError(late
    ? 'values can be read only during the call that was given them'
    : 'values can be iterated only once, because they stream: collect them ([...values]) if they are few, or do all in one loop', '')
}
