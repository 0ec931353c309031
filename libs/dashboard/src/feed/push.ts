import type { LoggedFailure, TaskView } from '@ipfs-mapreduce/actors'
import type { JobStatus, TaskKind, WorkerStatus } from '@ipfs-mapreduce/protocol'

/** Whose dashboard this is. */
export interface About {
  cluster: string
  /** The master's peer id. */
  peer: string
  version: string
}

/** What the master's door has seen: peers that misbehaved, or have no business here. */
export interface DoorView {
  /** Offences since the master's start, by kind; of those that were committed. */
  counts: Record<string, number>
  /** Those against whom something is held now. Points lead to a disconnection at `limit`, and are forgiven with time. */
  offenders: Array<{ peer: string, points: number, last: string, isBanned: boolean }>
  limit: number
}

/** What has changed in a table since it was last sent. */
export interface KeyedDelta<T> {
  set: Record<string, T>
  gone: string[]
}

/** States of the tasks of a kind, a character each (`TASK_STATES`): all of them, or those that have changed. */
export type StatesDelta = { all: string } | { at: number[], to: string }

/** What has changed in the job that a viewer looks at. */
export interface JobPush {
  id: string
  /** Milliseconds since the epoch; only with the first push of a job. Undefined there where its course is not known: it ended too long ago, or in an earlier life of the master. */
  startedMs?: number
  /** The first push of a job: what was known before does not count. */
  first?: true
  status?: JobStatus
  /** The value of the job's machine, as XState has it. */
  machine?: unknown
  map?: StatesDelta
  reduce?: StatesDelta
  /** Workers that rows name by their place: those that follow on what was sent. */
  workers?: string[]
  attempts?: { from: number, rows: number[], ends: number[] }
  /** All samples, six numbers each: ms, records, shuffle bytes, fetched bytes, maps and reduces that run. */
  samples?: number[]
  failures?: LoggedFailure[]
}

export interface Push {
  /** The master's clock, in milliseconds since the epoch. */
  now: number
  /** Names the viewer, in its first push. */
  viewer?: string
  about?: About
  jobs?: KeyedDelta<JobStatus>
  workers?: KeyedDelta<WorkerStatus>
  door?: DoorView
  job?: JobPush
  /** The chosen task, whole, when something of it has changed; null where there is none such. */
  task?: TaskView | null
}

/** What a viewer looks at beside all jobs and workers. */
export interface Look {
  job?: string
  task?: { kind: TaskKind, task: number }
}
