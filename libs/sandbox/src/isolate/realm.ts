/**
 * What makes the world of a program, before the program is there: it runs in each fresh context. It is bundled into one
 * script, which evaluates to `open`.
 */
import type { Intrinsics } from '@ipfs-mapreduce/mapreduce'
import { STACK_FRAMES } from '../constants.ts'
import type { Print, Realm } from './door.ts'
import { consoleTo } from './console.ts'
import { seededRandom } from './random.ts'

/** What tells time, or when memory is collected. An isolate has no other such thing. */
const UNSTEADY = ['WeakRef', 'FinalizationRegistry']

/** What `Date` says the time is where it is deterministic, in milliseconds since 1970: equal tasks of different jobs share it. */
const FIXED_TIME_MS = 0

/**
 * Gives the program a console that prints to the log and, where it is deterministic, no clock and no chance. Returns what
 * the engine makes objects with that the program is given, as it was before the program could change it.
 */
export function open (print: Print, { deterministic, seed }: Realm): Intrinsics {
  Error.stackTraceLimit = STACK_FRAMES
  replace(globalThis, 'console', consoleTo(print))
  if (deterministic) stopTime(seed)
  const { Error: StackedError, JSON: { parse } } = globalThis
  return { Array, Object, Uint8Array, parseJson: text => parse(text) as unknown, stack: () => String(new StackedError().stack) }
}

function stopTime (seed: number[]): void {
  for (const name of UNSTEADY) Reflect.deleteProperty(globalThis, name)
  replace(Math, 'random', seededRandom(seed))
  replace(globalThis, 'Date', fixedDate())
  fixDateFormats()
}

function replace (holder: object, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, writable: true, configurable: true, enumerable: false })
}

/** A `Date` whose now is FIXED_TIME_MS, and that is the same in all else. */
function fixedDate (): DateConstructor {
  const Clock = Date
  // A function, which can be called without new as `Date` can.
  const fixed = function (...args: []): unknown {
    if (new.target === undefined) return new Clock(FIXED_TIME_MS).toString()
    return Reflect.construct(Clock, args.length === 0 ? [FIXED_TIME_MS] : args, new.target)
  }
  for (const name of ['parse', 'UTC'] as const) replace(fixed, name, Clock[name])
  replace(fixed, 'now', { now: () => FIXED_TIME_MS }.now)
  Object.defineProperties(fixed, { name: { value: Clock.name }, length: { value: Clock.length } })
  Object.defineProperty(fixed, 'prototype', { value: Clock.prototype, writable: false })
  replace(Clock.prototype, 'constructor', fixed)
  return fixed as unknown as DateConstructor
}

/** Without a date these format the present one. */
function fixDateFormats (): void {
  const { prototype } = Intl.DateTimeFormat
  const format = Object.getOwnPropertyDescriptor(prototype, 'format')!
  const bound = new WeakMap<object, (date?: number | Date) => string>()
  Object.defineProperty(prototype, 'format', {
    ...format,
    get (this: Intl.DateTimeFormat) {
      const formatOf = format.get!.call(this) as (date?: number | Date) => string
      const known = bound.get(this) ?? ((date?: number | Date) => formatOf(dated(date)))
      bound.set(this, known)
      return known
    }
  })
  const { formatToParts } = prototype
  replace(prototype, 'formatToParts', {
    formatToParts (this: Intl.DateTimeFormat, date?: number | Date) { return formatToParts.call(this, dated(date)) }
  }.formatToParts)
}

function dated (date: number | Date | undefined): number | Date {
  return date === undefined ? FIXED_TIME_MS : date
}
