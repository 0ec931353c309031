import { setTimeout as pause } from 'node:timers/promises'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import type { Host } from './host.ts'

/** Between two statuses: attempts may come and go by the hundred a second, and nobody reads so fast. */
const MIN_PAUSE_MS = 50
const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled'])

/** A job's status, and again whenever it has changed, until it has ended or the signal is raised. */
export async function * changes ({ master, onChange }: Pick<Host, 'master' | 'onChange'>, job: string, signal: AbortSignal): AsyncGenerator<JobStatus> {
  let news = Promise.withResolvers<void>()
  const ring = (): void => { news.resolve() }
  const stopListening = onChange(job, ring)
  signal.addEventListener('abort', ring)
  try {
    while (!signal.aborted) {
      news = Promise.withResolvers()
      const status = master.job(job)
      if (status === undefined) return
      yield status
      if (ENDED.has(status.state)) return
      await pause(MIN_PAUSE_MS)
      await news.promise
    }
  } finally {
    stopListening()
    signal.removeEventListener('abort', ring)
  }
}
