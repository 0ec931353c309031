import { decodeJournalEntry, type JobJournal, type Journal } from '@ipfs-mapreduce/mapreduce'
import type { SimulatedClock } from '../clock.ts'
import { createLifetime, type Lifetime } from '../lifetime.ts'
import type { SeededRandom } from '../prng.ts'
import type { Disk } from './changes.ts'
import { createJournalPort } from './port.ts'

export interface VirtualJournalsInit {
  clock: SimulatedClock
  /** Decides which calls under way at a crash have reached the disk. */
  random: SeededRandom
  /** Virtual milliseconds that each call takes. */
  diskMs?: number
}

/** The journals of all virtual masters. The other methods act at once, behind the masters' backs. */
export interface VirtualJournals {
  /** The port of a process's run; it finds what the runs before left. */
  open: (name: string, lifetime?: Lifetime) => Journal
  /** What a process that starts now would find. */
  content: (name: string) => JobJournal[]
  /** While a disk is full, what makes a journal longer fails with `STORAGE`. */
  setFull: (name: string, full: boolean) => void
  /** Drops all that a process has journaled: its disk is lost. */
  wipe: (name: string) => void
}

const DEFAULT_DISK_MS = 1

export function createVirtualJournals ({ clock, random, diskMs = DEFAULT_DISK_MS }: VirtualJournalsInit): VirtualJournals {
  const disks = new Map<string, Disk & { random: SeededRandom }>()
  const diskOf = (name: string): Disk & { random: SeededRandom } => {
    const disk = disks.get(name) ?? { records: new Map(), full: false, random: random.fork(`journal ${name}`) }
    disks.set(name, disk)
    return disk
  }

  return {
    open (name, lifetime = createLifetime(clock, name)) {
      const disk = diskOf(name)
      return createJournalPort({ name, disk, lifetime, random: disk.random, diskMs })
    },
    content: name => [...diskOf(name).records].map(([job, entries]) => ({ job, entries: entries.map(decodeJournalEntry) })),
    setFull (name, full) { diskOf(name).full = full },
    wipe (name) { diskOf(name).records.clear() }
  }
}
