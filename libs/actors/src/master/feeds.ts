import { RunFeed } from './run-feed.ts'
import { attemptKey } from '../attempt-key.ts'
import type { TaskTable } from './task-table.ts'
import type { WorkerTable } from './worker-table.ts'
import type { Components } from '../components.ts'
import type { AttemptRef } from '@ipfs-mapreduce/protocol'

export interface FeedsInit {
  /** The map tasks whose runs the attempts need; none for attempts that need none. */
  maps?: TaskTable
  workers: WorkerTable
  components: Components
  /** Ends with the job. */
  signal: AbortSignal
}

/** The feeds of all reduce attempts of a job that run: each is told of the runs that exist, and then of each that commits. */
export class Feeds {
  readonly #init: FeedsInit
  readonly #feeds = new Map<string, RunFeed>()
  /** Map tasks in the order of their commits; one that committed again stands again. */
  readonly #committed: number[] = []

  constructor (init: FeedsInit) {
    this.#init = init
  }

  open (ref: AttemptRef, worker: string, onDeaf: (reason: string) => void): void {
    const { maps, workers, components: { network, log }, signal } = this.#init
    const key = attemptKey(ref)
    if (maps === undefined || signal.aborted || this.#feeds.has(key)) return
    const feed = new RunFeed({ ref, worker, committed: this.#committed, maps, network, log, onDeaf, providersOf: peer => workers.providersOf(peer) })
    this.#feeds.set(key, feed)
    feed.wake()
  }

  close (ref: AttemptRef): void {
    if (this.#feeds.size === 0) return
    this.#feeds.get(attemptKey(ref))?.stop()
    this.#feeds.delete(attemptKey(ref))
  }

  /** An attempt has been heard of: what it has not been told yet it is told now. */
  wake (ref: AttemptRef): void {
    if (this.#feeds.size > 0) this.#feeds.get(attemptKey(ref))?.wake()
  }

  committed (mapTask: number): void {
    this.#committed.push(mapTask)
    for (const feed of this.#feeds.values()) feed.wake()
  }

  stop (): void {
    for (const feed of this.#feeds.values()) feed.stop()
    this.#feeds.clear()
  }
}
