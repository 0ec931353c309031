import type { Progress } from './progress.ts'
import type { TaskRunner } from './task-runner.ts'
import type { Trust } from './trust.ts'
import type { JobSpec } from '@ipfs-mapreduce/mapreduce'
import type { Failure, JobStatus, Priority } from '@ipfs-mapreduce/protocol'

export interface JobStatusParts {
  job: string
  state: string
  spec: JobSpec
  priority: Priority
  failure?: Failure
  result?: string
  record?: string
  /** The last one written. */
  checkpoint?: string
  /** What the job waits for, in words. */
  waiting?: string
  maps: TaskRunner
  reduces: TaskRunner
  progress: Progress
  trust: Trust
}

/** A job as it is told to whoever asks. */
export function jobStatus ({ failure, maps, reduces, progress, trust, ...told }: JobStatusParts): JobStatus {
  const { counters, splits, fetchedBytes, inputBytes, warnings, skipped } = progress
  return {
    ...told,
    ...failure !== undefined && { reason: failure.message, failure },
    maps: maps.table.counts(),
    reduces: reduces.table.counts(),
    counters: { ...counters },
    phases: progress.phases(),
    localSplits: splits.local, remoteSplits: splits.remote,
    fetchedBytes, inputBytes,
    records: (counters['map.input.records'] ?? 0) + maps.recordsInFlight(),
    warnings: [...warnings],
    blacklist: trust.blacklist(),
    skipped
  }
}

/** In words; nothing where it waits for nobody. */
export function waitingFor (state: string, missing: string[]): string | undefined {
  if (state === 'queued') return 'for its turn: as many jobs as may run at once do'
  return missing.length > 0 ? `for a ${missing.join(' and a ')} to join` : undefined
}
