import type { JobEntry } from '../history.ts'
import type { KeptFiles } from '../kept-files.ts'
import type { Files } from '@ipfs-mapreduce/mapreduce'

export interface JobPinsInit {
  job: string
  files: Files
  /** Outputs that the master has pinned, for each job until it ends. */
  secured: KeptFiles
  /** Whether another job has this as its result, or is about to: equal jobs have one. */
  isOfAnother: (cid: string) => boolean
}

/** What a job has pinned for itself, in this life of its master or in an earlier one: it is dropped with the job. */
export class JobPins {
  readonly #init: JobPinsInit
  /** Pinned, and not known to be of the result. */
  readonly #leftovers = new Set<string>()

  constructor (init: JobPinsInit) {
    this.#init = init
  }

  /** From before the master's restart. */
  replay (entry: JobEntry): void {
    if (entry.type === 'pinned') this.add(entry.cids)
    else if (entry.type === 'securing') this.#init.secured.keep(this.#init.job, entry.output)
  }

  add (cids: string[]): void {
    for (const cid of cids) this.#leftovers.add(cid)
  }

  /** They are of the result, and stay. */
  leave (cids: string[]): void {
    for (const cid of cids) this.#leftovers.delete(cid)
  }

  has (cid: string): boolean {
    return this.#leftovers.has(cid)
  }

  /** Outputs, which the result directory holds by now if there is one, and what is left of an earlier life. Rejects where not all could be dropped. */
  async release (): Promise<void> {
    const { secured, job } = this.#init
    const steps = await Promise.allSettled([secured.release(job), this.#dropLeftovers()])
    for (const step of steps) if (step.status === 'rejected') throw step.reason
  }

  async #dropLeftovers (): Promise<void> {
    const { files, isOfAnother } = this.#init
    for (const cid of this.#leftovers) {
      if (isOfAnother(cid)) continue
      await files.unpin(cid)
      await files.remove(cid)
    }
  }
}
