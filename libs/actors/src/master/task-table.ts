import type { Answer } from './answer.ts'
import type { Counters, SplitRange } from '@ipfs-mapreduce/mapreduce'
import { MAX_COUNTERS, type TaskCounts, type TaskKind } from '@ipfs-mapreduce/protocol'
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
  /** Its splits have been counted as read locally or not. */
  counted: boolean
}

const NONE: never[] = []
/** Names of counters in a table: those of a job's two tables fit in a status. */
export const MAX_NAMES = MAX_COUNTERS / 2

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
  /** Names of counters, in the order of a record's values. */
  readonly #counters = new Set<string>()
  #pending = 0
  #backingOff = 0
  #committed = 0
  #failed = 0
  attempts = 0
  failedAttempts = 0
  backups = 0
  #version = 0

  constructor (kind: TaskKind) {
    this.kind = kind
  }

  add (splits: SplitRange[], sample: string[]): TaskRecord {
    // A million of these: the sample without the room to grow that collecting it left, the answer with its place from the beginning.
    const record: TaskRecord = { task: this.records.length, state: 'pending', splits, sample: sample.slice(), holders: NONE, attempts: NONE, staleAttempts: 0, rivals: NONE, reopens: 0, counted: false, answer: undefined }
    this.records.push(record)
    this.#pending++
    this.#version++
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

  /** Grows with each task that waits anew: while it is the same, whom no waiting task suits now none will suit. */
  get version (): number {
    return this.#version
  }

  /** Tasks that wait and were never placed, in their order; tasks that were placed meanwhile are left out as it goes. */
  * ahead (): Generator<TaskRecord> {
    for (let task = this.#head; task < this.records.length; task++) {
      const record = this.records[task]!
      if (record.state === 'pending' && record.attempts.length === 0) yield record
    }
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
    const contested: TaskRecord[] = []
    for (const task of this.#retries) {
      const record = this.records[task]!
      if (record.rivals.length > 0 && record.state === 'pending') contested.push(record)
    }
    return contested
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
    this.#version++
    this.#retries.push(record.task)
  }

  /** A task that waited goes on after all: an attempt that was given up has completed. */
  resume (record: TaskRecord): void {
    if (record.state === 'pending' || record.state === 'backingOff') this.take1(record)
  }

  commit (record: TaskRecord): void {
    this.#leave(record)
    // In the order of their partitions, by which they are found; a copy has no room to grow left in it.
    if (record.answer !== undefined) record.answer.runs = record.answer.runs.toSorted((a, b) => a.partition - b.partition)
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

  /** Counters as values alone: a table has few names, and a record for each of a million tasks. Those under more names than MAX_NAMES are left out. */
  packCounters (counters: Counters): number[] {
    for (const name of Object.keys(counters)) if (this.#counters.size < MAX_NAMES) this.#counters.add(name)
    const values: number[] = new Array<number>(this.#counters.size)
    let place = 0
    for (const name of this.#counters) values[place++] = counters[name] ?? NaN
    return values
  }

  unpackCounters (values: number[]): Counters {
    const counters: Counters = {}
    let place = 0
    for (const name of this.#counters) {
      const value = values[place++] ?? NaN
      if (!Number.isNaN(value)) counters[name] = value
    }
    return counters
  }

  #leave ({ state }: TaskRecord): void {
    if (state === 'pending') this.#pending--
    else if (state === 'backingOff') this.#backingOff--
    else if (state === 'committed') this.#committed--
    else if (state === 'failed') this.#failed--
  }
}
