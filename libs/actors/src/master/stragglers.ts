import { BACKUP_COMMITTED_SHARE, SLOW_MEDIANS } from '@ipfs-mapreduce/state-machines'

/** Durations kept: enough for a median, however many tasks there are. */
const KEPT_DURATIONS = 512
/** Share of a phase's tasks that may have a backup at once (Hadoop's `speculative.cap-total-tasks`); at least one. */
const BACKED_UP_SHARE = 0.1

/** How long the attempts of one kind took that have completed, and so which of the others are slow. */
export class Stragglers {
  readonly #durationsMs: number[] = []
  readonly #backupMs: number
  #next = 0

  /** No attempt counts as slow before `backupMs`. */
  constructor (backupMs: number) {
    this.#backupMs = backupMs
  }

  took (durationMs: number): void {
    this.#durationsMs[this.#next++ % KEPT_DURATIONS] = durationMs
  }

  /** Milliseconds from which an attempt is slow; Infinity while too few peers have completed to tell. */
  slowMs ({ committed, total }: { committed: number, total: number }): number {
    if (this.#durationsMs.length === 0 || committed < total * BACKUP_COMMITTED_SHARE) return Infinity
    const sorted = this.#durationsMs.toSorted((a, b) => a - b)
    return Math.max(this.#backupMs, SLOW_MEDIANS * sorted[sorted.length >>> 1]!)
  }

  static mayBackUp (total: number): number {
    return Math.max(1, Math.floor(total * BACKED_UP_SHARE))
  }
}
