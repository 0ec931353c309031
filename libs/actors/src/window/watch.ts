import type { TaskRecord } from '../master/task-table.ts'
import type { AttemptRef, Failure, JobStatus } from '@ipfs-mapreduce/protocol'
import type { Attempt } from '@ipfs-mapreduce/state-machines'

/** The tasks of one kind of a job, to be looked at. */
export interface WatchedTasks {
  readonly table: { readonly records: readonly TaskRecord[] }
  /** The value of the task's machine, as XState has it; undefined where none runs, because the task waits or is over. */
  machineOf: (task: number) => unknown
}

/** A job that has not ended, to be looked at. */
export interface WatchedJob {
  readonly id: string
  readonly startedMs: number
  readonly maps: WatchedTasks
  readonly reduces: WatchedTasks
  /** The value of the job's machine, as XState has it. */
  readonly machine: unknown
  /** What is told of its attempts happened before the master's restart, and is applied again. */
  readonly isReplaying: boolean
  /** The job as it is now. */
  status: () => JobStatus
}

/** What a master tells, as it happens, to whoever watches. It decides nothing, and must not throw. */
export interface Watch {
  /** A job was taken, or taken up again. */
  jobOpened: (job: WatchedJob) => void
  /** Some time has passed; comes every few seconds while the job is open. */
  jobTicked: (job: WatchedJob) => void
  /** It succeeded, failed or was cancelled. */
  jobEnded: (job: WatchedJob) => void
  /** A worker has taken an attempt, or went on with it while the master was away. */
  attemptStarted: (ref: AttemptRef, started: { worker: string, backup: boolean, local: boolean }) => void
  /** Also of an attempt that no worker took: it was not started then. */
  attemptEnded: (ref: AttemptRef, ended: { worker: string, outcome: Attempt['outcome'], failure?: Failure }) => void
}
