import { IS_BACKUP, IS_LOCAL, IS_REDUCE, OUTCOME_SHIFT, OUTCOMES, readRow, ROW, type AttemptOutcome, type LoggedAttempt } from './layout.ts'
import type { TaskKind } from '@ipfs-mapreduce/protocol'

/** Attempts of a job that are kept; the oldest quarter goes when there are more. 24 bytes each. */
export const MAX_LOGGED_ATTEMPTS = 262_144

/** First length of the rows' memory, in rows. */
const FIRST_ROWS = 64

/** How far a reader has read: rows, and ends of rows. Both only grow. */
export interface Cursor {
  rows: number
  ends: number
}

/** What a reader has not read yet. */
export interface LogDelta {
  /** The number of the first row in `rows`; greater than what was asked for where older ones are gone. */
  from: number
  /** `ROW` numbers each. */
  rows: number[]
  /** Three numbers each, of rows that were read before: row, end in ms, bits. */
  ends: number[]
  next: Cursor
}

/** The attempts of a job in the order of their begin, and the order in which they ended: append-only but for the end of a row. */
export class AttemptLog {
  readonly workers: string[] = []
  readonly #places = new Map<string, number>()
  readonly #open = new Map<string, number>()
  readonly #max: number
  #rows = new Int32Array(FIRST_ROWS * ROW)
  #base = 0
  #count = 0
  /** Rows in the order of their ends. */
  #ended: number[] = []
  #endedBase = 0

  constructor (maxRows = MAX_LOGGED_ATTEMPTS) {
    this.#max = maxRows
  }

  /** Rows that are kept. */
  get size (): number {
    return this.#count - this.#base
  }

  /** Adds an attempt that runs, at the cost of the oldest row where there is no room. */
  start (key: string, { kind, task, attempt, worker, startMs, backup, local }: Omit<LoggedAttempt, 'endMs' | 'outcome'>): void {
    if (this.size === this.#max) this.#dropOldest()
    const at = this.size * ROW
    if (at === this.#rows.length) this.#grow()
    const bits = (kind === 'reduce' ? IS_REDUCE : 0) | (backup ? IS_BACKUP : 0) | (local ? IS_LOCAL : 0)
    this.#rows.set([task, attempt, this.#placeOf(worker), startMs, -1, bits], at)
    this.#open.set(key, this.#count++)
  }

  /** False where no such attempt runs. */
  end (key: string, outcome: AttemptOutcome, endMs: number): boolean {
    const row = this.#open.get(key)
    if (row === undefined) return false
    this.#open.delete(key)
    if (row < this.#base) return true
    const at = (row - this.#base) * ROW
    this.#rows[at + 4] = Math.max(endMs, this.#rows[at + 3]!)
    this.#rows[at + 5]! |= OUTCOMES.indexOf(outcome) << OUTCOME_SHIFT
    this.#ended.push(row)
    return true
  }

  /** Whether an attempt was started and has not ended. */
  isOpen (key: string): boolean {
    return this.#open.has(key)
  }

  /** At most `maxRows` rows and ends that come after the cursor. */
  since (cursor: Cursor, maxRows: number): LogDelta {
    const from = Math.max(cursor.rows, this.#base)
    const until = Math.min(this.#count, from + maxRows)
    const rows = Array.from(this.#rows.subarray((from - this.#base) * ROW, (until - this.#base) * ROW))
    const ends: number[] = []
    // A reader of an earlier life of the master may be further than there is.
    let end = Math.min(Math.max(cursor.ends, this.#endedBase), this.#endedBase + this.#ended.length)
    for (; end - this.#endedBase < this.#ended.length && ends.length < maxRows * 3; end++) {
      const row = this.#ended[end - this.#endedBase]!
      // A row that the reader has yet to get: it comes with its end if that waits for it.
      if (row >= until) break
      if (row >= from || row < this.#base) continue
      const at = (row - this.#base) * ROW
      ends.push(row, this.#rows[at + 4]!, this.#rows[at + 5]!)
    }
    return { from, rows, ends, next: { rows: until, ends: end } }
  }

  /** The attempt of a row that is kept; undefined where it is not, or is none. */
  at (row: number): LoggedAttempt | undefined {
    return row < this.#base || row >= this.#count ? undefined : readRow(this.#rows, (row - this.#base) * ROW, this.workers)
  }

  /** Attempts at a task, in their order. */
  ofTask (kind: TaskKind, task: number): LoggedAttempt[] {
    const found: LoggedAttempt[] = []
    for (let at = 0; at < this.size * ROW; at += ROW) {
      if (this.#rows[at] === task && (this.#rows[at + 5]! & IS_REDUCE) === (kind === 'reduce' ? IS_REDUCE : 0)) found.push(readRow(this.#rows, at, this.workers))
    }
    return found
  }

  #placeOf (worker: string): number {
    const known = this.#places.get(worker)
    if (known !== undefined) return known
    this.#places.set(worker, this.workers.length)
    return this.workers.push(worker) - 1
  }

  #grow (): void {
    const rows = new Int32Array(Math.min(this.#rows.length * 2, this.#max * ROW))
    rows.set(this.#rows)
    this.#rows = rows
  }

  #dropOldest (): void {
    const dropped = Math.ceil(this.#max / 4)
    this.#rows.copyWithin(0, dropped * ROW)
    this.#base += dropped
    const kept = this.#ended.findIndex(row => row >= this.#base)
    const gone = kept < 0 ? this.#ended.length : kept
    this.#ended = this.#ended.slice(gone)
    this.#endedBase += gone
  }
}
