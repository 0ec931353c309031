import type { Master, Watch, WatchedJob } from '@ipfs-mapreduce/actors'
import type { JobStatus, Status, TaskCounts } from '@ipfs-mapreduce/protocol'
import { attemptName } from '../attempt-name.ts'
import { secondsSince } from './clock.ts'
import { BUCKETS, type Maker, type Reading } from './names.ts'

/** States of jobs and workers that are told of where nobody is in them, too: a line that ends is not one at nought. */
const OPEN_STATES = ['queued', 'planning', 'running', 'committing'] as const
const ROLES = ['mapper', 'reducer'] as const
const PRESENCES = ['ready', 'draining', 'suspect'] as const
const KINDS = ['map', 'reduce'] as const
const TASK_STATES = ['waiting', 'running', 'committed', 'failed'] as const

/** A master: its jobs, their tasks and attempts, and its workers. Returns how it is looked at. */
export function masterMetrics (maker: Maker, master: () => Pick<Master, 'status'> | undefined, now: () => number): Watch {
  const { counter, histogram } = maker
  gaugesOf(maker, master)
  const ended = counter('jobs_ended_total', 'Jobs that have ended, by how: succeeded, failed, cancelled.', ['state'])
  const lasted = histogram('job_duration_seconds', 'How long jobs took from their submission to their end.', BUCKETS.long, ['state'])
  const inputBytes = counter('job_input_bytes_total', 'Bytes of input of the jobs that have ended.')
  const inputRecords = counter('job_input_records_total', 'Records of input that jobs that have ended had read.')
  const started = counter('attempts_started_total', 'Attempts that a worker has taken; local where it holds the input, backup where another attempt of the task runs.', ['kind', 'local', 'backup'])
  const attemptsEnded = counter('attempts_ended_total', 'Attempts that have ended: completed, failed, lost with their worker, refused by it, or overtaken by another attempt.', ['kind', 'outcome'])
  const attemptTook = histogram('attempt_duration_seconds', 'How long attempts took from when a worker took them to their end.', BUCKETS.long, ['kind', 'outcome'])
  const startedMs = new Map<string, number>()
  const open = new Map<string, WatchedJob>()
  return {
    jobOpened: job => { open.set(job.id, job) },
    jobTicked: () => {},
    jobEnded: job => {
      open.delete(job.id)
      const { state, inputBytes: bytes, records } = job.status()
      ended.inc({ state })
      lasted.observe({ state }, secondsSince(job.startedMs, now()))
      inputBytes.inc(bytes)
      inputRecords.inc(records)
    },
    attemptStarted: (ref, { local, backup }) => {
      startedMs.set(attemptName(ref), now())
      started.inc({ kind: ref.kind, local: String(local), backup: String(backup) })
    },
    attemptEnded: (ref, { outcome: told, failure }) => {
      if (open.get(ref.job)?.isReplaying === true) return
      const outcome = failure?.code === 'ABORTED' ? 'overtaken' : told
      attemptsEnded.inc({ kind: ref.kind, outcome })
      const fromMs = startedMs.get(attemptName(ref))
      if (fromMs === undefined) return
      startedMs.delete(attemptName(ref))
      attemptTook.observe({ kind: ref.kind, outcome }, secondsSince(fromMs, now()))
    }
  }
}

/** What is read of a master's tables when somebody asks. */
function gaugesOf ({ gauges }: Maker, master: () => Pick<Master, 'status'> | undefined): void {
  const reading = <L extends string> (read: (status: Status) => Reading<L>) => (): Reading<L> => {
    const status = master()?.status()
    return status === undefined ? [] : read(status)
  }
  gauges('jobs', 'Jobs that have not ended, by state; those that wait for their turn are queued.', ['state'],
    reading(({ jobs }) => OPEN_STATES.map(state => [{ state }, jobs.filter(job => job.state === state).length])))
  gauges('tasks', 'Tasks of the jobs that have not ended, by kind and state; those that wait for a slot, or for the end of a backoff, are waiting.', ['kind', 'state'],
    reading(({ jobs }) => tasksOf(jobs.filter(isOpen))))
  gauges('workers', 'Workers that have joined this master, by role and by how it sees them.', ['role', 'state'],
    reading(({ workers }) => ROLES.flatMap(role => PRESENCES.map(state => [{ role, state }, workers.filter(worker => worker.role === role && worker.state === state).length] as const))))
  gauges('slots', 'Attempts that the workers can run at once, by role.', ['role'],
    reading(({ workers }) => ROLES.map(role => [{ role }, workers.reduce((sum, worker) => sum + (worker.role === role ? worker.slots : 0), 0)])))
  gauges('slots_taken', 'Slots of the workers that have an attempt, by role.', ['role'],
    reading(({ workers }) => ROLES.map(role => [{ role }, workers.reduce((sum, worker) => sum + (worker.role === role ? worker.running : 0), 0)])))
}

function isOpen ({ state }: JobStatus): boolean {
  return (OPEN_STATES as readonly string[]).includes(state)
}

function * tasksOf (jobs: readonly JobStatus[]): Generator<readonly [Record<'kind' | 'state', string>, number]> {
  const inState = ({ pending, running, committed, failed }: TaskCounts): Record<typeof TASK_STATES[number], number> => ({ waiting: pending, running, committed, failed })
  for (const kind of KINDS) {
    const counts = jobs.map(job => inState(kind === 'map' ? job.maps : job.reduces))
    for (const state of TASK_STATES) yield [{ kind, state }, counts.reduce((sum, count) => sum + count[state], 0)]
  }
}
