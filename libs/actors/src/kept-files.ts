import type { Log } from './components.ts'

/**
 * Files that an actor keeps for jobs: a worker its runs and outputs, a master the outputs that it has secured. Equal content of
 * two jobs is one file, so each is dropped when the last job that needs it has ended.
 */
export class KeptFiles {
  readonly #jobs = new Map<string, Set<string>>()
  readonly #users = new Map<string, number>()
  /** Drops under way, by CID. */
  readonly #dropping = new Map<string, Promise<void>>()
  /** For each file that is being stored, what was dropped meanwhile: its CID is known when it is stored. */
  readonly #storing = new Set<Set<string>>()
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

  /**
   * Stores a file and keeps it. Where another job's drop of equal content ran at the same time, that may have taken some of it:
   * `store` is then called once more, when the drop has ended. Nothing else waits.
   */
  async store<T extends { cid: string }> (job: string, store: () => Promise<T>): Promise<T> {
    const dropped = new Set(this.#dropping.keys())
    this.#storing.add(dropped)
    try {
      const stored = await store()
      this.keep(job, stored.cid)
      if (!dropped.has(stored.cid)) return stored
      await this.#dropping.get(stored.cid)
      return await store()
    } finally {
      this.#storing.delete(dropped)
    }
  }

  /** Brings a file here and keeps it. What has come of one that could not be fetched whole goes all the same, when nobody needs it. */
  async fetch (job: string, cid: string, fetch: () => Promise<void>): Promise<void> {
    this.keep(job, cid)
    try {
      await this.store(job, async () => {
        await fetch()
        return { cid }
      })
    } catch (error) {
      // Its job may have ended before the last of what came.
      if (!this.#users.has(cid)) await this.#dropUnused(cid, job)
      throw error
    }
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
      await this.#dropUnused(cid, job)
    }
  }

  /** One drop of a file at a time; what was kept again meanwhile stays. */
  async #dropUnused (cid: string, job: string): Promise<void> {
    while (this.#dropping.has(cid)) await this.#dropping.get(cid)
    if (this.#users.has(cid)) return
    for (const dropped of this.#storing) dropped.add(cid)
    const dropping = this.#drop(cid)
      .catch((error: unknown) => { this.#log.warn({ job, cid, error: String(error) }, 'a file that no job needs could not be dropped') })
      .finally(() => { this.#dropping.delete(cid) })
    this.#dropping.set(cid, dropping)
    await dropping
  }
}
