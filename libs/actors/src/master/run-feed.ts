import type { TaskTable } from './task-table.ts'
import type { Log } from '../components.ts'
import type { AttemptRef, Network, Run, RunAt, RunsCommitted } from '@ipfs-mapreduce/protocol'

/** Map tasks told of in one message. */
const MAPS_PER_MESSAGE = 1024
/** Messages in a row that an attempt does not take before it is given up. */
const MAX_FAILURES = 6

export interface RunFeedInit {
  ref: AttemptRef
  worker: string
  /** Map tasks in the order in which they committed; one that committed again stands again. */
  committed: readonly number[]
  maps: TaskTable
  providersOf: (peer: string) => string[]
  network: Network
  log: Log
  /** The attempt cannot be told of its runs. */
  onDeaf: (reason: string) => void
}

/**
 * Tells one reduce attempt of runs as map tasks commit. Batches form by themselves while an answer is awaited. A message
 * that did not arrive is sent again at the next `wake`: a commit, or a heartbeat of the attempt.
 */
export class RunFeed {
  readonly #init: RunFeedInit
  #told = 0
  #sending = false
  #failures = 0
  #stopped = false

  constructor (init: RunFeedInit) {
    this.#init = init
  }

  stop (): void {
    this.#stopped = true
  }

  wake (): void {
    if (this.#sending || this.#stopped) return
    this.#sending = true
    this.#send().catch((error: unknown) => {
      this.#init.log.debug({ ...this.#init.ref, error: String(error) }, 'runs could not be announced; trying again at the next heartbeat')
      if (++this.#failures === MAX_FAILURES) this.#init.onDeaf(`it took no runs ${MAX_FAILURES} times: ${String(error)}`)
    }).finally(() => { this.#sending = false })
  }

  async #send (): Promise<void> {
    const { worker, committed, network } = this.#init
    while (this.#told < committed.length && !this.#stopped) {
      const upTo = Math.min(committed.length, this.#told + MAPS_PER_MESSAGE)
      await network.request(worker, this.#message(committed.slice(this.#told, upTo)))
      this.#told = upTo
      this.#failures = 0
    }
  }

  #message (mapTasks: number[]): RunsCommitted {
    const { ref, maps, providersOf } = this.#init
    const runs: RunAt[] = []
    const empty: number[] = []
    for (const mapTask of mapTasks) {
      const record = maps.records[mapTask]!
      // Lost since: it stands in the log again once it has committed again.
      if (record.state !== 'committed') continue
      const run = runOf(record.answer!.runs, ref.task)
      if (run === undefined) empty.push(mapTask)
      else runs.push({ run, providers: providersOf(record.answer!.worker) })
    }
    return { type: 'runsCommitted', ref, runs, empty }
  }
}

/** The run of a partition: a table keeps runs in the order of their partitions, and a partition without pairs has none. */
function runOf (runs: readonly Run[], partition: number): Run | undefined {
  let [from, to] = [0, runs.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (runs[middle]!.partition < partition) from = middle + 1
    else to = middle
  }
  return runs[from]?.partition === partition ? runs[from] : undefined
}
