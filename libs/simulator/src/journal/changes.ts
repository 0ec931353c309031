import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { Lifetime } from '../lifetime.ts'
import type { SeededRandom } from '../prng.ts'

/** The journals on one disk: encoded entries by job, in order of the jobs' first entries. */
export type Records = Map<string, Uint8Array[]>

export interface Disk {
  records: Records
  full: boolean
}

/** What a call does to the disk. */
export interface Change {
  kind: 'append' | 'replace' | 'remove'
  apply: (records: Records) => void
}

interface Waiting extends Change {
  /** An append before it failed. */
  spoilt?: true
}

export interface ChangesInit {
  name: string
  disk: Disk
  lifetime: Lifetime
  /** Decides what a crash leaves. */
  random: SeededRandom
  /** Virtual milliseconds from a call to its effect: calls under way at once are written together. */
  diskMs: number
}

/**
 * Takes one run's changes of its disk, each after its time and in order. At a crash, of what waits for one job the
 * first few have reached the disk, or all, or none.
 */
export function createChanges ({ name, disk, lifetime, random, diskMs }: ChangesInit): (job: string, change: Change) => Promise<void> {
  const waiting = new Map<string, Waiting[]>()

  const fits = ({ kind, spoilt }: Waiting): boolean => spoilt === undefined && (!disk.full || kind === 'remove')
  const perform = (job: string): void => {
    const behind = waiting.get(job)!
    const change = behind.shift()!
    if (behind.length === 0) waiting.delete(job)
    if (fits(change)) return change.apply(disk.records)
    // What came after the first failure was told comes behind it no more.
    if (change.kind === 'append' && change.spoilt === undefined) for (const other of behind) if (other.kind === 'append') other.spoilt = true
    throw new MapReduceError('STORAGE', `cannot write the journal of job ${job}: the virtual disk of ${name} is full`)
  }

  lifetime.onEnd(() => {
    for (const changes of waiting.values()) {
      const reached = changes.slice(0, random.int(changes.length + 1))
      for (const change of reached) if (fits(change)) change.apply(disk.records)
    }
  })

  return (job, change) => new Promise((resolve, reject) => {
    const before = waiting.get(job)
    if (before === undefined) waiting.set(job, [{ ...change }])
    else before.push({ ...change })
    lifetime.clock.setTimeout(() => {
      try {
        perform(job)
        resolve()
      } catch (error) {
        reject(error as MapReduceError)
      }
    }, diskMs)
  })
}
