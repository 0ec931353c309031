import type { JobStatus, TaskCounts } from '@ipfs-mapreduce/protocol'
import { peerTail, stackLines } from './course.ts'
import { formatDuration, plural, printable } from './format.ts'
import { blacklistLine, skippedLine, skippedTotal } from './job-notes.ts'
import { hasEnded } from './progress.ts'

/** An attempt as it is told of: a job's record has less of it than its course. */
export interface LoggedAttempt {
  kind: 'map' | 'reduce'
  task: number
  attempt: number
  worker: string
  outcome: string
  /** Why, where it failed. */
  failure?: string
  code?: string
  stack?: string
  /** Milliseconds since the job's start. */
  beginMs?: number
  endMs?: number
  backup?: boolean
  local?: boolean
}

/** What `ipmr logs` prints first. */
export function renderLogHead ({ job, state, spec }: JobStatus): string {
  return `job ${job} (${spec.programName}) ${state}`
}

/** Attempts as a record has them: how each ended, without its time. */
export function renderAttempts (attempts: LoggedAttempt[]): string[] {
  return attempts.map(({ kind, task, attempt, worker, outcome, failure }) => `${kind} ${task}#${attempt} at ${peerTail(worker)} ${outcome}${failure === undefined ? '' : `: ${printable(failure)}`}`)
}

/** What `ipmr logs` prints last: what was done and how long it took, what went wrong, and what came of it. */
export function renderLogEnd (status: JobStatus): string {
  const { state, phases, maps, reduces, warnings, result, failure, reason, waiting } = status
  const time = phases.map(({ name, ms }) => `${name} ${formatDuration(ms)}`)
  return [
    ...(time.length > 0 ? [`time: ${time.join(', ')}`] : []),
    `map: ${tasksText(maps)}`,
    `reduce: ${tasksText(reduces)}`,
    ...warnings.map(warning => `warning: ${printable(warning)}`),
    ...(skippedTotal(status) > 0 ? [skippedLine(status, Infinity)] : []),
    ...(status.blacklist.length > 0 ? [blacklistLine(status)] : []),
    ...(waiting === undefined || waiting === '' ? [] : [`waiting ${waiting}`]),
    ...(failure === undefined ? hasEnded(state) && reason !== undefined ? [`reason: ${printable(reason)}`] : [] : [`${state}: ${printable(failure.message)}`, ...stackLines(failure.stack)]),
    ...(result === undefined ? [] : [`result: ${result}`])
  ].join('\n')
}

function tasksText ({ total, committed, running, attempts, failedAttempts, backups }: TaskCounts): string {
  return [
    `${committed} of ${plural(total, 'task')} done`,
    ...(running > 0 ? [`${running} running`] : []),
    plural(attempts, 'attempt'),
    ...(failedAttempts > 0 ? [`${failedAttempts} failed`] : []),
    ...(backups > 0 ? [plural(backups, 'backup')] : [])
  ].join(', ')
}
