import type { JobStatus, TaskCounts } from '@ipfs-mapreduce/protocol'
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
  counters?: Record<string, number>
  tasks?: { map: TaskCounts, reduce: TaskCounts }
  attempts?: { map: number, reduce: number, failed: number }
  splits?: { local: number, remote: number }
  fetchedBytes?: number
  inputBytes?: number
  /** By phase: plan, map, reduce, commit, total. */
  seconds?: Record<string, number>
  /** Where `--output` wrote the files. */
  output?: string
  warnings?: string[]
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
    counters: status.counters,
    tasks: { map: maps, reduce: reduces },
    attempts: { map: maps.attempts, reduce: reduces.attempts, failed: maps.failedAttempts + reduces.failedAttempts },
    splits: { local: status.localSplits, remote: status.remoteSplits },
    fetchedBytes: status.fetchedBytes,
    inputBytes: status.inputBytes,
    seconds: Object.fromEntries(status.phases.map(({ name, ms }) => [name, ms / 1000])),
    output,
    warnings: status.warnings
  }
}

/** The same for a job that did not succeed, or was never accepted. */
export function failureReport (error: ErrorReport, state: string, status?: JobStatus): RunReport {
  return { ...(status === undefined ? {} : runReport(status)), state: status?.state ?? state, error }
}
