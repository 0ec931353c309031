import type { JobStatus, TaskCounts, WorkerStatus } from '@ipfs-mapreduce/protocol'
import type { Rates } from './pace.ts'

/** One phase of a job as a bar shows it. */
export interface Phase {
  name: 'map' | 'reduce' | 'commit'
  total: number
  done: number
  running: number
  /** Attempts that failed; their tasks may have succeeded since. */
  failed: number
}

/** The workers of a job's master that take work. */
export interface Staff {
  mappers: number
  reducers: number
  slots: number
  busy: number
}

/** What a person is shown of a running job. */
export interface Progress {
  title: string
  state: string
  phases: Phase[]
  records: number
  /** Since the job was asked for, milliseconds. */
  elapsedMs: number
  /** What the job waits for, if it does: "for a mapper to join". */
  waiting?: string
  rates: Rates
  warnings: string[]
  /** Why attempts failed, the last ones last. */
  failures: string[]
  /** Where the master told of its workers. */
  staff?: Staff
}

const ENDED = new Set(['succeeded', 'failed', 'cancelled'])

export function hasEnded (state: string): boolean {
  return ENDED.has(state)
}

export interface Circumstances {
  rates?: Rates
  workers?: WorkerStatus[]
  /** Why attempts failed, a line each. */
  failures?: string[]
}

export function progressOf (status: JobStatus, elapsedMs: number, { rates = {}, workers, failures = [] }: Circumstances = {}): Progress {
  const committing = status.state === 'committing'
  const committed = status.state === 'succeeded'
  return {
    title: `${status.spec.programName} · job ${status.job}`,
    state: status.state,
    phases: [
      phase('map', status.maps),
      phase('reduce', status.reduces),
      { name: 'commit', total: 1, done: committed ? 1 : 0, running: committing ? 1 : 0, failed: 0 }
    ],
    records: status.records,
    elapsedMs,
    // A job that has ended takes no longer.
    rates: hasEnded(status.state) ? { ...rates, left: undefined } : rates,
    warnings: status.warnings,
    failures,
    ...(workers === undefined || workers.length === 0 ? {} : { staff: staffOf(workers) }),
    ...(status.waiting === undefined || status.waiting === '' ? {} : { waiting: status.waiting })
  }
}

function phase (name: Phase['name'], counts: TaskCounts): Phase {
  return { name, total: counts.total, done: counts.committed, running: counts.running, failed: counts.failedAttempts }
}

export function staffOf (workers: WorkerStatus[]): Staff {
  const ready = workers.filter(({ state }) => state === 'ready')
  const total = (of: (worker: WorkerStatus) => number): number => ready.reduce((sum, worker) => sum + of(worker), 0)
  return {
    mappers: ready.filter(({ role }) => role !== 'reducer').length,
    reducers: ready.filter(({ role }) => role !== 'mapper').length,
    slots: total(({ slots }) => slots),
    busy: total(({ running }) => running)
  }
}
