import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { JobEntry } from '../history.ts'
import type { TaskRecord, TaskTable } from './task-table.ts'
import type { Attempt } from '@ipfs-mapreduce/state-machines'

/** Notes an attempt that was opened before its master's restart. */
export function replayOpened (table: TaskTable, { task, attempt, worker, backup, local }: Extract<JobEntry, { type: 'opened' }>): void {
  const record = table.records[task]
  if (record === undefined) throw new MapReduceError('BAD_INPUT', `the journal names ${table.kind} task ${task}, and there are ${table.records.length}: was its input changed?`)
  // A checkpoint names the attempts that committed, and not those before them.
  const before = Array.from({ length: Math.max(0, attempt - 1 - record.attempts.length) }, (_, i): Attempt => ({ attempt: record.attempts.length + i + 1, worker, outcome: 'lost' }))
  record.attempts = [...record.attempts, ...before, { attempt, worker, outcome: 'active' }]
  table.attempts++
  if (backup) table.backups++
  if (local) table.hold(record, worker)
}

/** Notes the end of an attempt; returns its worker, where it was an end that tells something of the worker. */
export function replayClosed (table: TaskTable, { outcome, report: { ref, failure } }: Extract<JobEntry, { type: 'closed' }>): string | undefined {
  const record = table.records[ref.task]
  if (record === undefined) return undefined
  record.attempts = record.attempts.map(one => one.attempt === ref.attempt && one.outcome === 'active' ? { ...one, outcome, failure } : one)
  if (failure.code === 'ABORTED') return undefined
  table.failedAttempts++
  return outcome === 'failed' ? record.attempts[ref.attempt - 1]?.worker : undefined
}

/** Notes the end of attempts that were opened as another one completed, where the crash came before they were closed. */
export function closeOvertaken (record: TaskRecord): void {
  record.attempts = record.attempts.map(one => one.outcome === 'active' ? { ...one, outcome: 'lost', failure: { code: 'ABORTED', message: 'another attempt was first' } } : one)
}
