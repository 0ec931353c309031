import type { JobStatus } from '@ipfs-mapreduce/protocol'

/** Samples of a job that are kept: when there are more, every second one goes, and they come half as often. */
export const MAX_SAMPLES = 480
/** Between samples at first, in milliseconds. */
export const FIRST_SAMPLE_MS = 250

/** A job at a moment: totals so far, and what runs. */
export interface Sample {
  /** Milliseconds since the job's start. */
  ms: number
  records: number
  shuffleBytes: number
  fetchedBytes: number
  maps: number
  reduces: number
}

/** How a job went, evenly from its start to now, in bounded memory whatever its length. */
export class Samples {
  #kept: Sample[] = []
  #everyMs = FIRST_SAMPLE_MS
  #version = 0

  get all (): readonly Sample[] {
    return this.#kept
  }

  /** Changes with each sample. */
  get version (): number {
    return this.#version
  }

  isDue (ms: number): boolean {
    return ms - (this.#kept.at(-1)?.ms ?? -Infinity) >= this.#everyMs
  }

  take (ms: number, { records, fetchedBytes, counters, maps, reduces }: Pick<JobStatus, 'records' | 'fetchedBytes' | 'counters' | 'maps' | 'reduces'>): void {
    if (this.#kept.length === MAX_SAMPLES) {
      this.#kept = this.#kept.filter((_, i) => i % 2 === 0)
      this.#everyMs *= 2
    }
    this.#kept.push({ ms, records, shuffleBytes: counters['shuffle.bytes'] ?? 0, fetchedBytes, maps: maps.running, reduces: reduces.running })
    this.#version++
  }
}
