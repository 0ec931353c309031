import type { LendOptions, Lent, RangeOptions } from './files.ts'
import type { Counters, SkippedRecord, Work } from './job.ts'

/** Bytes that an attempt made, in the executor's scratch until `release` is called. */
export interface TaskOutput {
  /** Partition of a map's run; the task's own number for a reduce. */
  partition: number
  bytes: number
  records: number
  /** Its bytes, in order. May be read more than once, until `release`. */
  content: () => AsyncIterable<Uint8Array>
}

/** What an attempt made. */
export interface TaskResult {
  /** A map: one run per partition that has pairs, by partition. A reduce: one output. */
  outputs: TaskOutput[]
  counters: Counters
  /** The first `MAX_SKIPPED_LISTED` records or groups that were skipped, in order; counters count all. */
  skipped: SkippedRecord[]
  /** Frees the scratch. Outputs are unreadable afterwards. */
  release: () => Promise<void>
}

/** How an executor reads content: the one door that an attempt has to the outside. */
export type ReadContent = (file: string, options: RangeOptions) => AsyncIterable<Uint8Array>

/** The same, for an executor that can read files of this machine: those that it is lent are its own to remove. */
export type LendContent = (file: string, options: LendOptions) => AsyncIterable<Uint8Array | Lent>

/** What an attempt runs, and how it reads. `signal` ends it. */
export interface ExecuteOptions {
  /** The program's bundle. */
  program: Uint8Array
  /** The job that the attempt is of: nothing of one job reaches another's attempts. Default: that of all with this program. */
  job?: string
  read: ReadContent
  /** Gives the same bytes as `read`; who has no use for files ignores it. */
  lend?: LendContent
  signal: AbortSignal
  /** Called now and then with the records read so far. */
  onProgress?: (records: number) => void
}

/**
 * The port to a place where a stranger's program runs. One call is one attempt; calls may overlap.
 * Rejects with `ProgramError` where the program threw, `MapReduceError` otherwise; on abort with `ABORTED`.
 * Adapters: `@ipfs-mapreduce/sandbox` (a process), `inProcessExecutor` (tests and simulation).
 */
export interface Executor {
  /** Input that may have been read and not been looked at by its program yet, in bytes; 0 by default. */
  readonly readAheadBytes?: number
  /** Runs one attempt. Its outputs are the caller's to release. */
  execute: (work: Work, options: ExecuteOptions) => Promise<TaskResult>
  /** Ends what runs with `ABORTED`, and frees everything. What is asked for later is `ABORTED` too. */
  close: () => Promise<void>
}

/** How an executor stands whose attempts run in processes of their own: how many of these there are, and who waits for one. */
export interface ExecutorLoad {
  /** Processes that were started since it was made. */
  started: number
  /** With an attempt, or on the way to one. */
  busy: number
  /** Kept warm for the job that they have worked for. */
  idle: number
  /** 1 where one is ready for the job that comes next. */
  spare: number
  /** Attempts that wait for a slot. */
  waiting: number
}
