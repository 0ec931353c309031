import type { Datum, Files } from '@ipfs-mapreduce/mapreduce'
import type { CourseAttempt, JobStatus } from '@ipfs-mapreduce/protocol'
import { createClosers, createLog } from '@ipfs-mapreduce/service'
import type { CommandContext } from '../commands/context.ts'
import { renderCourse } from '../view/course.ts'
import { renderAttempts, renderLogEnd, renderLogHead } from '../view/job-log.ts'
import type { LoggedAttempt } from '../view/job-log.ts'
import { hasEnded } from '../view/progress.ts'
import { askJob } from './ask.ts'
import type { MasterLink } from './ask.ts'
import { openClient, providerOf, reachMaster } from './client.ts'
import type { MasterOptions } from './commands.ts'
import { CourseReader } from './course.ts'
import { SteadyMaster, tellingOf, WATCH_PATIENCE_MS } from './steady-master.ts'
import { watchJob } from './watch.ts'

export interface LogsOptions extends MasterOptions { follow?: true, json?: true, dataDir: string }

/** `ipmr logs`: what happened to a job so far, or as it happens, attempt by attempt; then how it stands. */
export async function logs (job: string, { follow, json, ...options }: LogsOptions, { interrupt: { signal }, print }: CommandContext): Promise<void> {
  const log = createLog('ipmr', { level: 'silent', format: 'json' })
  const closers = createClosers(log)
  try {
    const { network, files } = await openClient(options, log, closers)
    const master = new SteadyMaster({
      link: await reachMaster(network, options.connect, signal), reconnectMs: WATCH_PATIENCE_MS, signal,
      ...tellingOf(options.connect, WATCH_PATIENCE_MS, text => { process.stderr.write(`ipmr: ${text}\n`) })
    })
    const course = new CourseReader(job)
    const say = async (...lines: string[]): Promise<void> => { if (json !== true && lines.length > 0) await print(`${lines.join('\n')}\n`) }
    let isHeaded = false
    const tell = async (status: JobStatus): Promise<void> => {
      if (!isHeaded) await say(renderLogHead(status))
      isHeaded = true
      await say(...renderCourse(await master.ask(async link => await course.next(link, signal), { patient: true })))
    }
    const asked = await askJob(master.link, job, signal)
    if (follow !== true) await tell(asked)
    const status = follow === true ? await watchJob(master, { job, signal, onStatus: tell }) : asked
    const recorded = course.attempts === undefined ? await attemptsOf(status, files, master.link, signal) : undefined
    await say(...renderAttempts(recorded ?? []), renderLogEnd(status))
    if (json === true) await print(`${JSON.stringify({ ...status, attempts: course.attempts?.map(logged) ?? recorded ?? [] }, null, 2)}\n`)
  } catch (error) {
    // Ctrl-C is how a person ends following.
    if (follow !== true || !signal.aborted) throw error
  } finally {
    await closers.close()
  }
}

/** An attempt of a course in the shape of one of a record, which knows less of it. */
function logged ({ failure, ...attempt }: CourseAttempt): LoggedAttempt {
  return { ...attempt, ...failure !== undefined && { failure: failure.message, code: failure.code, ...failure.stack !== undefined && { stack: failure.stack } } }
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
