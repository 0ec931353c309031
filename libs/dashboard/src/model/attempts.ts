import { readRow, ROW, type LoggedAttempt } from '@ipfs-mapreduce/actors/layout'
import type { JobPush } from '../feed/push.ts'

/** Rows that a page keeps; as many as the master does. */
const MAX_ROWS = 262_144

/** The attempts of the job that the page shows, as columns of numbers: a hundred thousand of them cost no objects. */
export class Attempts {
  readonly workers: string[] = []
  /** `ROW` numbers each. */
  rows = new Int32Array(256 * ROW)
  /** The number of the first row that is kept. */
  base = 0
  count = 0

  get size (): number {
    return this.count - this.base
  }

  apply ({ from, rows, ends }: Required<JobPush>['attempts']): void {
    const added = rows.length / ROW
    // Older rows are gone where the master dropped them before it told of them.
    if (this.size === 0 || from > this.count) this.base = this.count = from
    if (this.size + added > MAX_ROWS) this.#drop(Math.max(added, MAX_ROWS / 4))
    this.#makeRoom(this.size + added)
    this.rows.set(rows, this.size * ROW)
    this.count += added
    for (let i = 0; i < ends.length; i += 3) {
      const at = (ends[i]! - this.base) * ROW
      if (at < 0) continue
      this.rows[at + 4] = ends[i + 1]!
      this.rows[at + 5] = ends[i + 2]!
    }
  }

  /** `index` counts from the first row that is kept. */
  get (index: number): LoggedAttempt {
    return readRow(this.rows, index * ROW, this.workers)
  }

  #drop (wanted: number): void {
    const dropped = Math.min(this.size, Math.ceil(wanted))
    this.rows.copyWithin(0, dropped * ROW)
    this.base += dropped
  }

  #makeRoom (rows: number): void {
    if (rows * ROW <= this.rows.length) return
    const larger = new Int32Array(Math.max(this.rows.length * 2, rows * ROW))
    larger.set(this.rows)
    this.rows = larger
  }
}
