import { MapReduceError, type Datum, type Files, type ReadOptions } from '@ipfs-mapreduce/mapreduce'
import { decodeEntry, encodeEntry, refOf, type JobEntry } from './history.ts'
import type { TaskRecord, TaskTable } from './master/task-table.ts'

/** A page of a checkpoint is one block: about this long. */
const PAGE_BYTES = 256 * 1024
/** What a run, and what a task beside its runs, takes in a page. */
const RUN_BYTES = 100
const TASK_BYTES = 500
/** The place of a task that has never committed. */
const NOWHERE = -1

export interface CheckpointerInit {
  job: string
  files: Pick<Files, 'putRecord' | 'pin' | 'unpin' | 'remove'>
  submitted: JobEntry
  maps: TaskTable
  reduces: TaskTable
  /** Where the workers are that hold what was committed. */
  workers: () => Array<Extract<JobEntry, { type: 'worker' }>>
  /** Is told, and waited for, before anything is pinned. */
  onPin: (cids: string[]) => Promise<void>
}

/**
 * Writes the job so far as content, so that another master can take it up: a dag-cbor record that names the job and its
 * pages of committed tasks. Only pages that have changed are written again: tasks stand in the order in which they first
 * committed, so that a page which is full stays as it is, but for tasks that run again.
 */
export class Checkpointer {
  readonly #init: CheckpointerInit
  readonly #tasksPerPage: number
  readonly #tasks: Record<'map' | 'reduce', { order: number[], places: Int32Array }>
  readonly #pages = { map: new Map<number, string>(), reduce: new Map<number, string>() }
  readonly #dirty = { map: new Set<number>(), reduce: new Set<number>() }
  #root: string | undefined
  /** Replaced by the last one, or by one that could not be finished. */
  readonly #stale = new Set<string>()

  constructor (init: CheckpointerInit) {
    const { maps, reduces } = init
    this.#init = init
    this.#tasks = { map: inOrder(maps), reduce: inOrder(reduces) }
    this.#tasksPerPage = Math.max(1, Math.floor(PAGE_BYTES / (reduces.records.length * RUN_BYTES + TASK_BYTES)))
  }

  /** CID of the last one. */
  get root (): string | undefined {
    return this.#root
  }

  get dirty (): boolean {
    return this.#dirty.map.size + this.#dirty.reduce.size > 0
  }

  /** A task has committed, or does not count as committed any more. */
  touch (kind: 'map' | 'reduce', task: number): void {
    const { order, places } = this.#tasks[kind]
    if (places[task] === NOWHERE) places[task] = order.push(task) - 1
    this.#dirty[kind].add(Math.floor(places[task]! / this.#tasksPerPage))
  }

  async write (): Promise<string> {
    const { files, job, submitted, workers, onPin } = this.#init
    const made: string[] = []
    const outdated = [...this.#stale]
    for (const kind of ['map', 'reduce'] as const) {
      for (const page of [...this.#dirty[kind]]) {
        this.#dirty[kind].delete(page)
        const cid = await files.putRecord(this.#page(kind, page)).catch((error: unknown) => {
          this.#dirty[kind].add(page)
          throw error
        })
        made.push(cid)
        this.#replace(this.#pages[kind].get(page), cid)
        this.#pages[kind].set(page, cid)
      }
    }
    const pages = (kind: 'map' | 'reduce'): string[] => [...this.#pages[kind]].sort(([a], [b]) => a - b).map(([, cid]) => cid)
    const root = await files.putRecord({ version: 1, job, submitted: encodeEntry(submitted), workers: workers().map(encodeEntry), maps: pages('map'), reduces: pages('reduce') })
    made.push(root)
    await onPin(made)
    for (const cid of made) await files.pin(cid)
    this.#replace(this.#root, root)
    this.#root = root
    // The one before stays until the next: somebody may have been told of it, and not of this one yet.
    await this.#drop(outdated.filter(cid => this.#stale.has(cid)))
    return root
  }

  /** The job has ended: drops all of it. */
  async release (): Promise<void> {
    const root = this.#root
    this.#root = undefined
    await this.#drop([...this.#stale, ...root === undefined ? [] : [root], ...this.#pages.map.values(), ...this.#pages.reduce.values()])
  }

  #replace (before: string | undefined, by: string): void {
    this.#stale.delete(by)
    if (before !== undefined && before !== by) this.#stale.add(before)
  }

  async #drop (cids: string[]): Promise<void> {
    const { files } = this.#init
    for (const cid of cids) {
      await files.unpin(cid)
      await files.remove(cid)
      this.#stale.delete(cid)
    }
  }

  #page (kind: 'map' | 'reduce', page: number): Datum {
    const table = kind === 'map' ? this.#init.maps : this.#init.reduces
    const from = page * this.#tasksPerPage
    const tasks = this.#tasks[kind].order.slice(from, from + this.#tasksPerPage).map(task => table.records[task]!)
    return tasks.filter(({ state }) => state === 'committed').flatMap(record => committedEntries(this.#init.job, table, record).map(encodeEntry))
  }
}

/** Tasks in the order in which they first committed, and the place of each in it. */
function inOrder ({ records }: TaskTable): { order: number[], places: Int32Array } {
  return { order: [], places: new Int32Array(records.length).fill(NOWHERE) }
}

function committedEntries (job: string, table: TaskTable, { task, answer, holders }: TaskRecord): JobEntry[] {
  const { attempt, worker, runs, output, counters, skipped = [] } = answer!
  const { kind } = table
  return [
    { type: 'opened', kind, task, attempt, worker, backup: false, local: holders.includes(worker) },
    {
      type: 'completed', worker, alone: false,
      report: {
        type: 'attemptCompleted', ref: refOf(job, { kind, task, attempt }), runs,
        ...output !== undefined && { output: output.cid }, outputBytes: output?.bytes ?? 0,
        counters: table.unpackCounters(counters), fetchedBytes: 0, fetchedBlocks: 0, skipped
      }
    }
  ]
}

/** CIDs of the pages of a checkpoint; `BAD_INPUT` where its root is none. */
export async function checkpointPages (files: Pick<Files, 'getRecord'>, root: string, options: ReadOptions): Promise<string[]> {
  const { maps, reduces } = await readRoot(files, root, options)
  return [...maps, ...reduces]
}

/** A checkpoint whose root has been read. */
export interface OpenCheckpoint {
  job: string
  /** Its entries, in an order in which they can be replayed, and its blocks. */
  read: (options: ReadOptions) => Promise<{ entries: JobEntry[], cids: string[] }>
}

/** Reads the root of a checkpoint, which names the job; `BAD_INPUT` where it is none. */
export async function openCheckpoint (files: Pick<Files, 'getRecord'>, root: string, options: ReadOptions): Promise<OpenCheckpoint> {
  const { job, head, maps, reduces } = await readRoot(files, root, options)
  const read = async (options: ReadOptions): Promise<{ entries: JobEntry[], cids: string[] }> => {
    const entries = head.map(decodeEntry)
    for (const page of [...maps, ...reduces]) {
      const record = await files.getRecord(page, options)
      if (!Array.isArray(record)) throw notOne(root)
      entries.push(...record.map(decodeEntry))
    }
    return { entries, cids: [root, ...maps, ...reduces] }
  }
  return { job, read }
}

async function readRoot (files: Pick<Files, 'getRecord'>, root: string, options: ReadOptions): Promise<{ job: string, head: Datum[], maps: string[], reduces: string[] }> {
  const record = await files.getRecord(root, options)
  if (typeof record !== 'object' || record === null || Array.isArray(record) || record instanceof Uint8Array) throw notOne(root)
  const { version, job, submitted, workers, maps, reduces } = record
  if (version !== 1 || typeof job !== 'string' || submitted === undefined || !Array.isArray(workers) || !isTexts(maps) || !isTexts(reduces)) throw notOne(root)
  return { job, head: [submitted, ...workers], maps, reduces }
}

function isTexts (value: Datum | undefined): value is string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string')
}

function notOne (root: string): MapReduceError {
  return new MapReduceError('BAD_INPUT', `${root} is no checkpoint of a job; 'ipmr status' shows those of jobs that run`)
}
