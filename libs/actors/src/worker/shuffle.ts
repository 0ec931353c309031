import { failureOf } from '../failure.ts'
import type { Files, RunRef } from '@ipfs-mapreduce/mapreduce'
import type { Failure, RunAt } from '@ipfs-mapreduce/protocol'

/** Runs fetched at once by one reduce attempt, whatever their size. */
export const MIN_FETCHES = 4
/** More are, as long as they make no more than this together: small runs of many map tasks ride together. */
export const FETCH_BYTES = 8 * 1024 * 1024
export const MAX_FETCHES = 256
/** A holder that did not give so many runs in a row is asked for none of the others that wait. */
const MAX_FAILURES = 4

export interface ShuffleInit {
  /** Map tasks to hear of. */
  mapTasks: number
  /** Makes a run local, and keeps it. */
  fetch: Files['fetch']
  signal: AbortSignal
  /** Every map task is accounted for: its run is here, or it has none for this partition. */
  onComplete: (runs: RunRef[], fetched: { bytes: number, blocks: number }) => void
  /** A run cannot be had; the master makes it again and tells of it anew. */
  onLost: (run: RunRef, failure: Failure) => void
}

/** Pulls the runs of one partition from the peers that hold them, while other maps still run. */
export class Shuffle {
  readonly #init: ShuffleInit
  readonly #queue: RunAt[] = []
  /** By map task: its run, `null` for none, once it is here. */
  readonly #here = new Map<number, RunRef | null>()
  readonly #wanted = new Set<number>()
  /** Told of while the run before it was on its way: its map has run again. */
  readonly #newer = new Map<number, RunAt>()
  /** Runs in a row that a holder did not give, by its addresses. */
  readonly #failures = new Map<string, number>()
  readonly #fetched = { bytes: 0, blocks: 0 }
  #fetching = 0
  #fetchingBytes = 0
  #state: 'collecting' | 'started' | 'complete' = 'collecting'

  constructor (init: ShuffleInit) {
    this.#init = init
  }

  /** Completes from now on; runs are collected before that too. */
  start (): void {
    this.#state = 'started'
    this.#complete()
  }

  add (runs: RunAt[], empty: number[]): void {
    for (const mapTask of empty) if (!this.#here.has(mapTask)) this.#here.set(mapTask, null)
    for (const runAt of runs) {
      const { mapTask } = runAt.run
      if (this.#here.has(mapTask)) continue
      if (this.#wanted.has(mapTask)) {
        const queued = this.#queue.findIndex(({ run }) => run.mapTask === mapTask)
        if (queued < 0) this.#newer.set(mapTask, runAt)
        else this.#queue[queued] = runAt
        continue
      }
      this.#wanted.add(mapTask)
      this.#queue.push(runAt)
    }
    this.#complete()
    this.#pump()
  }

  #pump (): void {
    while (this.#queue.length > 0 && this.#mayFetch(this.#queue[0]!.run.bytes) && !this.#init.signal.aborted) {
      const next = this.#queue.shift()!
      const { bytes } = next.run
      this.#fetching++
      this.#fetchingBytes += bytes
      void this.#fetch(next).finally(() => {
        this.#fetching--
        this.#fetchingBytes -= bytes
        this.#pump()
      })
    }
  }

  #mayFetch (bytes: number): boolean {
    return this.#fetching < MIN_FETCHES || (this.#fetching < MAX_FETCHES && this.#fetchingBytes + bytes <= FETCH_BYTES)
  }

  async #fetch ({ run: { mapTask, cid, bytes }, providers }: RunAt): Promise<void> {
    const { fetch, signal } = this.#init
    const run: RunRef = { mapTask, cid, bytes }
    try {
      const fetched = await fetch(cid, { providers, signal })
      if (signal.aborted) return
      this.#fetched.bytes += fetched.bytes
      this.#fetched.blocks += fetched.blocks
      this.#here.set(mapTask, run)
      this.#failures.delete(providers.join())
      this.#complete()
    } catch (error) {
      if (signal.aborted) return
      const newer = this.#newer.get(mapTask)
      this.#newer.delete(mapTask)
      if (newer === undefined) this.#lose(run, providers, failureOf(error))
      else {
        this.#queue.push(newer)
        return
      }
    }
    this.#wanted.delete(mapTask)
  }

  /** A holder that gave none of several runs is not waited for with each of the others. */
  #lose (run: RunRef, providers: string[], failure: Failure): void {
    const { onLost } = this.#init
    onLost(run, failure)
    const holder = providers.join()
    const failures = (this.#failures.get(holder) ?? 0) + 1
    this.#failures.set(holder, failures)
    if (failures < MAX_FAILURES) return
    for (const runAt of this.#queue.filter(({ providers }) => providers.join() === holder)) {
      this.#queue.splice(this.#queue.indexOf(runAt), 1)
      this.#wanted.delete(runAt.run.mapTask)
      onLost(runAt.run, failure)
    }
  }

  #complete (): void {
    if (this.#state !== 'started' || this.#here.size < this.#init.mapTasks) return
    this.#state = 'complete'
    const runs = [...this.#here.values()].filter(run => run !== null).sort((a, b) => a.mapTask - b.mapTask)
    this.#init.onComplete(runs, { ...this.#fetched })
  }
}
