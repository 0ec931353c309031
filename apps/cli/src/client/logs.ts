import type { Datum, Files } from '@ipfs-mapreduce/mapreduce'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import { createClosers, createLog } from '@ipfs-mapreduce/service'
import type { CommandContext } from '../commands/context.ts'
import { renderLog } from '../view/job-log.ts'
import type { LoggedAttempt } from '../view/job-log.ts'
import { hasEnded } from '../view/progress.ts'
import { createReporter } from '../view/reporter.ts'
import { askJob } from './ask.ts'
import type { MasterLink } from './ask.ts'
import { openClient, providerOf, reachMaster } from './client.ts'
import type { MasterOptions } from './commands.ts'
import { SteadyMaster } from './steady-master.ts'
import { watchJob } from './watch.ts'

export interface LogsOptions extends MasterOptions { follow?: true, json?: true, dataDir: string }

/** How long a master may be silent while its job is followed. */
const PATIENCE_MS = 60_000

/** `ipmr logs`: what happened to a job, attempt by attempt where its record tells. */
export async function logs (job: string, options: LogsOptions, { interrupt: { signal }, elapsed, print }: CommandContext): Promise<void> {
  const log = createLog('ipmr', { level: 'silent', format: 'json' })
  const closers = createClosers(log)
  const report = createReporter({ stream: process.stderr, quiet: options.json === true, elapsed })
  try {
    const { network, files } = await openClient(options, log, closers)
    const link = await reachMaster(network, options.connect, signal)
    const status = options.follow === true
      ? await watchJob(new SteadyMaster({ link, reconnectMs: PATIENCE_MS, signal }), { job, signal, onStatus: report.job })
      : await askJob(link, job, signal)
    report.done()
    const attempts = await attemptsOf(status, files, link, signal)
    await print(options.json === true ? `${JSON.stringify({ ...status, attempts: attempts ?? [] }, null, 2)}\n` : `${renderLog(status, attempts)}\n`)
  } finally {
    report.done()
    await closers.close()
  }
}

/** Every attempt that was made, from the record that a succeeded job leaves; undefined where there is none. */
async function attemptsOf ({ state, record }: JobStatus, files: Files, link: MasterLink, signal: AbortSignal): Promise<LoggedAttempt[] | undefined> {
  if (!hasEnded(state) || record === undefined) return undefined
  const reading = { signal, providers: [providerOf(link)] }
  const { maps, reduces } = await files.getRecord(record, reading) as { maps: string[], reduces: string[] }
  const attempts: LoggedAttempt[] = []
  for (const [kind, pages] of [['map', maps], ['reduce', reduces]] as const) {
    for (const page of pages) attempts.push(...attemptsOn(await files.getRecord(page, reading), kind))
  }
  return attempts
}

interface Page { tasks: Array<{ task: number, attempts: Array<Omit<LoggedAttempt, 'kind' | 'task'>> }> }

function attemptsOn (page: Datum, kind: LoggedAttempt['kind']): LoggedAttempt[] {
  return (page as unknown as Page).tasks.flatMap(({ task, attempts }) => attempts.map(attempt => ({ kind, task, ...attempt })))
}
