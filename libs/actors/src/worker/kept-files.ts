import type { Log } from '../components.ts'
import type { Files } from '@ipfs-mapreduce/mapreduce'

/**
 * Intermediate files that this worker keeps for jobs: runs it made, runs it fetched, outputs. Equal content of two jobs is
 * one file, so each is removed when the last job that needs it has ended.
 */
export class KeptFiles {
  readonly #jobs = new Map<string, Set<string>>()
  readonly #users = new Map<string, number>()
  readonly #files: Pick<Files, 'remove'>
  readonly #log: Log

  constructor (files: Pick<Files, 'remove'>, log: Log) {
    this.#files = files
    this.#log = log
  }

  keep (job: string, cid: string): void {
    const cids = this.#jobs.get(job) ?? new Set()
    this.#jobs.set(job, cids)
    if (cids.has(cid)) return
    cids.add(cid)
    this.#users.set(cid, (this.#users.get(cid) ?? 0) + 1)
  }

  get jobs (): number {
    return this.#jobs.size
  }

  async release (job: string): Promise<void> {
    const cids = this.#jobs.get(job) ?? new Set()
    this.#jobs.delete(job)
    for (const cid of cids) {
      const users = this.#users.get(cid)! - 1
      if (users > 0) {
        this.#users.set(cid, users)
        continue
      }
      this.#users.delete(cid)
      await this.#files.remove(cid).catch((error: unknown) => { this.#log.warn({ job, cid, error: String(error) }, 'an intermediate file could not be removed') })
    }
  }
}
