import type { SkippedRecord } from '@ipfs-mapreduce/mapreduce'
import type { JobStatus, Priority, TaskCounts } from '@ipfs-mapreduce/protocol'
import type { ErrorReport } from '../errors.ts'

/** What `ipmr run --json` prints: one object, its shape part of the command's promise. */
export interface RunReport {
  /** CID of the output directory. */
  result?: string
  job?: string
  /** CID of the dag-cbor job record. */
  record?: string
  state: string
  program?: string
  input?: string
  reducers?: number
  priority?: Priority
  /** CID of the job so far, which `ipmr resume` takes. */
  checkpoint?: string
  counters?: Record<string, number>
  tasks?: { map: TaskCounts, reduce: TaskCounts }
  attempts?: { map: number, reduce: number, failed: number, backups: number }
  splits?: { local: number, remote: number }
  fetchedBytes?: number
  inputBytes?: number
  /** By phase: plan, map, reduce, commit, total. */
  seconds?: Record<string, number>
  /** Where `--output` wrote the files. */
  output?: string
  warnings?: string[]
  /** Records and keys that made the program throw, the first of them; the counters `map.skipped.records` and `reduce.skipped.groups` count all. */
  skipped?: SkippedRecord[]
  /** Peer ids of workers that got no more of this job. */
  blacklist?: string[]
  error?: ErrorReport
}

export function runReport (status: JobStatus, output?: string): RunReport {
  const { maps, reduces, spec } = status
  return {
    result: status.result,
    job: status.job,
    record: status.record,
    state: status.state,
    program: spec.program,
    input: spec.input,
    reducers: spec.reducers,
    priority: status.priority,
    checkpoint: status.checkpoint,
    counters: status.counters,
    tasks: { map: maps, reduce: reduces },
    attempts: { map: maps.attempts, reduce: reduces.attempts, failed: maps.failedAttempts + reduces.failedAttempts, backups: maps.backups + reduces.backups },
    splits: { local: status.localSplits, remote: status.remoteSplits },
    fetchedBytes: status.fetchedBytes,
    inputBytes: status.inputBytes,
    seconds: Object.fromEntries(status.phases.map(({ name, ms }) => [name, ms / 1000])),
    output,
    warnings: status.warnings,
    skipped: status.skipped,
    blacklist: status.blacklist
  }
}

/** The same for a job that did not succeed, or was never accepted. */
export function failureReport (error: ErrorReport, state: string, status?: JobStatus): RunReport {
  return { ...(status === undefined ? {} : runReport(status)), state: status?.state ?? state, error }
}
