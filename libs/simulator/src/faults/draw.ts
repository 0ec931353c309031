import { FAULT_KINDS, type Fault, type FaultKind, type Span } from './fault.ts'
import type { SeededRandom } from '../prng.ts'
import type { ClusterShape } from '../world/shape.ts'

export interface DrawInit {
  cluster: ClusterShape
  /** Faults begin before. */
  faultsMs: number
}

/** Chance of each kind to be enabled for a seed: a random subset finds what all at once would hide (swarm testing, Groce et al. 2012). */
const ENABLED = 0.3
/** Most faults of one enabled kind. */
const MOST = 3

/** Most jobs are at work then, so most faults come then. */
const EARLY_MS = 4_000
const EARLY = 0.7

/** What messages a storm may single out, beside all of them. */
const TARGETS = [
  'any', 'any', 'gossip', 'request', 'answer', 'block', 'heartbeat', 'masterAdvert', 'job', 'join', 're:join', 'leave', 'attemptAssigned', 're:attemptAssigned',
  'attemptCompleted', 're:attemptCompleted', 'attemptFailed', 'attemptAborted', 'runsCommitted', 're:runsCommitted', 'runLost', 'slotYielded', 'jobEnded', 'blocksQuery',
  'submitJob', 're:submitJob', 'cancelJob', 'statusQuery', 're:statusQuery'
]

/** Faults of a process's own. */
const PROCESS_FAULTS: ReadonlyArray<(random: SeededRandom) => string> = [
  random => `crash:${random.pick(['attempt', 'fetch', 'execute', 'store'])}, nth=${1 + random.int(3)}`,
  random => `crash:${random.pick(['attempt', 'execute', 'store'])}, p=${random.pick(['0.1', '0.3'])}, times=4`,
  random => `slow:execute, ms=${random.pick([500, 5_000, 15_000])}, p=${random.pick(['0.3', '1'])}`,
  random => `slow:execute, ms=${random.pick([3_000, 6_000])}, p=0.5`,
  random => `stall:${random.pick(['fetch', 'execute', 'store'])}, p=${random.pick(['0.1', '0.5'])}`,
  random => `skew:clock, ${random.pick(['ms=3600000', 'ms=-5000', 'rate=1.1', 'rate=0.9', 'rate=3'])}`,
  random => `full:disk, p=${random.pick(['0.2', '1'])}`,
  random => `missing:block, p=${random.pick(['0.05', '0.3'])}`,
  random => `lie:output, p=${random.pick(['0.3', '1'])}`
]

type Scheduled = Exclude<FaultKind, 'takeover' | 'rival'>
/** A master that another one follows is drawn apart: there is at most one, and it wants jobs that are long enough. */
const SCHEDULED = FAULT_KINDS.filter((kind): kind is Scheduled => kind !== 'takeover' && kind !== 'rival')

/** A master is lost while its jobs are at work, and some of it is done. */
const LOST_MS = { min: 2_500, max: 12_000 }

/** The master `of` is lost, for good or not, and another one takes up its jobs. */
export function drawTakeover (random: SeededRandom, { masters, of, faultsMs }: { masters: readonly string[], of: string, faultsMs: number }): Fault {
  const fault = { peer: of, by: random.pick(masters.filter(name => name !== of)), atMs: LOST_MS.min + random.int(Math.min(faultsMs, LOST_MS.max) - LOST_MS.min), resumeMs: random.pick([100, 2_000, 10_000]) }
  return random.chance(0.4) ? { kind: 'rival', ...fault, forMs: duration(random) } : { kind: 'takeover', ...fault }
}

/** A schedule of faults: a random subset of the kinds, each at random rates, times and peers. */
export function drawFaults (random: SeededRandom, init: DrawInit): Fault[] {
  const kinds = SCHEDULED.filter(() => random.chance(ENABLED))
  return kinds.flatMap(kind => Array.from({ length: 1 + random.int(MOST) }, () => drawFault(kind, random, init)))
}

function drawFault (kind: Scheduled, random: SeededRandom, { cluster, faultsMs }: DrawInit): Fault {
  const numbered = (prefix: string, n: number): string[] => Array.from({ length: n }, (_, i) => `${prefix}${i + 1}`)
  const masters = ['master', ...cluster.masters > 1 ? ['master2'] : []]
  const workers = [...numbered('m', cluster.mappers), ...numbered('r', cluster.reducers)]
  const everybody = [...masters, ...workers, 'client']
  const atMs = random.int(random.chance(EARLY) ? Math.min(EARLY_MS, faultsMs) : faultsMs)
  const span = (): Span => ({ atMs, forMs: duration(random) })
  switch (kind) {
    case 'drop': case 'corrupt': case 'duplicate': return { kind, of: random.pick(TARGETS), p: random.pick([0.02, 0.1, 0.3, 1]), ...span() }
    case 'delay': case 'reorder': return { kind, of: random.pick(TARGETS), p: random.pick([0.1, 0.3, 1]), ms: random.pick([20, 200, 2_000, 12_000]), ...span() }
    case 'partition': case 'cut': {
      const from = random.chance(0.5) ? [random.pick(everybody)] : everybody.filter(() => random.chance(0.5))
      const to = random.chance(0.5) ? everybody.filter(peer => !from.includes(peer)) : [random.pick(everybody)]
      return { kind, from, to, ...span() }
    }
    case 'crash': return { kind, peer: random.pick([...workers, ...masters, ...everybody]), disk: random.chance(0.3) ? 'wiped' : 'kept', ...span() }
    case 'drain': return { kind, peer: random.pick(workers), ...span() }
    case 'stop': return { kind, peer: random.pick([...workers, ...workers, ...masters]), ...span() }
    case 'lose': case 'rot': return { kind, peer: random.pick(everybody), atMs, which: random.random() }
    case 'full': return { kind, peer: random.pick([...masters, ...everybody]), ...span() }
    case 'forge': return { kind, atMs, which: Array.from({ length: 1 + random.int(12) }, () => random.random()) }
    case 'process': return { kind, peer: random.pick(workers), faults: random.pick(PROCESS_FAULTS)(random) }
  }
}

/** From a tenth of a second to half a minute, each magnitude alike. */
function duration (random: SeededRandom): number {
  return Math.round(100 * 300 ** random.random())
}
