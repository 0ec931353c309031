import { MAX_ATTEMPTS, type AttemptRef } from '@ipfs-mapreduce/protocol'
import { Stragglers } from './stragglers.ts'
import type { TaskRecord, TaskTable } from './task-table.ts'
import type { Watch } from '../window/watch.ts'
import type { Attempt } from '@ipfs-mapreduce/state-machines'

export interface RunningAttemptsInit {
  table: TaskTable
  /** No attempt counts as slow before. */
  backupMs: number
  now: () => number
  /** When all that the tasks wait for was there: their time counts from then. Infinity while it is not. */
  sinceMs: () => number
  watch?: Watch
}

/** What is known of one attempt. */
interface Known {
  /** Nothing while its worker has not answered the offer. */
  acceptedMs?: number
  /** Records that it has read. */
  records: number
  /** It may have run on while the master was away, and its worker is not back. */
  isAway: boolean
}

/** What is known of the attempts of one kind of one job that run: since when, how far they are, and whether their workers are back. */
export class RunningAttempts {
  readonly #init: RunningAttemptsInit
  readonly #stragglers: Stragglers
  /** By a number: a heartbeat of an attempt takes no longer than to look it up. */
  readonly #attempts = new Map<number, Known>()
  #recordsSum = 0
  #away = 0

  constructor (init: RunningAttemptsInit) {
    this.#init = init
    this.#stragglers = new Stragglers(init.backupMs)
  }

  /** Records that attempts have read and that no counter has yet. */
  get records (): number {
    return this.#recordsSum
  }

  accepted (ref: AttemptRef): void {
    const { table, now, watch } = this.#init
    this.#known(ref).acceptedMs = now()
    const record = table.records[ref.task]!
    const { worker } = record.attempts[ref.attempt - 1]!
    watch?.attemptStarted(ref, { worker, backup: running(record).some(({ attempt }) => attempt < ref.attempt), local: record.holders.includes(worker) })
  }

  isAccepted (ref: AttemptRef): boolean {
    return this.#attempts.get(keyOf(ref))?.acceptedMs !== undefined
  }

  /** It went on while the master was away, so it is said. */
  wentOn (ref: AttemptRef): void {
    this.accepted(ref)
    this.#known(ref).isAway = true
    this.#away++
  }

  get anyAway (): boolean {
    return this.#away > 0
  }

  /** Its worker has come back; false where it had not been away. */
  isBack (ref: AttemptRef): boolean {
    const known = this.#attempts.get(keyOf(ref))
    if (known?.isAway !== true) return false
    known.isAway = false
    this.#away--
    return true
  }

  hasRead (ref: AttemptRef, records: number): void {
    const known = this.#known(ref)
    this.#recordsSum += records - known.records
    known.records = records
  }

  ended (ref: AttemptRef, attempt: Pick<Attempt, 'worker' | 'outcome' | 'failure'>): void {
    this.#init.watch?.attemptEnded(ref, attempt)
    const key = keyOf(ref)
    const known = this.#attempts.get(key)
    if (known === undefined) return
    const { acceptedMs, records, isAway } = known
    if (attempt.outcome === 'completed' && acceptedMs !== undefined) {
      const { now, sinceMs } = this.#init
      this.#stragglers.took(now() - Math.max(acceptedMs, sinceMs()))
    }
    this.#recordsSum -= records
    if (isAway) this.#away--
    this.#attempts.delete(key)
  }

  clear (): void {
    this.#attempts.clear()
    this.#recordsSum = 0
    this.#away = 0
  }

  /** Of these tasks, near the end of their phase, those that are much slower than their peers were and have no second attempt yet. */
  slow (active: TaskRecord[]): TaskRecord[] {
    const { table, now, sinceMs } = this.#init
    const slowMs = this.#stragglers.slowMs({ committed: table.committed, total: table.records.length })
    if (slowMs === Infinity) return []
    const startMs = sinceMs()
    const nowMs = now()
    let allowed = Stragglers.mayBackUp(table.records.length) - active.filter(record => running(record).length > 1).length
    return active.filter(record => {
      const [only, second] = running(record)
      if (only === undefined || second !== undefined || allowed <= 0) return false
      const acceptedMs = this.#attempts.get(keyOf({ task: record.task, attempt: only.attempt }))?.acceptedMs
      if (acceptedMs === undefined || nowMs - Math.max(acceptedMs, startMs) < slowMs) return false
      allowed--
      return true
    })
  }

  #known (ref: AttemptRef): Known {
    const key = keyOf(ref)
    let known = this.#attempts.get(key)
    if (known === undefined) {
      known = { records: 0, isAway: false }
      this.#attempts.set(key, known)
    }
    return known
  }
}

function keyOf ({ task, attempt }: Pick<AttemptRef, 'task' | 'attempt'>): number {
  return task * (MAX_ATTEMPTS + 1) + attempt
}

export function running ({ attempts }: TaskRecord): Attempt[] {
  return attempts.filter(({ outcome }) => outcome === 'active')
}
