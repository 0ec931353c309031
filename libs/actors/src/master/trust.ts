import { BLACKLIST_FAILURES } from '@ipfs-mapreduce/state-machines'
import { MAX_BLACKLIST, type Failure } from '@ipfs-mapreduce/protocol'

/** Failures that a worker has no part in. */
const NOT_THE_WORKERS = new Set<Failure['code']>(['PROGRAM', 'FATAL', 'BAD_INPUT', 'ABORTED', 'INPUT_LOST'])

/** What one job thinks of the workers: who has failed it often, and who gave it a false answer. */
export class Trust {
  readonly #failures = new Map<string, number>()
  readonly #banned = new Set<string>()
  /** Those that were banned, and those that have failed too often. */
  readonly #blacklisted = new Set<string>()

  /** Notes a failed attempt; true where it puts the worker on the blacklist. */
  failed (worker: string, code: Failure['code'] | undefined): boolean {
    if (code === undefined || NOT_THE_WORKERS.has(code)) return false
    const failures = (this.#failures.get(worker) ?? 0) + 1
    this.#failures.set(worker, failures)
    if (failures !== BLACKLIST_FAILURES) return false
    this.#blacklisted.add(worker)
    return true
  }

  /** It gave a false answer: nothing of it counts any more. True where that is news. */
  ban (worker: string): boolean {
    if (this.#banned.has(worker)) return false
    this.#banned.add(worker)
    this.#blacklisted.add(worker)
    return true
  }

  isBanned (worker: string): boolean {
    return this.#banned.has(worker)
  }

  /** Gets work of this job only where nobody else is there. */
  isBlacklisted (worker: string): boolean {
    return this.#blacklisted.has(worker)
  }

  /** The first of them, as many as a status may name. */
  blacklist (): string[] {
    return [...this.#blacklisted].slice(0, MAX_BLACKLIST)
  }
}
