import type { JobStatus, Status } from '@ipfs-mapreduce/protocol'
import { formatCount, plural, printable } from './format.ts'
import { renderPlain } from './plain.ts'
import { hasEnded, progressOf, staffOf } from './progress.ts'

/** What of a master or a job is told on one line, where nothing can be drawn in place. */
export interface Glance {
  text: string
  /** The same without what changes by itself, such as the time. */
  facts: string
  /** What is told at once where it changes. */
  state: string
}

/** Says of what is looked at again and again when it is worth a line: as soon as its state has changed, otherwise after a while if anything has. */
export class GlanceTeller {
  readonly #intervalMs: number
  #last?: { facts: string, state: string, atMs: number }

  constructor (intervalMs: number) {
    this.#intervalMs = intervalMs
  }

  /** @param atMs - of any clock that does not go back */
  isWorthTelling ({ facts, state }: Glance, atMs: number): boolean {
    const last = this.#last
    if (last !== undefined && last.state === state && (last.facts === facts || atMs - last.atMs < this.#intervalMs)) return false
    this.#last = { facts, state, atMs }
    return true
  }
}

export function glanceAtJob (job: JobStatus): Glance {
  const { state, phases } = job
  const at = (ms: number): string => `job ${job.job}: ${[renderPlain(progressOf(job, ms)), ...outcome(job)].join(', ')}`
  return { text: at(phases.find(({ name }) => name === 'total')?.ms ?? 0), facts: at(0), state }
}

function outcome ({ state, result, reason }: JobStatus): string[] {
  if (result !== undefined) return [`result ${result}`]
  return hasEnded(state) && reason !== undefined ? [printable(reason)] : []
}

/** Jobs by state, workers, and how far those jobs are that run. */
export function glanceAtMaster ({ jobs, workers }: Pick<Status, 'jobs' | 'workers'>): Glance {
  const states = Map.groupBy(jobs, ({ state }) => state)
  const counts = [...states].map(([state, { length }]) => `${formatCount(length)} ${state}`)
  const { mappers, reducers, slots, busy } = staffOf(workers)
  const running = jobs.filter(({ state }) => !hasEnded(state)).map(glanceAtJob)
  const head = `${jobs.length === 0 ? 'no jobs' : `${plural(jobs.length, 'job')} (${counts.join(', ')})`}; ${plural(mappers, 'mapper')}, ${plural(reducers, 'reducer')}`
  const load = `${busy} of ${plural(slots, 'slot')} busy`
  const line = (of: (glance: Glance) => string): string => [`${head}, ${load}`, ...running.map(of)].join('; ')
  return { text: line(({ text }) => text), facts: line(({ facts }) => facts), state: head }
}
