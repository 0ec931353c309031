import type { JobStatus, TaskCounts } from '@ipfs-mapreduce/protocol'

/** One phase of a job as a bar shows it. */
export interface Phase {
  name: 'map' | 'reduce' | 'commit'
  total: number
  done: number
  running: number
  /** Attempts that failed; their tasks may have succeeded since. */
  failed: number
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
}

const ENDED = new Set(['succeeded', 'failed', 'cancelled'])

export function hasEnded (state: string): boolean {
  return ENDED.has(state)
}

export function progressOf (status: JobStatus, elapsedMs: number): Progress {
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
    ...(status.waiting === undefined || status.waiting === '' ? {} : { waiting: status.waiting })
  }
}

function phase (name: Phase['name'], counts: TaskCounts): Phase {
  return { name, total: counts.total, done: counts.committed, running: counts.running, failed: counts.failedAttempts }
}
