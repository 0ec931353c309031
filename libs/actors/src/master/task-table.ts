import type { SplitRange } from '@ipfs-mapreduce/mapreduce'
import type { Run, TaskCounts, TaskKind } from '@ipfs-mapreduce/protocol'
import type { Attempt } from '@ipfs-mapreduce/state-machines'

/** A task as a plain record: only tasks in flight are actors. */
export interface TaskRecord {
  readonly task: number
  state: 'pending' | 'inFlight' | 'backingOff' | 'committed' | 'failed'
  /** A map's input, and a sample of its blocks by which its holders are found. */
  splits: SplitRange[]
  sample: string[]
  /** Mappers that hold the sample. */
  holders: Set<string>
  attempts: Attempt[]
  /** Who committed it, and what. */
  worker?: string
  runs: Run[]
  /** What it had committed before that was lost. */
  lostRuns?: Run[]
  output?: { cid: string, bytes: number }
  reopens: number
}

/**
 * The tasks of one kind of one job: an array of records, a first-in first-out queue of those that wait, with those
 * that wait again in front, and a queue per holder. Queues are thinned lazily: a popped task that no longer waits is skipped.
 */
export class TaskTable {
  readonly kind: TaskKind
  readonly records: TaskRecord[] = []
  readonly #queue: number[] = []
  #head = 0
  readonly #retries: number[] = []
  readonly #local = new Map<string, { tasks: number[], head: number }>()
  #pending = 0
  #backingOff = 0
  #committed = 0
  #failed = 0
  attempts = 0
  failedAttempts = 0

  constructor (kind: TaskKind) {
    this.kind = kind
  }

  add (splits: SplitRange[], sample: string[]): TaskRecord {
    const record: TaskRecord = { task: this.records.length, state: 'pending', splits, sample, holders: new Set(), attempts: [], runs: [], reopens: 0 }
    this.records.push(record)
    this.#queue.push(record.task)
    this.#pending++
    return record
  }

  /** Notes that a peer holds a task's blocks. */
  hold (record: TaskRecord, peer: string): void {
    if (record.holders.has(peer)) return
    record.holders.add(peer)
    const queue = this.#local.get(peer) ?? { tasks: [], head: 0 }
    queue.tasks.push(record.task)
    this.#local.set(peer, queue)
  }

  /** Forgets a peer that has gone. */
  unhold (peer: string): void {
    for (const task of this.#local.get(peer)?.tasks ?? []) this.records[task]!.holders.delete(peer)
    this.#local.delete(peer)
  }

  get pending (): number {
    return this.#pending
  }

  /** Tasks that need a worker: they wait for one, or for the end of their backoff. */
  get waiting (): number {
    return this.#pending + this.#backingOff
  }

  get committed (): number {
    return this.#committed
  }

  get done (): boolean {
    return this.#committed === this.records.length
  }

  /** Takes the next waiting task whose blocks the peer holds. */
  takeLocal (peer: string, avoids: (record: TaskRecord) => boolean): TaskRecord | undefined {
    const queue = this.#local.get(peer)
    if (queue === undefined) return undefined
    while (queue.head < queue.tasks.length) {
      const record = this.records[queue.tasks[queue.head++]!]!
      if (record.state === 'pending' && !avoids(record)) return this.#take(record)
    }
    return undefined
  }

  /** Takes the next waiting task; one that waits again and `avoids` the taker is left for another. */
  take (avoids: (record: TaskRecord) => boolean): TaskRecord | undefined {
    for (let i = 0; i < this.#retries.length; i++) {
      const record = this.records[this.#retries[i]!]!
      if (record.state !== 'pending') {
        this.#retries.splice(i--, 1)
      } else if (!avoids(record)) {
        this.#retries.splice(i, 1)
        return this.#take(record)
      }
    }
    while (this.#head < this.#queue.length) {
      const record = this.records[this.#queue[this.#head++]!]!
      if (record.state === 'pending' && record.attempts.length === 0) return this.#take(record)
    }
    return undefined
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
    if (record.state !== 'pending' && record.state !== 'backingOff') return
    this.#leave(record)
    record.state = 'inFlight'
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
    const pending = this.#pending + this.#backingOff
    const running = this.records.length - pending - this.#committed - this.#failed
    return { total: this.records.length, pending, running, committed: this.#committed, failed: this.#failed, attempts: this.attempts, failedAttempts: this.failedAttempts, backups: 0 }
  }

  #leave ({ state }: TaskRecord): void {
    if (state === 'pending') this.#pending--
    else if (state === 'backingOff') this.#backingOff--
    else if (state === 'committed') this.#committed--
  }

  #take (record: TaskRecord): TaskRecord {
    record.state = 'inFlight'
    this.#pending--
    return record
  }
}
