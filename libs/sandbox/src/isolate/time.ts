/** What tells time, or when memory is collected. An isolate has no other such thing. */
const UNSTEADY = ['WeakRef', 'FinalizationRegistry']

/** What `Date` says the time is where it is deterministic, in milliseconds since 1970: equal tasks of different jobs share it. */
const FIXED_TIME_MS = 0

/** Takes clock and chance out of a realm: no time passes in it, and `random` gives its numbers. */
export function stopTime (random: () => number): void {
  for (const name of UNSTEADY) Reflect.deleteProperty(globalThis, name)
  replace(Math, 'random', random)
  replace(globalThis, 'Date', fixedDate())
  fixDateFormats()
}

export function replace (holder: object, name: string, value: unknown): void {
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
