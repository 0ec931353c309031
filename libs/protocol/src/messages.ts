import type { Bounds, Counters, ErrorCode, JobSpec, RunRef, SkippedRecord, SplitRange } from '@ipfs-mapreduce/mapreduce'

/** The wire's messages as the machines see them: a decoded message is an event, told apart by `type`. */

/** A `worker` is mapper and reducer in one. */
export type Role = 'master' | 'mapper' | 'reducer' | 'worker' | 'client'
/** What a task does. */
export type TaskKind = 'map' | 'reduce'
/** Share of the slots and place in the queue, relative to other jobs. */
export type Priority = 'low' | 'normal' | 'high'

/** One attempt at one task of one job. `attempt` counts from 1. */
export interface AttemptRef {
  job: string
  kind: TaskKind
  task: number
  attempt: number
}

/** Why something did not succeed. */
export interface Failure {
  code: ErrorCode
  /** What failed, where, and what to do, in one line. */
  message: string
  /** The program's own stack, where a program threw. */
  stack?: string
  /** The content that could not be had. */
  cid?: string
}

/** A run as its map attempt made it. */
export interface Run extends RunRef {
  partition: number
  records: number
}

/** A run and who holds it: multiaddrs that end in `/p2p/PEER`. */
export interface RunAt {
  run: Run
  providers: string[]
}

/** An attempt that runs, and how far it is. */
export interface AttemptProgress {
  ref: AttemptRef
  /** The attempt machine's state. */
  state: string
  records: number
}

// worker -> master
/** A worker wants work of a master, and says what it still runs. */
export interface Join { type: 'join', cluster: string, role: Role, slots: number, addresses: string[], running: AttemptProgress[], draining: boolean }
/** A worker goes, or a master does not know the worker. */
export interface Leave { type: 'leave', reason: string }
/** What an attempt made; it counts once the master has acknowledged it. */
export interface AttemptCompleted {
  type: 'attemptCompleted'
  ref: AttemptRef
  /** A map: one run per partition that has pairs. */
  runs: Run[]
  /** A reduce: the CID of its output file. */
  output?: string
  outputBytes: number
  counters: Counters
  fetchedBytes: number
  fetchedBlocks: number
  /** The first `MAX_SKIPPED` records that made the program throw and were skipped; counters count all. */
  skipped: SkippedRecord[]
}
/** An attempt that made nothing, and why. */
export interface AttemptFailed { type: 'attemptFailed', ref: AttemptRef, failure: Failure }
/** It needs its slot for little longer, or no more: another attempt may be offered for it. May be lost without harm. */
export interface SlotYielded { type: 'slotYielded', ref: AttemptRef }
/** A reduce cannot have a run: its map task has to run again. */
export interface RunLost { type: 'runLost', ref: AttemptRef, mapTask: number, cid: string, message: string }

// master -> worker
/** The answer to `Join`; times are milliseconds. */
export interface Welcome { type: 'welcome', master: string, heartbeatMs: number, leaseMs: number }
/** Work, which the worker takes or refuses. */
export interface AttemptAssigned {
  type: 'attemptAssigned'
  ref: AttemptRef
  cluster: string
  program: string
  reducers: number
  args: Record<string, string>
  separator: string
  /** A map's input. */
  splits: SplitRange[]
  /** A reduce waits for this many runs or empty marks. */
  mapTasks: number
  /** Who holds the program and the input: multiaddrs that end in `/p2p/PEER`. */
  providers: string[]
  fetchTimeoutMs: number
  executeTimeoutMs: number
  /** Records that may make the program throw, and are skipped; with one more the attempt fails. */
  skipBadRecords: number
  /** A map's, where the job says so: its output held in memory. */
  sortBufferBytes?: number
  /** A map's, of a range-partitioned job. */
  bounds?: Bounds
  /** A map's: CIDs of what its files lie below. IPFS nodes beyond the cluster may be known to have these, and not each file. */
  roots?: string[]
}
/** To a reduce attempt: runs of its partition as map tasks commit; `empty` are map tasks that have no pair for it. */
export interface RunsCommitted { type: 'runsCommitted', ref: AttemptRef, runs: RunAt[], empty: number[] }
/** An attempt that is not wanted any more. */
export interface AttemptAborted { type: 'attemptAborted', ref: AttemptRef, reason: string }
/** What was kept for a job may go. */
export interface JobEnded { type: 'jobEnded', job: string, state: string }
/** Asks which of these blocks the peer holds. */
export interface BlocksQuery { type: 'blocksQuery', cids: string[] }

// answers
/** It was understood, and acted on. */
export interface Ack { type: 'ack' }
/** It was not acted on; `request` rejects with the code. */
export interface Refusal { type: 'refusal', code: ErrorCode, message: string }
/** The answer to `BlocksQuery`, in its order. */
export interface BlocksHeld { type: 'blocksHeld', held: boolean[] }

// client -> master and back
/** A job for a master; times are milliseconds. */
export interface SubmitJob {
  type: 'submitJob'
  cluster: string
  spec: JobSpec
  /** Who holds the program and the input. */
  providers: string[]
  /** 0 chooses the master's default. */
  deadlineMs: number
  workerWaitMs: number
  maxAttempts: number
  priority: Priority
  /** Chosen by the client: the same submission, sent again, is the same job. */
  submission: string
  /** CIDs by which a person named the input, where it lies below them. */
  roots?: string[]
}
/** Takes up a job from its last checkpoint, on another master than the one that it was submitted to. */
export interface ResumeJob {
  type: 'resumeJob'
  cluster: string
  checkpoint: string
  /** Who may hold the checkpoint. */
  providers: string[]
}
/** The answer to `SubmitJob` and `ResumeJob`: the job's id. */
export interface JobAccepted { type: 'jobAccepted', job: string }
/** A job that is not wanted any more. */
export interface CancelJob { type: 'cancelJob', job: string, reason: string }
/** Asks for one job in full, or for all of them in short. */
export interface StatusQuery { type: 'statusQuery', job?: string }
/** The answer to `StatusQuery`. */
export interface Status { type: 'status', jobs: JobStatus[], workers: WorkerStatus[] }

/** How much of a job's course has been told of: attempts that had begun, and attempts that had ended. */
export interface CoursePlace { begun: number, ended: number }
/** An attempt in a job's course; times are milliseconds since the job's start. */
export interface CourseAttempt {
  kind: TaskKind
  task: number
  attempt: number
  worker: string
  beginMs: number
  /** Absent while it runs. */
  endMs?: number
  /** active, completed, failed, lost, refused, or overtaken: given up, as another was first or the job ended. */
  outcome: string
  /** It runs beside a slow attempt at the same task. */
  backup: boolean
  /** Its worker held the input. */
  local: boolean
  /** Of those that failed, where it is still known. */
  failure?: Failure
}
/** Asks what has happened to a job since then, at most `MAX_COURSE_ATTEMPTS` at once. */
export interface CourseQuery { type: 'courseQuery', job: string, after: CoursePlace }
/** The answer to `CourseQuery`: attempts that have begun, or that have ended, since; `more` says that the next ones can be asked for at once. */
export interface Course { type: 'course', attempts: CourseAttempt[], next: CoursePlace, more: boolean }

/** Tasks of one kind by their state, and attempts at them. */
export interface TaskCounts { total: number, pending: number, running: number, committed: number, failed: number, attempts: number, failedAttempts: number, backups: number }

/** A job as its master sees it. Times are milliseconds, sizes bytes. */
export interface JobStatus {
  job: string
  /** The job machine's state: queued, planning, running, committing, succeeded, failed, cancelled. */
  state: string
  /** Why it failed or was cancelled, in one line. */
  reason?: string
  failure?: Failure
  /** What was submitted, without bounds: they can be long, and say nothing to people. */
  spec: Omit<JobSpec, 'bounds'>
  maps: TaskCounts
  reduces: TaskCounts
  counters: Counters
  /** CID of the output directory. */
  result?: string
  /** CID of the dag-cbor job record. */
  record?: string
  /** Milliseconds per phase by name: plan, map, reduce, commit, total. */
  phases: Array<{ name: string, ms: number }>
  localSplits: number
  remoteSplits: number
  fetchedBytes: number
  inputBytes: number
  /** Records read so far, running attempts included. */
  records: number
  warnings: string[]
  /** What the job waits for, if it does. */
  waiting?: string
  priority: Priority
  /** CID of the job so far, from which another master can take it up. */
  checkpoint?: string
  /** Workers that get no more of this job. */
  blacklist: string[]
  /** The first `MAX_SKIPPED` records that were skipped. */
  skipped: SkippedRecord[]
}

/** A worker as its master, or it itself, sees it. */
export interface WorkerStatus { peer: string, role: Role, slots: number, running: number, state: string, addresses: string[], attempts: AttemptProgress[] }

/** What travels on a `/ipfs/mapreduce/1.0.0` stream: one each way. */
export type Message =
  | Join | Leave | SlotYielded | AttemptCompleted | AttemptFailed | RunLost
  | Welcome | AttemptAssigned | RunsCommitted | AttemptAborted | JobEnded | BlocksQuery
  | Ack | Refusal | BlocksHeld
  | SubmitJob | ResumeJob | JobAccepted | CancelJob | StatusQuery | Status | CourseQuery | Course

// gossip: what may be lost without harm
/** A worker lives, and runs this: renews its leases. */
export interface Heartbeat { type: 'heartbeat', cluster: string, role: Role, slots: number, running: AttemptProgress[], draining: boolean }
/** A master is to be reached here. */
export interface MasterAdvert { type: 'masterAdvert', cluster: string, addresses: string[] }
/** What has become of a job. */
export interface JobAnnouncement { type: 'job', job: string, state: string, result?: string, record?: string, reason?: string, checkpoint?: string }

/** What travels on a gossipsub topic. */
export type Announcement = Heartbeat | MasterAdvert | JobAnnouncement
