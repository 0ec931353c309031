import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import { askCourse } from './ask.ts'
import type { SteadyMaster } from './steady-master.ts'

/** Beyond all that has happened. */
const END = Number.MAX_SAFE_INTEGER
/** Attempts that ended last, among which those are that failed last. */
const LOOKED_THROUGH = 64

/** Why attempts at a job's tasks failed last. A status counts them; the reasons are asked for when there are more. */
export class RecentFailures {
  #count = 0
  #isKept = true
  #told: string[] = []

  /** A line each, the last one last. */
  async of (master: SteadyMaster, { job, maps, reduces }: JobStatus, signal: AbortSignal): Promise<string[]> {
    const count = maps.failedAttempts + reduces.failedAttempts
    if (count === this.#count || !this.#isKept) return this.#told
    try {
      const { attempts } = await master.ask(async link => {
        const { next: { ended } } = await askCourse(link, job, { begun: END, ended: END }, signal)
        return await askCourse(link, job, { begun: END, ended: Math.max(0, ended - LOOKED_THROUGH) }, signal)
      }, { patient: true })
      this.#count = count
      this.#told = attempts.flatMap(({ kind, task, failure }) => failure === undefined ? [] : [`${kind} ${task} failed: ${failure.message}`])
    } catch (error) {
      if (!(error instanceof MapReduceError) || error.code !== 'REFUSED') throw error
      this.#isKept = false
    }
    return this.#told
  }
}
