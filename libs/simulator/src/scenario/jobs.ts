import type { Errand, User } from './user.ts'
import type { Occurrence } from '../world/occurrence.ts'

/** A job that a master has accepted, whether or not its user heard of it. */
export interface KnownJob {
  readonly job: string
  readonly master: string
  readonly errand: Errand
  /** Which run of the master's process accepted it. */
  readonly run: number
}

/** The jobs of a run by id, as seen on the wire. */
export interface Jobs {
  get: (job: string) => KnownJob | undefined
  all: () => readonly KnownJob[]
  observe: (occurrence: Occurrence) => void
}

export function createJobs (user: User): Jobs {
  const jobs = new Map<string, KnownJob>()
  const runs = new Map<string, number>()
  return {
    get: job => jobs.get(job),
    all: () => [...jobs.values()],
    observe (occurrence) {
      if (occurrence.type === 'started') runs.set(occurrence.peer, occurrence.run)
      if (occurrence.type !== 'sent') return
      const { from, cargo } = occurrence.consignment
      if (cargo.kind !== 'answer' || cargo.message.type !== 'jobAccepted' || cargo.request.type !== 'submitJob') return
      const { submission } = cargo.request
      const errand = user.errands.find(each => each.submission === submission)
      const { job } = cargo.message
      if (errand !== undefined && !jobs.has(job)) jobs.set(job, { job, errand, master: from, run: runs.get(from) ?? 0 })
    }
  }
}
