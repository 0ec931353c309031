import { MAP_INPUT_BYTES, MAP_INPUT_RECORDS } from '@ipfs-mapreduce/mapreduce'
import type { JobStatus } from '@ipfs-mapreduce/protocol'

/** What happened longer ago says nothing of how fast it goes now. */
const WINDOW_MS = 10_000
/** Over less the rate jumps: workers tell how far they are once a second. */
const MIN_WINDOW_MS = 1_000

/** How fast a job goes, as far as that can be told. */
export interface Rates {
  /** Records of the input read in a second. */
  recordsPerSecond?: number
  /** Bytes of the input, by the mean record of the maps that are done. */
  bytesPerSecond?: number
  /** Of the phase that goes on, at this pace. */
  left?: { phase: 'map' | 'reduce', ms: number }
}

/** Watches a job's statuses, and says how fast it goes and how long it will take. */
export class Pace {
  readonly #samples: Array<{ atMs: number, records: number }> = []
  #mappedMs: number | undefined

  /** Takes a status that was given at `atMs`, of any clock that does not go back; gives what is known by then. */
  note (status: JobStatus, atMs: number): Rates {
    const samples = this.#samples
    samples.push({ atMs, records: status.records })
    while (atMs - samples[0]!.atMs > WINDOW_MS) samples.shift()
    const { maps } = status
    if (maps.total === 0) return {}
    if (maps.committed < maps.total) return this.#mapping(status, samples[0]!, atMs)
    this.#mappedMs ??= atMs
    return { ...average(status), ...this.#reducing(status, this.#mappedMs, atMs) }
  }

  #mapping ({ records, counters, inputBytes }: JobStatus, since: { atMs: number, records: number }, atMs: number): Rates {
    const ms = atMs - since.atMs
    if (ms < MIN_WINDOW_MS || records <= since.records) return {}
    const recordsPerSecond = (records - since.records) * 1000 / ms
    const recordBytes = (counters[MAP_INPUT_BYTES] ?? 0) / (counters[MAP_INPUT_RECORDS] ?? 0)
    if (!(recordBytes > 0)) return { recordsPerSecond }
    const bytesPerSecond = recordsPerSecond * recordBytes
    const leftMs = Math.max(0, inputBytes - records * recordBytes) * 1000 / bytesPerSecond
    return { recordsPerSecond, bytesPerSecond, left: { phase: 'map', ms: leftMs } }
  }

  #reducing ({ reduces: { committed, total } }: JobStatus, sinceMs: number, atMs: number): Rates {
    if (committed === 0 || committed === total || atMs === sinceMs) return {}
    return { left: { phase: 'reduce', ms: (atMs - sinceMs) * (total - committed) / committed } }
  }
}

/** Over all of the map phase, when it is done. */
function average ({ phases, records, inputBytes }: JobStatus): Rates {
  const ms = phases.find(({ name }) => name === 'map')?.ms ?? 0
  return ms > 0 ? { recordsPerSecond: records * 1000 / ms, bytesPerSecond: inputBytes * 1000 / ms } : {}
}
