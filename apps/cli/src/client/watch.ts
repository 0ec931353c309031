import { setTimeout as pause } from 'node:timers/promises'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import { messageOf } from '../errors.ts'
import { hasEnded } from '../view/progress.ts'
import { askJob } from './ask.ts'
import type { MasterLink } from './ask.ts'

/** Between two questions about a job; its announcement on the jobs topic makes the next one come sooner. */
export const POLL_MS = 250
/** How long a master that was reached may be silent before the job is given up as lost. */
export const PATIENCE_MS = 30_000

export interface WatchOptions {
  job: string
  onStatus: (status: JobStatus) => void
  signal: AbortSignal
  patienceMs?: number
}

/** Follows a job until it has ended, by asking; gossip only hurries the questions, so that losing it does no harm. */
export async function watchJob (link: MasterLink, { job, onStatus, signal, patienceMs = PATIENCE_MS }: WatchOptions): Promise<JobStatus> {
  let news = Promise.withResolvers<void>()
  link.network.subscribe('jobs', (_, announcement) => {
    if (announcement.type === 'job' && announcement.job === job) news.resolve()
  })
  let heardAt = Date.now()
  for (;;) {
    try {
      const status = await askJob(link, job, signal)
      heardAt = Date.now()
      onStatus(status)
      if (hasEnded(status.state)) return status
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof MapReduceError && error.code === 'BAD_INPUT') throw forgotten(link, job, error)
      if (Date.now() - heardAt > patienceMs || isRefusal(error)) throw lostMaster(link, job, error)
    }
    await Promise.race([pause(POLL_MS, undefined, { signal }).catch(() => undefined), news.promise])
    signal.throwIfAborted()
    news = Promise.withResolvers<void>()
  }
}

function isRefusal (error: unknown): boolean {
  return error instanceof MapReduceError && error.code === 'REFUSED'
}

/** A master that does not know a job that it accepted has lost its memory. */
function forgotten ({ address }: MasterLink, job: string, cause: Error): Error {
  return new MapReduceError('TRANSIENT', `the master at ${address} was restarted and no longer knows job ${job}: run it again`, { cause })
}

function lostMaster (link: MasterLink, job: string, error: unknown): Error {
  if (isRefusal(error)) return error as Error
  return new MapReduceError('UNREACHABLE', `lost the master at ${link.address} (${messageOf(error)}): job ${job} may still run; look with ipmr status --connect ${link.address} ${job}`, { cause: error })
}
