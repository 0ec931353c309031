import type { LoggedFailure, TaskView } from '@ipfs-mapreduce/actors'
import type { JobStatus, WorkerStatus } from '@ipfs-mapreduce/protocol'
import { applyKeyed } from '../feed/keyed-delta.ts'
import { applyStates } from '../feed/states-delta.ts'
import { Attempts } from './attempts.ts'
import type { About, DoorView, JobPush, Push } from '../feed/push.ts'

/** Failures that a page keeps; as many as the master does. */
const MAX_FAILURES = 200

/** The job that is looked at. */
export interface JobModel {
  id: string
  /** Milliseconds since the epoch; undefined where the course of the job is not known. */
  startedMs: number | undefined
  status: JobStatus | undefined
  machine: unknown
  map: Uint8Array
  reduce: Uint8Array
  attempts: Attempts
  samples: number[]
  failures: LoggedFailure[]
}

/** All that the page shows. A push makes a new one; what is large in it is changed in place. */
export interface Model {
  /** The master's clock at the last push. */
  now: number
  viewer: string
  about: About | undefined
  jobs: ReadonlyMap<string, JobStatus>
  workers: ReadonlyMap<string, WorkerStatus>
  door: DoorView
  job: JobModel | undefined
  task: TaskView | null
}

export const NOTHING: Model = { now: 0, viewer: '', about: undefined, jobs: new Map(), workers: new Map(), door: { counts: {}, offenders: [], limit: 0 }, job: undefined, task: null }

export function apply (model: Model, { now, viewer, about, jobs, workers, door, job, task }: Push): Model {
  // A stream that has begun anew tells everything again.
  const before = viewer === undefined ? model : NOTHING
  return {
    now,
    viewer: viewer ?? before.viewer,
    about: about ?? before.about,
    jobs: jobs === undefined ? before.jobs : applyKeyed(before.jobs, jobs),
    workers: workers === undefined ? before.workers : applyKeyed(before.workers, workers),
    door: door ?? before.door,
    job: job === undefined ? before.job : applyJob(before.job, job),
    task: task === undefined ? before.task : task
  }
}

function applyJob (before: JobModel | undefined, push: JobPush): JobModel | undefined {
  const known = push.first === true || before?.id !== push.id ? undefined : before
  // Of a job that the page has left meanwhile.
  if (known === undefined && push.first !== true) return before
  const job: JobModel = known ?? { id: push.id, startedMs: push.startedMs, status: undefined, machine: undefined, map: new Uint8Array(0), reduce: new Uint8Array(0), attempts: new Attempts(), samples: [], failures: [] }
  if (push.workers !== undefined) job.attempts.workers.push(...push.workers)
  if (push.attempts !== undefined) job.attempts.apply(push.attempts)
  return {
    ...job,
    status: push.status ?? job.status,
    machine: push.machine === undefined ? job.machine : push.machine ?? undefined,
    map: push.map === undefined ? job.map : applyStates(job.map, push.map),
    reduce: push.reduce === undefined ? job.reduce : applyStates(job.reduce, push.reduce),
    samples: push.samples ?? job.samples,
    failures: push.failures === undefined ? job.failures : [...job.failures, ...push.failures].slice(-MAX_FAILURES)
  }
}
