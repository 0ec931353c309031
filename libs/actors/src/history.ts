import { MapReduceError, type Datum, type JournalEntry } from '@ipfs-mapreduce/mapreduce'
import { decodeMessage, encodeMessage, encodeTaken, type AttemptCompleted, type AttemptFailed, type AttemptRef, type JobStatus, type Message, type RunLost, type SubmitJob, type TaskKind } from '@ipfs-mapreduce/protocol'

/**
 * What is to be known of a job to go on with it: what came from outside, and which attempts were opened. All else is
 * derived from it in the same order. It is what the journal keeps, and in short what a checkpoint holds.
 */
export type JobEntry =
  | { type: 'submitted', submit: SubmitJob, startedMs: number }
  /** A worker of this job and where it is reached. */
  | { type: 'worker', peer: string, addresses: string[] }
  /** `local`: its worker held the task's blocks. */
  | { type: 'opened', kind: TaskKind, task: number, attempt: number, worker: string, backup: boolean, local: boolean }
  | { type: 'closed', outcome: 'failed' | 'lost' | 'refused', report: AttemptFailed }
  /** `alone`: no other worker was there that could decide, if its answer contradicts one of its own. */
  | { type: 'completed', worker: string, report: AttemptCompleted, alone: boolean }
  | { type: 'runLost', report: RunLost }
  | { type: 'cancelled', reason: string }
  /** What the master is about to pin for the job: it has to be dropped, unless it is of the result. */
  | { type: 'pinned', cids: string[] }
  /** The same of an output that a reduce has reported; equal outputs of two jobs are one. */
  | { type: 'securing', output: string }
  /** The result and the record are pinned: a master that comes back announces the same ones. */
  | { type: 'stored', result: string, record: string, pages: string[] }
  | { type: 'ended', submission: string, status: JobStatus }

const OUTCOMES = ['failed', 'lost', 'refused'] as const

/** As data. Messages travel in the wire's bytes: what is read back passes the same door. */
export function encodeEntry (entry: JobEntry): JournalEntry {
  switch (entry.type) {
    case 'submitted': return { type: entry.type, startedMs: entry.startedMs, message: encodeMessage(entry.submit) }
    case 'worker': return { type: entry.type, peer: entry.peer, addresses: entry.addresses }
    case 'opened': {
      const { kind, task, attempt } = entry
      return { type: entry.type, worker: entry.worker, backup: entry.backup, local: entry.local, kind, task, attempt }
    }
    case 'closed': return { type: entry.type, outcome: entry.outcome, message: encodeMessage(entry.report) }
    case 'completed': return { type: entry.type, worker: entry.worker, alone: entry.alone, message: encodeMessage(entry.report) }
    case 'runLost': return { type: entry.type, message: encodeMessage(entry.report) }
    case 'cancelled': return { type: entry.type, reason: entry.reason }
    case 'pinned': return { type: entry.type, cids: entry.cids }
    case 'securing': return { type: entry.type, output: entry.output }
    case 'stored': return { type: entry.type, result: entry.result, record: entry.record, pages: entry.pages }
    case 'ended': return { type: entry.type, submission: entry.submission, message: encodeMessage({ type: 'status', jobs: [entry.status], workers: [] }) }
  }
}

/** The same of an entry whose report, if it has one, has just come through the door: it is not judged once more. */
export function encodeTakenEntry (entry: JobEntry): JournalEntry {
  return entry.type === 'completed' ? { type: entry.type, worker: entry.worker, alone: entry.alone, message: encodeTaken(entry.report) } : encodeEntry(entry)
}

/** Inverse of `encodeEntry`; throws `BAD_INPUT` on what is no entry: a checkpoint comes from anywhere. */
export function decodeEntry (entry: JournalEntry): JobEntry {
  const fields = record(entry)
  switch (fields.type) {
    case 'submitted': return { type: 'submitted', startedMs: whole(fields.startedMs), submit: message(fields.message, 'submitJob') }
    case 'worker': return { type: 'worker', peer: text(fields.peer), addresses: list(fields.addresses).map(text) }
    case 'opened': {
      const { worker, backup, local, kind, task, attempt } = fields
      if (kind !== 'map' && kind !== 'reduce') throw bad('kind')
      return { type: 'opened', worker: text(worker), backup: backup === true, local: local === true, kind, task: whole(task), attempt: whole(attempt) }
    }
    case 'closed': {
      const outcome = OUTCOMES.find(one => one === fields.outcome)
      if (outcome === undefined) throw bad('outcome')
      return { type: 'closed', outcome, report: message(fields.message, 'attemptFailed') }
    }
    case 'completed': return { type: 'completed', worker: text(fields.worker), alone: fields.alone === true, report: message(fields.message, 'attemptCompleted') }
    case 'runLost': return { type: 'runLost', report: message(fields.message, 'runLost') }
    case 'cancelled': return { type: 'cancelled', reason: text(fields.reason) }
    case 'pinned': return { type: 'pinned', cids: list(fields.cids).map(text) }
    case 'securing': return { type: 'securing', output: text(fields.output) }
    case 'stored': return { type: 'stored', result: text(fields.result), record: text(fields.record), pages: list(fields.pages).map(text) }
    case 'ended': {
      const [status] = message(fields.message, 'status').jobs
      if (status === undefined) throw bad('message')
      return { type: 'ended', submission: text(fields.submission), status }
    }
    default: throw bad('type')
  }
}

/** The attempt that an entry is about, where it is about one. */
export function refOf (job: string, { kind, task, attempt }: Pick<AttemptRef, 'kind' | 'task' | 'attempt'>): AttemptRef {
  return { job, kind, task, attempt }
}

function bad (field: string): MapReduceError {
  return new MapReduceError('BAD_INPUT', `no entry of a job's journal: its ${field} is not one`)
}

function record (value: Datum): Record<string, Datum> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) throw bad('shape')
  return value
}

function text (value: Datum | undefined): string {
  if (typeof value !== 'string') throw bad('text')
  return value
}

function whole (value: Datum | undefined): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw bad('number')
  return value
}

function list (value: Datum | undefined): Datum[] {
  if (!Array.isArray(value)) throw bad('list')
  return value
}

function message<T extends Message['type']> (value: Datum | undefined, type: T): Extract<Message, { type: T }> {
  if (!(value instanceof Uint8Array)) throw bad('message')
  const decoded = decodeMessage(value)
  if (decoded.type !== type) throw bad('message')
  return decoded as Extract<Message, { type: T }>
}
