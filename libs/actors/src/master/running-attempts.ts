import { Stragglers } from './stragglers.ts'
import { attemptKey } from '../attempt-key.ts'
import type { TaskRecord, TaskTable } from './task-table.ts'
import type { Watch } from '../window/watch.ts'
import type { AttemptRef } from '@ipfs-mapreduce/protocol'
import type { Attempt } from '@ipfs-mapreduce/state-machines'

export interface RunningAttemptsInit {
  job: string
  table: TaskTable
  /** No attempt counts as slow before. */
  backupMs: number
  now: () => number
  /** When all that the tasks wait for was there: their time counts from then. Infinity while it is not. */
  sinceMs: () => number
  watch?: Watch
}

/** What is known of the attempts of one kind of one job that run: since when, how far they are, and whether their workers are back. */
export class RunningAttempts {
  readonly #init: RunningAttemptsInit
  readonly #stragglers: Stragglers
  readonly #acceptedMs = new Map<string, number>()
  /** Records read, by attempt. */
  readonly #records = new Map<string, number>()
  #recordsSum = 0
  /** Those that may have run on while the master was away, until their workers are back. */
  readonly #away = new Set<string>()

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
    this.#acceptedMs.set(attemptKey(ref), now())
    const record = table.records[ref.task]!
    const { worker } = record.attempts[ref.attempt - 1]!
    watch?.attemptStarted(ref, { worker, backup: running(record).some(({ attempt }) => attempt < ref.attempt), local: record.holders.includes(worker) })
  }

  isAccepted (ref: AttemptRef): boolean {
    return this.#acceptedMs.has(attemptKey(ref))
  }

  /** It went on while the master was away, so it is said. */
  wentOn (ref: AttemptRef): void {
    this.accepted(ref)
    this.#away.add(attemptKey(ref))
  }

  get anyAway (): boolean {
    return this.#away.size > 0
  }

  /** Its worker has come back; false where it had not been away. */
  isBack (ref: AttemptRef): boolean {
    return this.#away.delete(attemptKey(ref))
  }

  hasRead (ref: AttemptRef, records: number): void {
    const key = attemptKey(ref)
    this.#recordsSum += records - (this.#records.get(key) ?? 0)
    this.#records.set(key, records)
  }

  ended (ref: AttemptRef, attempt: Pick<Attempt, 'worker' | 'outcome' | 'failure'>): void {
    this.#init.watch?.attemptEnded(ref, attempt)
    const key = attemptKey(ref)
    const acceptedMs = this.#acceptedMs.get(key)
    if (attempt.outcome === 'completed' && acceptedMs !== undefined) {
      const { now, sinceMs } = this.#init
      this.#stragglers.took(now() - Math.max(acceptedMs, sinceMs()))
    }
    this.#recordsSum -= this.#records.get(key) ?? 0
    this.#records.delete(key)
    this.#acceptedMs.delete(key)
    this.#away.delete(key)
  }

  clear (): void {
    this.#records.clear()
    this.#recordsSum = 0
    this.#acceptedMs.clear()
    this.#away.clear()
  }

  /** Of these tasks, near the end of their phase, those that are much slower than their peers were and have no second attempt yet. */
  slow (active: TaskRecord[]): TaskRecord[] {
    const { table, now, sinceMs, job } = this.#init
    const slowMs = this.#stragglers.slowMs({ committed: table.committed, total: table.records.length })
    if (slowMs === Infinity) return []
    const startMs = sinceMs()
    const nowMs = now()
    let allowed = Stragglers.mayBackUp(table.records.length) - active.filter(record => running(record).length > 1).length
    return active.filter(record => {
      const [only, second] = running(record)
      if (only === undefined || second !== undefined || allowed <= 0) return false
      const acceptedMs = this.#acceptedMs.get(attemptKey({ job, kind: table.kind, task: record.task, attempt: only.attempt }))
      if (acceptedMs === undefined || nowMs - Math.max(acceptedMs, startMs) < slowMs) return false
      allowed--
      return true
    })
  }
}

export function running ({ attempts }: TaskRecord): Attempt[] {
  return attempts.filter(({ outcome }) => outcome === 'active')
}
