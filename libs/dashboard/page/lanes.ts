import { IS_REDUCE, ROW } from '@ipfs-mapreduce/actors/layout'
import type { Attempts } from '../src/model/attempts.ts'

/** A slot of a worker, as far as it was used: attempts that do not overlap, by their index. */
export interface Lane {
  worker: string
  /** Of the worker's lanes, from 0. */
  slot: number
  rows: number[]
}

/** Sorts attempts into lanes as they come; what was sorted stays. */
export class Lanes {
  #attempts: Attempts
  #base = -1
  #sorted = 0
  #ofWorker = new Map<number, Lane[]>()
  #all: Lane[] = []

  constructor (attempts: Attempts) {
    this.#attempts = attempts
  }

  /** Lanes of all workers, those of one worker together: mappers, then reducers, each in the order in which they began. */
  update (attempts: Attempts): Lane[] {
    if (attempts !== this.#attempts || attempts.base !== this.#base) {
      this.#attempts = attempts
      this.#base = attempts.base
      this.#sorted = 0
      this.#ofWorker.clear()
      this.#all = []
    }
    let added = false
    for (; this.#sorted < attempts.size; this.#sorted++) added = this.#place(this.#sorted) || added
    if (added) this.#all = [...this.#ofWorker.values()].flat().sort((a, b) => this.#kindOf(a) - this.#kindOf(b))
    return this.#all
  }

  /** 0 where it runs maps, 1 where it runs reduces. */
  #kindOf ({ rows: [first] }: Lane): number {
    return this.#attempts.rows[first! * ROW + 5]! & IS_REDUCE
  }

  /** True where it took a new lane. */
  #place (row: number): boolean {
    const { rows, workers } = this.#attempts
    const worker = rows[row * ROW + 2]!
    const startMs = rows[row * ROW + 3]!
    const lanes = this.#ofWorker.get(worker) ?? []
    this.#ofWorker.set(worker, lanes)
    const free = lanes.find(lane => {
      const end = rows[lane.rows.at(-1)! * ROW + 4]!
      return end >= 0 && end <= startMs
    })
    if (free !== undefined) {
      free.rows.push(row)
      return false
    }
    lanes.push({ worker: workers[worker] ?? '', slot: lanes.length, rows: [row] })
    return true
  }
}
