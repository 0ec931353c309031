import type { Answer } from './answer.ts'
import type { Counters, SplitRange } from '@ipfs-mapreduce/mapreduce'
import type { TaskCounts, TaskKind } from '@ipfs-mapreduce/protocol'
import type { Attempt } from '@ipfs-mapreduce/state-machines'

/** A task as a plain record: only tasks in flight are actors. */
export interface TaskRecord {
  readonly task: number
  state: 'pending' | 'inFlight' | 'backingOff' | 'committed' | 'failed'
  /** A map's input, and a sample of its blocks by which its holders are found. */
  splits: SplitRange[]
  sample: string[]
  /** Mappers that hold the sample. */
  holders: string[]
  attempts: Attempt[]
  /** Attempts up to this one were made from what proved false: their answers do not count. */
  staleAttempts: number
  /** What committed; kept while the task runs again, because reducers may have read it. */
  answer?: Answer
  /** Answers that differ: another worker decides. */
  rivals: Answer[]
  /** Three answers differed: any of them is as good. */
  undecided?: boolean
  reopens: number
}

const NONE: never[] = []

/**
 * The tasks of one kind of one job: an array of records, a first-in first-out queue of those that wait, with those
 * that wait again in front, and a queue per holder. Queues are thinned lazily: a popped task that no longer waits is skipped.
 */
export class TaskTable {
  readonly kind: TaskKind
  readonly records: TaskRecord[] = []
  #head = 0
  readonly #retries: number[] = []
  readonly #local = new Map<string, { tasks: number[], head: number }>()
  readonly #counterNames: string[] = []
  #pending = 0
  #backingOff = 0
  #committed = 0
  #failed = 0
  attempts = 0
  failedAttempts = 0
  backups = 0

  constructor (kind: TaskKind) {
    this.kind = kind
  }

  add (splits: SplitRange[], sample: string[]): TaskRecord {
    const record: TaskRecord = { task: this.records.length, state: 'pending', splits, sample, holders: NONE, attempts: NONE, staleAttempts: 0, rivals: NONE, reopens: 0 }
    this.records.push(record)
    this.#pending++
    return record
  }

  /** Notes that a peer holds a task's blocks. */
  hold (record: TaskRecord, peer: string): void {
    if (record.holders.includes(peer)) return
    record.holders = [...record.holders, peer]
    const queue = this.#local.get(peer) ?? { tasks: [], head: 0 }
    queue.tasks.push(record.task)
    this.#local.set(peer, queue)
  }

  /** Forgets a peer that has gone. */
  unhold (peer: string): void {
    for (const task of this.#local.get(peer)?.tasks ?? []) this.records[task]!.holders = this.records[task]!.holders.filter(holder => holder !== peer)
    this.#local.delete(peer)
  }

  get pending (): number {
    return this.#pending
  }

  /** Tasks that need a worker: they wait for one, or for the end of their backoff. */
  get waiting (): number {
    return this.#pending + this.#backingOff
  }

  get inFlight (): number {
    return this.records.length - this.#pending - this.#backingOff - this.#committed - this.#failed
  }

  get committed (): number {
    return this.#committed
  }

  get done (): boolean {
    return this.#committed === this.records.length
  }

  /** Tasks whose answers differ and that wait for another worker. */
  contested (): TaskRecord[] {
    return this.#retries.map(task => this.records[task]!).filter(({ state, rivals }) => state === 'pending' && rivals.length > 0)
  }

  /** Takes the next waiting task whose blocks the peer holds. */
  takeLocal (peer: string, refuses: (record: TaskRecord) => boolean): TaskRecord | undefined {
    const queue = this.#local.get(peer)
    if (queue === undefined) return undefined
    while (queue.head < queue.tasks.length) {
      const record = this.records[queue.tasks[queue.head++]!]!
      if (record.state === 'pending' && !refuses(record)) return this.take1(record)
    }
    return undefined
  }

  /** Takes the next waiting task; one that waits again and that the taker refuses is left for another. */
  take (refuses: (record: TaskRecord) => boolean): TaskRecord | undefined {
    for (let i = 0; i < this.#retries.length; i++) {
      const record = this.records[this.#retries[i]!]!
      if (record.state !== 'pending') {
        this.#retries.splice(i--, 1)
      } else if (!refuses(record)) {
        this.#retries.splice(i, 1)
        return this.take1(record)
      }
    }
    while (this.#head < this.records.length) {
      const record = this.records[this.#head]!
      if (record.state === 'pending' && record.attempts.length === 0) {
        if (refuses(record)) return undefined
        this.#head++
        return this.take1(record)
      }
      this.#head++
    }
    return undefined
  }

  /** Takes this task, which waits. */
  take1 (record: TaskRecord): TaskRecord {
    this.#leave(record)
    record.state = 'inFlight'
    return record
  }

  /** An attempt ended without a result; the task waits for its backoff, and then for a worker. */
  backOff (record: TaskRecord): void {
    if (record.state !== 'inFlight') return
    record.state = 'backingOff'
    this.#backingOff++
  }

  /** A task waits again: after its backoff, or because what it committed was lost. */
  retry (record: TaskRecord): void {
    this.#leave(record)
    record.state = 'pending'
    this.#pending++
    this.#retries.push(record.task)
  }

  /** A task that waited goes on after all: an attempt that was given up has completed. */
  resume (record: TaskRecord): void {
    if (record.state === 'pending' || record.state === 'backingOff') this.take1(record)
  }

  commit (record: TaskRecord): void {
    this.#leave(record)
    record.state = 'committed'
    this.#committed++
  }

  fail (record: TaskRecord): void {
    this.#leave(record)
    record.state = 'failed'
    this.#failed++
  }

  counts (): TaskCounts {
    const pending = this.waiting
    return { total: this.records.length, pending, running: this.inFlight, committed: this.#committed, failed: this.#failed, attempts: this.attempts, failedAttempts: this.failedAttempts, backups: this.backups }
  }

  /** Counters as values alone: a table has few names, and a record for each of a million tasks. */
  packCounters (counters: Counters): number[] {
    for (const name of Object.keys(counters)) if (!this.#counterNames.includes(name)) this.#counterNames.push(name)
    return this.#counterNames.map(name => counters[name] ?? 0)
  }

  unpackCounters (values: number[]): Counters {
    return Object.fromEntries(values.map((value, i) => [this.#counterNames[i]!, value]))
  }

  #leave ({ state }: TaskRecord): void {
    if (state === 'pending') this.#pending--
    else if (state === 'backingOff') this.#backingOff--
    else if (state === 'committed') this.#committed--
    else if (state === 'failed') this.#failed--
  }
}
