import { createRandom } from '@ipfs-mapreduce/simulator'
import type { SeededRandom } from '@ipfs-mapreduce/simulator'
import { specOf } from './kinds.ts'
import type { Kind } from './kinds.ts'
import { CLEAR } from './link.ts'
import type { Link } from './link.ts'

/** Faults begin within this time from the acceptance of a round's first job, which takes some 6 s undisturbed. */
export const FAULT_WINDOW_MS = 4_000
/** Faults of a round that has several. */
const STORM_FAULTS = 3
/** Rounds in which the kinds of rounds repeat: calm, one fault, one fault, storm. */
const PATTERN_ROUNDS = 4

export type JobName = 'word-count' | 'inverted-index'

export interface Fault {
  kind: Kind
  /** The process that it strikes. */
  victim: string
  /** After the acceptance of the round's first job. */
  atMs: number
  forMs: number
  /** What becomes of the victim's line, by direction, where the fault is one of the network. */
  line?: { in?: Link, out?: Link }
}

/** Some jobs at once, and what happens to them. */
export interface Round {
  /** From 1. */
  number: number
  jobs: JobName[]
  faults: Fault[]
}

export interface ScheduleInit {
  seed: string
  /** At least one. */
  kinds: readonly Kind[]
  master: string
  workers: readonly string[]
}

/**
 * The rounds of a seed: every fourth is calm, every fourth is a storm (two jobs, several faults), and the others have one
 * fault each, so that its cost can be told; every kind comes before one comes again. A round depends on the seed, the
 * kinds, the processes and its number alone.
 */
export function roundAt (init: ScheduleInit, number: number): Round {
  const random = createRandom(`${init.seed}/round ${number}`)
  const place = (number - 1) % PATTERN_ROUNDS
  if (place === 0) return { number, jobs: ['word-count'], faults: [] }
  if (place === PATTERN_ROUNDS - 1) return { number, jobs: ['word-count', 'inverted-index'], faults: storm(init, random) }
  const single = 2 * Math.floor((number - 1) / PATTERN_ROUNDS) + place - 1
  const kind = kindOfSingle(init, single)
  return { number, jobs: ['word-count'], faults: [drawFault(kind, random.pick(victimsOf(kind, init)), random)] }
}

function kindOfSingle ({ seed, kinds }: ScheduleInit, single: number): Kind {
  const cycle = Math.floor(single / kinds.length)
  return createRandom(`${seed}/kinds ${cycle}`).shuffle(kinds)[single % kinds.length]!
}

/** Each victim suffers one fault of a storm. */
function storm (init: ScheduleInit, random: SeededRandom): Fault[] {
  const faults: Fault[] = []
  const struck = new Set<string>()
  for (let n = 0; n < STORM_FAULTS; n++) {
    const kind = random.pick(init.kinds)
    const victims = victimsOf(kind, init).filter(victim => !struck.has(victim))
    if (victims.length === 0) continue
    const victim = random.pick(victims)
    struck.add(victim)
    faults.push(drawFault(kind, victim, random))
  }
  return faults.sort((a, b) => a.atMs - b.atMs)
}

function victimsOf (kind: Kind, { master, workers }: ScheduleInit): readonly string[] {
  const { victims } = specOf(kind)
  if (victims === 'workers') return workers
  return victims === 'master' ? [master] : [master, ...workers]
}

function drawFault (kind: Kind, victim: string, random: SeededRandom): Fault {
  const between = (least: number, most: number): number => least + random.int(most - least + 1)
  const atMs = random.int(FAULT_WINDOW_MS)
  const forMs = between(...random.pick(specOf(kind).lasts))
  const fault = { kind, victim, atMs, forMs }
  const both = (link: Partial<Link>): Fault => ({ ...fault, line: { in: { ...CLEAR, ...link }, out: { ...CLEAR, ...link } } })
  switch (kind) {
    case 'partition': return both({ cut: true })
    case 'one-way': return { ...fault, line: { [random.pick(['in', 'out'])]: { ...CLEAR, cut: true } } }
    case 'loss': return both({ loss: between(2, 20) / 100 })
    case 'delay': {
      const delayMs = between(50, 500)
      return both({ delayMs, jitterMs: delayMs / 2 })
    }
    case 'rate': return both({ kbitPerSecond: between(128, 2048) })
    default: return fault
  }
}

/** A fault in words: `stop-long mapper-2 at 1.2 s for 6.3 s`. */
export function formatFault ({ kind, victim, atMs, forMs, line }: Fault): string {
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
  const lasting = forMs > 0 ? ` for ${seconds(forMs)}` : ''
  return `${kind} ${victim}${line === undefined ? '' : formatLine(line)} at ${seconds(atMs)}${lasting}`
}

function formatLine (line: NonNullable<Fault['line']>): string {
  const link = line.in ?? line.out!
  const parts = [
    line.in === undefined ? 'outgoing' : line.out === undefined ? 'incoming' : '',
    link.loss > 0 ? `${Math.round(link.loss * 100)} %` : '',
    link.delayMs > 0 ? `${link.delayMs} ms` : '',
    link.kbitPerSecond > 0 ? `${link.kbitPerSecond} kbit/s` : ''
  ].filter(part => part !== '')
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}
