import { MAX_MAP_TASKS } from '@ipfs-mapreduce/mapreduce'
import { MAX_BLACKLIST, MAX_JOBS_PER_STATUS, MAX_NAME_CHARS, MAX_PHASES, MAX_WARNINGS, MAX_WORKERS_PER_STATUS } from '../constants.ts'
import type { JobStatus, Status, TaskCounts, WorkerStatus } from '../messages.ts'
import type * as pb from '../pb/messages.ts'
import { decodeFailure, decodePriority, decodeRole, decodeRunning, encodeFailure, encodePriority, encodeProgress, encodeRole, reason, slots, state } from './attempt.ts'
import { decodeCounters, decodeSkipped, decodeSpec, encodeCounters, encodeSkipped, encodeSpec } from './content.ts'
import { addresses, cid, duration, list, name, optional, required, text, whole } from './door.ts'

const encodeCounts = ({ total, pending, running, committed, failed, attempts, failedAttempts, backups }: TaskCounts): pb.TaskCounts =>
  ({ total, pending, running, committed, failed, attempts, failedAttempts, backups })

function decodeCounts (field: string, encoded: pb.TaskCounts | undefined): TaskCounts {
  const counts = required(field, encoded)
  const tasks = (of: 'total' | 'pending' | 'running' | 'committed' | 'failed'): number => whole(`${field}.${of}`, counts[of], MAX_MAP_TASKS)
  return {
    total: tasks('total'),
    pending: tasks('pending'),
    running: tasks('running'),
    committed: tasks('committed'),
    failed: tasks('failed'),
    attempts: whole(`${field}.attempts`, counts.attempts),
    failedAttempts: whole(`${field}.failedAttempts`, counts.failedAttempts),
    backups: whole(`${field}.backups`, counts.backups)
  }
}

function encodeJob (job: JobStatus): pb.JobStatus {
  return {
    job: job.job,
    state: job.state,
    reason: reason(job.reason ?? ''),
    failure: job.failure === undefined ? undefined : encodeFailure(job.failure),
    spec: { ...encodeSpec(job.spec), bounds: [] },
    maps: encodeCounts(job.maps),
    reduces: encodeCounts(job.reduces),
    counters: encodeCounters(job.counters),
    result: job.result ?? '',
    record: job.record ?? '',
    phases: job.phases.map(({ name, ms }) => ({ name, ms })),
    localSplits: job.localSplits,
    remoteSplits: job.remoteSplits,
    fetchedBytes: job.fetchedBytes,
    inputBytes: job.inputBytes,
    records: job.records,
    warnings: job.warnings.map(reason),
    waiting: reason(job.waiting ?? ''),
    priority: encodePriority(job.priority),
    checkpoint: job.checkpoint ?? '',
    blacklist: job.blacklist,
    skipped: job.skipped.map(encodeSkipped)
  }
}

function decodeJob (job: pb.JobStatus): JobStatus {
  const status: JobStatus = {
    job: name('job', job.job),
    state: state(job.state),
    spec: decodeSpec(job.spec),
    maps: decodeCounts('maps', job.maps),
    reduces: decodeCounts('reduces', job.reduces),
    counters: decodeCounters(job.counters),
    phases: list('phases', job.phases, MAX_PHASES)
      .map(({ name, ms }) => ({ name: text('phases.name', name, MAX_NAME_CHARS, 1), ms: duration('phases.ms', ms) })),
    localSplits: whole('localSplits', job.localSplits),
    remoteSplits: whole('remoteSplits', job.remoteSplits),
    fetchedBytes: whole('fetchedBytes', job.fetchedBytes),
    inputBytes: whole('inputBytes', job.inputBytes),
    records: whole('records', job.records),
    warnings: list('warnings', job.warnings, MAX_WARNINGS).map(reason),
    priority: decodePriority(job.priority),
    blacklist: list('blacklist', job.blacklist, MAX_BLACKLIST).map(peer => name('blacklist', peer)),
    skipped: decodeSkipped(job.skipped)
  }
  const cause = optional(job.reason, reason)
  const result = optional(job.result, value => cid('result', value))
  const record = optional(job.record, value => cid('record', value))
  const waiting = optional(job.waiting, reason)
  const checkpoint = optional(job.checkpoint, value => cid('checkpoint', value))
  if (cause !== undefined) { status.reason = cause }
  if (job.failure !== undefined) { status.failure = decodeFailure(job.failure) }
  if (result !== undefined) { status.result = result }
  if (record !== undefined) { status.record = record }
  if (waiting !== undefined) { status.waiting = waiting }
  if (checkpoint !== undefined) { status.checkpoint = checkpoint }
  return status
}

function encodeWorker (worker: WorkerStatus): pb.WorkerStatus {
  return {
    peer: worker.peer,
    role: encodeRole(worker.role),
    slots: worker.slots,
    running: worker.running,
    state: worker.state,
    addresses: worker.addresses,
    attempts: worker.attempts.map(encodeProgress)
  }
}

function decodeWorker (worker: pb.WorkerStatus): WorkerStatus {
  return {
    peer: name('workers.peer', worker.peer),
    role: decodeRole(worker.role),
    slots: slots(worker.slots),
    running: slots(worker.running),
    state: state(worker.state),
    addresses: addresses('workers.addresses', worker.addresses),
    attempts: decodeRunning(worker.attempts)
  }
}

export const encodeStatus = (status: Status): pb.Status =>
  ({ jobs: status.jobs.map(encodeJob), workers: status.workers.map(encodeWorker) })

export const decodeStatus = (status: pb.Status): Status => ({
  type: 'status',
  jobs: list('jobs', status.jobs, MAX_JOBS_PER_STATUS).map(decodeJob),
  workers: list('workers', status.workers, MAX_WORKERS_PER_STATUS).map(decodeWorker)
})
