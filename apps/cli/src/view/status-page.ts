import { onLoopback } from '@ipfs-mapreduce/network'
import type { JobStatus, Status, TaskCounts } from '@ipfs-mapreduce/protocol'
import { formatCount, formatDuration, printable } from './format.ts'
import { blacklistLine, skippedLine, skippedTotal } from './job-notes.ts'
import { hasEnded } from './progress.ts'
import { renderTable } from './table.ts'

/** What `ipmr status` prints: the jobs, and the workers with their slots. */
export function renderStatus (status: Status): string {
  const jobs = status.jobs.length === 0 ? 'no jobs' : jobTable(status.jobs)
  return `${jobs}\n\n${renderWorkers(status)}`
}

export function renderWorkers ({ workers }: Status): string {
  if (workers.length === 0) return 'no workers: start some with npx nx serve mapper and npx nx serve reducer'
  // What is short comes first: a narrow terminal cuts the rest.
  return renderTable(['role', 'state', 'slots', 'running', 'worker', 'address'], workers.map(worker => [
    worker.role, worker.state, String(worker.slots), String(worker.running), worker.peer, worker.addresses.find(address => !onLoopback(address)) ?? worker.addresses[0] ?? ''
  ]), [false, false, true, true])
}

/** What `ipmr jobs` prints. */
export function renderJobs ({ jobs }: Pick<Status, 'jobs'>): string {
  return jobs.length === 0 ? 'no jobs: run one with ipmr run PROGRAM INPUT --connect MULTIADDR' : jobTable(jobs)
}

function jobTable (jobs: JobStatus[]): string {
  return renderTable(['job', 'program', 'state', 'priority', 'map', 'reduce', 'time', 'result'], jobs.map(job => [
    job.job, job.spec.programName, job.state, job.priority, share(job.maps), share(job.reduces), timeText(job), outlook(job)
  ]), [false, false, false, false, true, true, true])
}

/** What came of a job; of one that has not ended what it waits for, and where it can be taken up. */
function outlook ({ result, reason, waiting, checkpoint }: JobStatus): string {
  if (result !== undefined || reason !== undefined) return result ?? printable(reason ?? '')
  return [...(waiting === undefined ? [] : [`waiting ${waiting}`]), ...(checkpoint === undefined ? [] : [`checkpoint ${checkpoint}`])].join(', ')
}

/** What `ipmr status JOB` prints. */
export function renderJob (job: JobStatus): string {
  const facts: Array<[string, string | undefined]> = [
    ['job', job.job],
    ['state', job.state],
    ['reason', job.reason],
    ['waiting', job.waiting],
    ['priority', job.priority],
    ['program', `${job.spec.programName}  ${job.spec.program}`],
    ['input', `${job.spec.input}  ${formatCount(job.inputBytes)} bytes`],
    ['result', job.result],
    ['record', job.record],
    ['checkpoint', hasEnded(job.state) ? undefined : job.checkpoint],
    ['time', job.phases.map(({ name, ms }) => `${name} ${formatDuration(ms)}`).join(', ')],
    ['splits', `${formatCount(job.localSplits)} local, ${formatCount(job.remoteSplits)} remote, ${formatCount(job.fetchedBytes)} bytes fetched`],
    ...job.warnings.map((warning): [string, string] => ['warning', warning]),
    ['skipped', skippedTotal(job) > 0 ? skippedLine(job, Infinity) : undefined],
    ['blacklist', job.blacklist.length > 0 ? blacklistLine(job) : undefined]
  ]
  const lines = facts.filter(([, value]) => value !== undefined && value !== '').map(([name, value]) => `${name.padEnd(10)} ${printable(value ?? '')}`)
  return [...lines, '', taskTable(job), ...counterLines(job)].join('\n')
}

function taskTable ({ maps, reduces }: JobStatus): string {
  const row = (name: string, counts: TaskCounts): string[] =>
    [name, ...[counts.total, counts.pending, counts.running, counts.committed, counts.failed, counts.attempts, counts.failedAttempts, counts.backups].map(formatCount)]
  return renderTable(['tasks', 'total', 'pending', 'running', 'committed', 'failed', 'attempts', 'of them failed', 'backups'],
    [row('map', maps), row('reduce', reduces)], [false, true, true, true, true, true, true, true, true])
}

function counterLines ({ counters }: JobStatus): string[] {
  const names = Object.keys(counters).sort()
  if (names.length === 0) return []
  return ['', renderTable(['counter', 'value'], names.map(name => [name, formatCount(counters[name] ?? 0)]), [false, true])]
}

function share ({ committed, total }: TaskCounts): string {
  return `${committed}/${total}`
}

/** So far, or in all when the job has ended. */
function timeText ({ phases }: JobStatus): string {
  const total = phases.find(({ name }) => name === 'total')
  return total === undefined ? '' : formatDuration(total.ms)
}
