import { checkpointPages } from '../checkpoint.ts'
import type { Files } from '@ipfs-mapreduce/mapreduce'

/**
 * Keeps the last checkpoint of each job that a worker has worked for, so that it outlives its master's machine. One at a
 * time for each job: what comes while one is fetched waits, and only the newest of it counts.
 */
export class CheckpointKeeper {
  readonly #files: Files
  readonly #kept = new Map<string, string[]>()
  /** The one before: its master may die before anybody has heard of the last. */
  readonly #before = new Map<string, string[]>()
  readonly #busy = new Map<string, Promise<void>>()
  readonly #next = new Map<string, { root: string, providers: string[] }>()

  constructor (files: Files) {
    this.#files = files
  }

  get jobs (): string[] {
    return [...new Set([...this.#kept.keys(), ...this.#busy.keys()])]
  }

  async keep (job: string, root: string, providers: string[]): Promise<void> {
    this.#next.set(job, { root, providers })
    const busy = this.#busy.get(job) ?? this.#work(job).finally(() => { this.#busy.delete(job) })
    this.#busy.set(job, busy)
    await busy
  }

  async release (job: string): Promise<void> {
    this.#next.delete(job)
    await this.#busy.get(job)?.catch(() => {})
    const kept = this.#kept.get(job) ?? []
    this.#kept.delete(job)
    const before = this.#before.get(job) ?? []
    this.#before.delete(job)
    await this.#drop([...new Set([...kept, ...before])])
  }

  async #work (job: string): Promise<void> {
    for (let next = this.#take(job); next !== undefined; next = this.#take(job)) {
      const { root, providers } = next
      const before = this.#kept.get(job) ?? []
      const outdated = this.#before.get(job) ?? []
      const cids = [root]
      try {
        cids.push(...await checkpointPages(this.#files, root, { providers }))
        for (const cid of cids) await this.#files.pin(cid, { providers })
      } catch (error) {
        // The one before is whole, and stays.
        await this.#drop(cids.filter(cid => !before.includes(cid) && !outdated.includes(cid)))
        // What waits is newer: this one may be gone because of it.
        if (this.#next.has(job)) continue
        throw error
      }
      this.#kept.set(job, cids)
      this.#before.set(job, before)
      await this.#drop(outdated.filter(cid => !cids.includes(cid) && !before.includes(cid)))
    }
  }

  #take (job: string): { root: string, providers: string[] } | undefined {
    const next = this.#next.get(job)
    this.#next.delete(job)
    return next
  }

  async #drop (cids: string[]): Promise<void> {
    for (const cid of cids) {
      await this.#files.unpin(cid)
      await this.#files.remove(cid)
    }
  }
}
