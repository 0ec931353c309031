import type { JobStatus, TaskCounts } from '@ipfs-mapreduce/protocol'
import { formatDuration, plural } from './format.ts'
import { blacklistLine, skippedLine, skippedTotal } from './job-notes.ts'
import { hasEnded } from './progress.ts'

/** An attempt as a job's record has it. */
export interface LoggedAttempt {
  kind: 'map' | 'reduce'
  task: number
  attempt: number
  worker: string
  outcome: string
  /** Why, where it failed. */
  failure?: string
}

/** What `ipmr logs` prints: what was done and how long it took, each attempt, and all that went wrong. */
export function renderLog (status: JobStatus, attempts: LoggedAttempt[] | undefined): string {
  const { job, state, spec, phases, maps, reduces, warnings, result, failure, reason, waiting } = status
  const time = phases.map(({ name, ms }) => `${name} ${formatDuration(ms)}`)
  return [
    `job ${job} (${spec.programName}) ${state}`,
    ...(time.length > 0 ? [`time: ${time.join(', ')}`] : []),
    `map: ${tasksText(maps)}`,
    `reduce: ${tasksText(reduces)}`,
    ...(attempts ?? []).map(attemptLine),
    ...warnings.map(warning => `warning: ${warning}`),
    ...(skippedTotal(status) > 0 ? [skippedLine(status, Infinity)] : []),
    ...(status.blacklist.length > 0 ? [blacklistLine(status)] : []),
    ...(waiting === undefined || waiting === '' ? [] : [`waiting ${waiting}`]),
    ...(failure === undefined ? hasEnded(state) && reason !== undefined ? [`reason: ${reason}`] : [] : [`failed: ${failure.message}`, ...stackLines(failure.stack)]),
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

function attemptLine ({ kind, task, attempt, worker, outcome, failure }: LoggedAttempt): string {
  return `${kind} ${task}#${attempt} at ${worker}: ${outcome}${failure === undefined ? '' : `: ${failure}`}`
}

function stackLines (stack: string | undefined): string[] {
  return stack === undefined || stack === '' ? [] : stack.trimEnd().split('\n').map(line => `    ${line}`)
}
