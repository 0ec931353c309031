import type { TaskRecord, TaskTable } from './task-table.ts'
import type { Log } from '../components.ts'
import type { Network } from '@ipfs-mapreduce/protocol'

/** Block CIDs in one question: bounded by what the codec lets through. */
const CIDS_PER_QUERY = 8192
/**
 * Mappers that are asked about the same tasks. To ask all of ten thousand about each of a million tasks would be 600 GB of
 * questions; so many are 30 kB for a task, little beside the bytes that it reads.
 */
export const MAX_ASKED = 512
/** Of the mappers asked, this share may be those that held much of what they were last asked about. */
const RICH_SHARE = 0.5
/** One that held one in so many of these tasks is asked about the next ones too. */
const RICH_ONE_IN = 64
/** Block CIDs in one question to a mapper that joins where there are many. */
const CIDS_PER_QUERY_OF_MANY = 512

export interface SurveyInit {
  network: Network
  log: Log
  table: TaskTable
}

/**
 * Finds out which mappers hold the blocks of a job's map tasks. In a cluster of up to `MAX_ASKED` mappers each is asked about every
 * task. In a larger one they are asked by turns, and those that held much again: whoever holds a large part of the input
 * is found, and of blocks that are spread thinly some holders are.
 */
export class Survey {
  readonly #init: SurveyInit
  readonly #rich = new Set<string>()
  #turn = 0

  constructor (init: SurveyInit) {
    this.#init = init
  }

  /** Asks these mappers about tasks that were planned. */
  async planned (tasks: TaskRecord[], mappers: string[]): Promise<void> {
    for (const batch of batches(tasks, CIDS_PER_QUERY)) {
      const cids = batch.flatMap(({ sample }) => sample)
      await Promise.all(this.#choose(mappers).map(async mapper => { await this.#ask(mapper, batch, cids) }))
    }
  }

  /** Asks a mapper that has joined about the tasks that wait: one of many only as long as it holds much of them. */
  async joined (mapper: string, mappers: number): Promise<void> {
    const isOneOfMany = mappers > MAX_ASKED
    for (const batch of batches(this.#init.table.ahead(), isOneOfMany ? CIDS_PER_QUERY_OF_MANY : CIDS_PER_QUERY)) {
      if (!await this.#ask(mapper, batch, batch.flatMap(({ sample }) => sample))) return
      if (isOneOfMany && !this.#rich.has(mapper)) return
    }
  }

  #choose (mappers: string[]): string[] {
    if (mappers.length <= MAX_ASKED) return mappers
    const there = new Set(this.#rich.size === 0 ? [] : mappers)
    const chosen = new Set([...this.#rich].filter(mapper => there.has(mapper)).slice(0, MAX_ASKED * RICH_SHARE))
    while (chosen.size < MAX_ASKED) chosen.add(mappers[this.#turn++ % mappers.length]!)
    return [...chosen]
  }

  /** A mapper that does not answer holds nothing; false where it did not. */
  async #ask (mapper: string, tasks: TaskRecord[], cids: string[]): Promise<boolean> {
    const { network, log, table } = this.#init
    try {
      const answer = await network.request(mapper, { type: 'blocksQuery', cids })
      if (answer.type !== 'blocksHeld') throw new TypeError(`a blocksQuery was answered by ${answer.type}`)
      if (noteHeld(table, tasks, answer.held, mapper) * RICH_ONE_IN >= tasks.length) this.#rich.add(mapper)
      else this.#rich.delete(mapper)
      return true
    } catch (error) {
      log.debug({ mapper, error: String(error) }, 'a mapper did not say which blocks it holds')
      this.#rich.delete(mapper)
      return false
    }
  }
}

/** Notes the tasks all of whose sample is held; returns how many. */
function noteHeld (table: TaskTable, tasks: TaskRecord[], held: boolean[], mapper: string): number {
  // Of most tasks a mapper holds nothing, and there are as many answers as tasks times mappers.
  if (!held.includes(true)) return 0
  let found = 0
  let at = 0
  for (const record of tasks) {
    const from = at
    at += record.sample.length
    if (!allHeld(held, from, at)) continue
    table.hold(record, mapper)
    found++
  }
  return found
}

function allHeld (held: boolean[], from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (held[at] !== true) return false
  return end > from
}

function * batches (tasks: Iterable<TaskRecord>, maxCids: number): Generator<TaskRecord[]> {
  let batch: TaskRecord[] = []
  let cids = 0
  for (const record of tasks) {
    if (cids > 0 && cids + record.sample.length > maxCids) {
      yield batch
      batch = []
      cids = 0
    }
    batch.push(record)
    cids += record.sample.length
  }
  if (batch.length > 0) yield batch
}
