import { setTimeout as pause } from 'node:timers/promises'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { JobStatus, WorkerStatus } from '@ipfs-mapreduce/protocol'
import { messageOf } from '../errors.ts'
import { hasEnded } from '../view/progress.ts'
import { askJobOf } from './ask.ts'
import type { SteadyMaster } from './steady-master.ts'

/** Between two questions about a job; its announcement on the jobs topic makes the next one come sooner. */
export const POLL_MS = 250

export interface WatchOptions {
  job: string
  onStatus: (status: JobStatus, workers: WorkerStatus[]) => void | Promise<void>
  signal: AbortSignal
  /** Whether there is nothing more to wait for before the job's end. */
  isEnough?: (status: JobStatus) => boolean
}

/**
 * Follows a job until it has ended or there is enough, by asking; gossip only hurries the questions, so that losing it does no harm.
 * Rejects where the master does not come back, or comes back without the job.
 */
export async function watchJob (master: SteadyMaster, { job, onStatus, signal, isEnough = () => false }: WatchOptions): Promise<JobStatus> {
  let news = Promise.withResolvers<void>()
  master.link.network.subscribe('jobs', (_, announcement) => {
    if (announcement.type === 'job' && announcement.job === job) news.resolve()
  })
  let last: JobStatus | undefined
  for (;;) {
    let told: { status: JobStatus, workers: WorkerStatus[] }
    try {
      told = await master.ask(async link => await askJobOf(link, job, signal), { patient: true })
      last = told.status
    } catch (error) {
      signal.throwIfAborted()
      throw explained(error, { address: master.link.address, job, checkpoint: last?.checkpoint })
    }
    await onStatus(last, told.workers)
    if (hasEnded(last.state) || isEnough(last)) return last
    await Promise.race([pause(POLL_MS, undefined, { signal }).catch(() => undefined), news.promise])
    signal.throwIfAborted()
    news = Promise.withResolvers<void>()
  }
}

interface Lost { address: string, job: string, checkpoint?: string }

/** What became of the job, as far as can be known, and what to do. */
function explained (error: unknown, { address, job, checkpoint }: Lost): unknown {
  if (!(error instanceof MapReduceError)) return error
  const elsewhere = checkpoint === undefined ? '' : `, or take it up at another master with ipmr resume ${checkpoint} --connect MULTIADDR`
  switch (error.code) {
    case 'BAD_INPUT': return new MapReduceError('TRANSIENT', `the master at ${address} no longer knows job ${job}, as if it had been started again without its journal: run the job again${elsewhere}`, { cause: error })
    case 'UNREACHABLE': return new MapReduceError('UNREACHABLE', `${messageOf(error)}: job ${job} may still run; look with ipmr status --connect ${address} ${job}${elsewhere}`, { cause: error })
    default: return error
  }
}
