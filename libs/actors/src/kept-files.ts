import type { Log } from './components.ts'

/**
 * Files that an actor keeps for jobs: a worker its runs and outputs, a master the outputs that it has secured. Equal content of
 * two jobs is one file, so each is dropped when the last job that needs it has ended.
 */
export class KeptFiles {
  readonly #jobs = new Map<string, Set<string>>()
  readonly #users = new Map<string, number>()
  readonly #drop: (cid: string) => Promise<void>
  readonly #log: Log

  constructor (drop: (cid: string) => Promise<void>, log: Log) {
    this.#drop = drop
    this.#log = log
  }

  keep (job: string, cid: string): void {
    const cids = this.#jobs.get(job) ?? new Set()
    this.#jobs.set(job, cids)
    if (cids.has(cid)) return
    cids.add(cid)
    this.#users.set(cid, (this.#users.get(cid) ?? 0) + 1)
  }

  get jobs (): string[] {
    return [...this.#jobs.keys()]
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
      await this.#drop(cid).catch((error: unknown) => { this.#log.warn({ job, cid, error: String(error) }, 'a file that no job needs could not be dropped') })
    }
  }
}
