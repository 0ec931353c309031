import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { Log } from '@ipfs-mapreduce/service'
import type { JobStatus, WorkerStatus } from '@ipfs-mapreduce/protocol'
import { askJob, cancelJob } from '../client/ask.ts'
import type { MasterLink } from '../client/ask.ts'
import { providerOf } from '../client/client.ts'
import type { Client } from '../client/client.ts'
import { RecentFailures } from '../client/recent-failures.ts'
import type { SteadyMaster } from '../client/steady-master.ts'
import { watchJob } from '../client/watch.ts'
import { JobFailedError } from '../errors.ts'
import type { Interrupt } from '../interrupt.ts'
import { writeOutput } from '../output.ts'
import { staysBehind, tellAccepted } from '../stays-behind.ts'
import { plural } from '../view/format.ts'
import { jobNotes } from '../view/job-notes.ts'
import type { Reporter } from '../view/reporter.ts'

/** How long a master is given to note that a job is cancelled, before this process ends all the same. */
const CANCEL_TIMEOUT_MS = 2_000

export interface RunContext {
  report: Reporter
  interrupt: Interrupt
  /** Aborted when the job is no longer wanted, for whatever reason. */
  signal: AbortSignal
  log: Log
  /** Whether the master is another's, and goes on when this process has ended. */
  masterStays: boolean
  /** Told whatever the master said last, so that a failure can be reported with it. */
  onStatus: (status: JobStatus) => void
}

export interface RunOutcome {
  status: JobStatus
  /** CID of the output directory; absent where the job was left with its master. */
  result?: string
  /** Paths that `--output` wrote. */
  written: string[]
}

/** States of a job whose master may not have read its program and the shape of its input. */
const UNREAD = new Set(['queued', 'planning'])

/** Has a master take a job, and leaves it there as soon as it has read what this process alone may hold. */
export async function leave (master: SteadyMaster, take: (link: MasterLink) => Promise<string>, { signal, report, onStatus }: RunContext): Promise<RunOutcome> {
  const job = await master.ask(take, { patient: false })
  tellAccepted({ job })
  report.note(`job ${job} accepted`)
  const status = await watchJob(master, { job, onStatus, signal, isEnough: ({ state }) => !UNREAD.has(state) })
  report.note(`left job ${job} with the master: nothing more is needed from here`)
  return { status, written: [] }
}

/**
 * Has a master take a job, shows its progress until the end, and cancels it when interrupted. `take` may be called
 * again where its answer was lost. `stays` says what this process does until then, where it stays behind.
 */
export async function follow (master: SteadyMaster, take: (link: MasterLink) => Promise<string>, context: RunContext, stays?: string): Promise<JobStatus> {
  const { signal, report } = context
  const job = await master.ask(take, { patient: false })
  tellAccepted({ job, ...stays !== undefined && { stays } })
  const isLeft = staysBehind()
  const sayInterrupted = (): void => { report.note(isLeft ? `interrupted: job ${job} goes on at the master` : `interrupted: cancelling job ${job}; once more ends at once`) }
  context.interrupt.signal.addEventListener('abort', sayInterrupted)
  try {
    const failures = new RecentFailures()
    const onStatus = async (status: JobStatus, workers: WorkerStatus[]): Promise<void> => {
      context.onStatus(status)
      report.job(status, { workers, failures: await failures.of(master, status, signal) })
    }
    const status = await watchJob(master, { job, onStatus, signal })
    for (const note of jobNotes(status)) report.note(note)
    if (status.state === 'succeeded') return status
    throw new JobFailedError(job, status.failure ?? { code: 'ABORTED', message: status.reason ?? `it was ${status.state}` })
  } catch (error) {
    if (context.interrupt.signal.aborted && !isLeft) await cancelPolitely(master.link, job, context)
    throw error
  } finally {
    context.interrupt.signal.removeEventListener('abort', sayInterrupted)
  }
}

async function cancelPolitely (link: MasterLink, job: string, { report, log, masterStays }: RunContext): Promise<void> {
  try {
    await cancelJob(link, job, 'interrupted at the client', AbortSignal.timeout(CANCEL_TIMEOUT_MS))
    report.note(`cancelled job ${job}`)
    // What is drawn stays on the terminal: nothing of it runs any more.
    report.job(await askJob(link, job, AbortSignal.timeout(CANCEL_TIMEOUT_MS)))
  } catch (error) {
    log.warn({ job, err: error }, 'could not cancel the job')
    if (masterStays) report.note(`could not tell the master, so job ${job} may still run: cancel it with ipmr cancel --connect ${link.address} ${job}`)
  }
}

/** Where a result is wanted beside the repo. */
export interface Wanted {
  /** A directory. */
  output?: string
  /** In the IPFS daemon of this machine. */
  pin?: boolean
}

/** Makes the result this machine's own, and brings it where it is wanted. */
export async function collect ({ files, daemon }: Client, master: SteadyMaster, status: JobStatus, { output, pin = false }: Wanted, { report, signal }: RunContext): Promise<RunOutcome> {
  const { result, record, job } = status
  const { link } = master
  if (result === undefined) throw new MapReduceError('TRANSIENT', `the master at ${link.address} announced success of job ${status.job} without a result: is it of this version?`)
  report.step('fetching the result')
  for (const cid of record === undefined ? [result] : [result, record]) await master.ask(async at => { await pinFrom(files, at, job, cid, signal) }, { patient: false })
  const written = output === undefined ? [] : await writeOutput(files, result, output, { signal, providers: [providerOf(master.link)] })
  if (pin && daemon !== undefined) {
    report.step(`bringing the result to the IPFS daemon at ${daemon.url}`)
    await daemon.keep(result, files.blocks(result, { signal }), { signal })
    report.note(`pinned ${result} in the IPFS daemon at ${daemon.url}`)
  }
  if (output !== undefined) report.note(`wrote ${plural(written.length, 'file')} to ${output}`)
  return { status, result, written }
}

/** Fetches what the master holds. Where that fails the master is asked something: if it is away, so is the content, and `ask` waits for it. */
async function pinFrom (files: Client['files'], link: MasterLink, job: string, cid: string, signal: AbortSignal): Promise<void> {
  const reading = { signal, providers: [providerOf(link)] }
  try {
    await files.pin(cid, reading)
  } catch (error) {
    if (!(error instanceof MapReduceError) || error.code !== 'BLOCK_UNAVAILABLE') throw error
    await askJob(link, job, signal)
    await files.pin(cid, reading)
  }
}
