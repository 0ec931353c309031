import { MAX_NAMES, type TaskRecord, type TaskTable } from './task-table.ts'
import type { Progress } from './progress.ts'
import type { AttemptCompleted, Failure } from '@ipfs-mapreduce/protocol'

export interface TallyInit {
  progress: Progress
  /** Records and keys that the job may skip. */
  skipBadRecords: number
  warn: (message: string) => void
}

/** What committed tasks add to a job's counters, skipped records and fetched bytes, each of them once; and what is taken back where one runs again. */
export class Tally {
  readonly #init: TallyInit
  /** Whether counters of a kind of task have been left out. */
  readonly #hasUncounted = { map: false, reduce: false }

  constructor (init: TallyInit) {
    this.#init = init
  }

  add (table: TaskTable, record: TaskRecord, completion: AttemptCompleted): void {
    const { progress } = this.#init
    const { kind } = table
    const kept = table.unpackCounters(record.answer!.counters)
    progress.count(kept)
    if (Object.keys(kept).length < Object.keys(completion.counters).length) this.#warnUncounted(kind)
    progress.skip(`${kind} ${record.task}`, completion.skipped)
    progress.fetchedBytes += completion.fetchedBytes
  }

  remove (table: TaskTable, record: TaskRecord): void {
    this.#init.progress.count(table.unpackCounters(record.answer!.counters), -1)
    this.#init.progress.skip(`${table.kind} ${record.task}`, [])
  }

  /** Whether a map task's splits were where it ran; it is counted when it commits for the first time. */
  place (record: TaskRecord): void {
    if (!record.counted) this.#init.progress.splits[record.holders.includes(record.answer!.worker) ? 'local' : 'remote'] += record.splits.length
    record.counted = true
  }

  /** An attempt may skip as many as the job; that all of them together stay within it is judged here, whatever the splits. */
  tooManySkipped (): Failure | undefined {
    const message = this.#init.progress.skippedBeyond(this.#init.skipBadRecords)
    return message === undefined ? undefined : { code: 'PROGRAM', message }
  }

  #warnUncounted (kind: TaskTable['kind']): void {
    if (this.#hasUncounted[kind]) return
    this.#hasUncounted[kind] = true
    this.#init.warn(`the program counts under more than ${MAX_NAMES} names in its ${kind} tasks: what it counts under others is left out; count by key in the output instead`)
  }
}
