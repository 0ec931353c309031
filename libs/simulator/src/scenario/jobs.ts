import type { Message } from '@ipfs-mapreduce/protocol'
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

/** The jobs of a run, as seen on the wire. */
export interface Jobs {
  /** By id: at the master that accepted it first. */
  get: (job: string) => KnownJob | undefined
  /** One that two masters run, after one another or both, is there once for each. */
  all: () => readonly KnownJob[]
  observe: (occurrence: Occurrence) => void
}

export function createJobs (user: User): Jobs {
  const first = new Map<string, KnownJob>()
  const jobs = new Map<string, KnownJob>()
  const runs = new Map<string, number>()
  return {
    get: job => first.get(job),
    all: () => [...jobs.values()],
    observe (occurrence) {
      if (occurrence.type === 'started') runs.set(occurrence.peer, occurrence.run)
      if (occurrence.type !== 'sent') return
      const { from, cargo } = occurrence.consignment
      if (cargo.kind !== 'answer' || cargo.message.type !== 'jobAccepted') return
      const { request } = cargo
      const errand = user.errands.find(each => each.master === from && asks(each, request))
      const { job } = cargo.message
      if (errand === undefined || jobs.has(`${from} ${job}`)) return
      const known = { job, errand, master: from, run: runs.get(from) ?? 0 }
      jobs.set(`${from} ${job}`, known)
      if (!first.has(job)) first.set(job, known)
    }
  }
}

/** Whether this is how a job is submitted, or resumed, for an errand. */
function asks ({ submission, resumes }: Errand, request: Message): boolean {
  return request.type === 'submitJob' ? request.submission === submission : request.type === 'resumeJob' && request.checkpoint === resumes?.checkpoint
}
