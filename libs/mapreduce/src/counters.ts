import { MapReduceError, ProgramError } from './errors.ts'
import type { Counters } from './job.ts'

/** Records read. Over a job: the input's records, however it was split. */
export const MAP_INPUT_RECORDS = 'map.input.records'
/** Bytes of the splits mapped. Over a job: the input's bytes. */
export const MAP_INPUT_BYTES = 'map.input.bytes'
/** Pairs emitted by `map`. */
export const MAP_OUTPUT_RECORDS = 'map.output.records'
/** Values given to `combine`; depends on how the input was split. */
export const COMBINE_INPUT_RECORDS = 'combine.input.records'
/** Pairs emitted by `combine`; depends on how the input was split. */
export const COMBINE_OUTPUT_RECORDS = 'combine.output.records'
/** Records written to scratch by map attempts: the runs, and what the sort buffer could not hold, once per pass. */
export const SPILLED_RECORDS = 'spilled.records'
/** Keys given to `reduce`. */
export const REDUCE_INPUT_GROUPS = 'reduce.input.groups'
/** Values of these keys, taken or not. */
export const REDUCE_INPUT_RECORDS = 'reduce.input.records'
/** Pairs emitted by `reduce`: lines of output. */
export const REDUCE_OUTPUT_RECORDS = 'reduce.output.records'
/** Records, of those read, for which `map` threw and which were passed over: what these calls emitted and counted is gone. */
export const MAP_SKIPPED_RECORDS = 'map.skipped.records'
/** Keys, of those given, for which `reduce` threw and which were passed over with all of their values. */
export const REDUCE_SKIPPED_GROUPS = 'reduce.skipped.groups'
/** Bytes of runs copied to reduce attempts. */
export const SHUFFLE_BYTES = 'shuffle.bytes'
/** Before the name of a program's own counter. What `combine` counts depends on how often it ran. */
export const USER_PREFIX = 'user.'

/** Counters that one attempt of a program may have of its own: they travel in every report. */
export const MAX_USER_COUNTERS = 200
/** Longest name of one. */
export const MAX_COUNTER_NAME_CHARS = 100

/** The counters of one attempt, as they grow. */
export class Tally {
  readonly #counts = new Map<string, number>()
  /** What a call has counted that may yet be dropped, while there is one. */
  readonly #draft = new Map<string, number>()
  #drafting = false
  #userNames = 0

  /** Raises a counter of the system by `n`. */
  add (name: string, n: number): void {
    raise(this.#counts, name, n)
  }

  /** Keeps back what `count` counts from here on, until it is kept or dropped. */
  begin (): void {
    this.#drafting = true
  }

  /** Counts what was kept back. */
  keep (): void {
    this.#drafting = false
    if (this.#draft.size === 0) return
    for (const [name, n] of this.#draft) this.add(name, n)
    this.#draft.clear()
  }

  /** Forgets what was kept back. */
  drop (): void {
    this.#drafting = false
    for (const name of this.#draft.keys()) if (!this.#counts.has(name)) this.#userNames--
    this.#draft.clear()
  }

  /**
   * `context.count`. Throws a `ProgramError` on what is no counter. One counter too many is a `PROGRAM` failure of the
   * whole attempt: which call reaches the bound depends on how the work is cut.
   */
  readonly count = (name: string, n = 1): void => {
    if (typeof name !== 'string' || name === '' || name.length > MAX_COUNTER_NAME_CHARS || !name.isWellFormed()) {
      throw new ProgramError(`a counter's name must be a string of 1 to ${MAX_COUNTER_NAME_CHARS} characters`, '')
    }
    if (!Number.isSafeInteger(n)) throw new ProgramError(`counter ${name} can be raised only by an integer`, '')
    const full = USER_PREFIX + name
    if (!this.#counts.has(full) && !this.#draft.has(full)) this.#addName(name)
    raise(this.#drafting ? this.#draft : this.#counts, full, n)
  }

  #addName (name: string): void {
    if (this.#userNames === MAX_USER_COUNTERS) {
      throw new MapReduceError('PROGRAM', `a program can have ${MAX_USER_COUNTERS} counters, and ${name} is one more: count by key in the output instead`)
    }
    this.#userNames++
  }

  /** The sums so far. */
  toCounters (): Counters {
    return Object.fromEntries(this.#counts)
  }
}

function raise (counts: Map<string, number>, name: string, n: number): void {
  counts.set(name, (counts.get(name) ?? 0) + n)
}

/** Adds up counters by name: the job's are the sums of its tasks'. */
export function sumCounters (all: Iterable<Counters>): Counters {
  const sums = new Map<string, number>()
  for (const counters of all) {
    for (const [name, n] of Object.entries(counters)) sums.set(name, (sums.get(name) ?? 0) + n)
  }
  return Object.fromEntries(sums)
}
