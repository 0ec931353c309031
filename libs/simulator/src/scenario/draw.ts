import { DEFAULT_TIMING, type Timing } from '@ipfs-mapreduce/state-machines'
import type { Fault } from '../faults/fault.ts'
import { drawFaults, drawTakeover } from '../faults/draw.ts'
import { POISON, UNLOADABLE } from '../programs/simulated.ts'
import { createRandom, type SeededRandom } from '../prng.ts'
import { mastersOf, type ClusterShape } from '../world/shape.ts'
import type { JobPlan, Scenario } from './scenario.ts'

/** Share of the seeds that see no fault at all: what fails there fails by itself. */
const CALM = 0.05
/** How long faults may come, in virtual milliseconds. */
const FAULTS_MS = { min: 3_000, max: 15_000 }
/** One seed in so many has faults for twice as long. */
const LONG = 6

/** Share of the seeds in which a master is lost and another takes up its jobs. */
const TAKEOVERS = 0.15
/** The inputs of their jobs are so many times as long. */
const LONGER = 3

const WORDS = ['the', 'whale', 'ship', 'sea', 'Ishmael', 'of', 'a', 'é', '鯨', '𝒳𝒴', 'Ahab', 'white', 'harpoon', 'deep']
const SECOND = 1000
/** Short enough that a job whose attempts hang ends soon, long enough that no sound attempt is hit. */
const TIMING = {
  offerMs: 15 * SECOND, fetchMs: 60 * SECOND, executeMs: 20 * SECOND, attemptMs: 120 * SECOND, storeMs: 30 * SECOND, secureMs: 60 * SECOND
}

/** The scenario of a seed: a cluster, jobs and, but for some seeds, faults of a random choice of kinds. */
export function drawScenario (seed: number | string): Scenario {
  const random = createRandom(seed).fork('scenario')
  const faultsMs = between(random, FAULTS_MS.min, FAULTS_MS.max) * (random.int(LONG) === 0 ? 2 : 1)
  const calm = random.chance(CALM)
  const cluster = drawCluster(random.fork('cluster'))
  const faults: Fault[] = calm ? [] : drawFaults(random.fork('faults'), { cluster, faultsMs })
  const drawn: Scenario = { seed: String(seed), cluster: calm ? { ...cluster, endless: 0 } : cluster, jobs: drawJobs(random.fork('jobs'), cluster), faults, faultsMs }
  const takeover = random.fork('takeover')
  return !calm && takeover.chance(TAKEOVERS) ? withTakeover(takeover, drawn) : drawn
}

/** The same with another master that takes up the jobs of one that is lost; they are long enough to have been at a checkpoint by then. */
function withTakeover (random: SeededRandom, { cluster, jobs, faults, ...rest }: Scenario): Scenario {
  const faultsMs = Math.max(rest.faultsMs, between(random, 8_000, 20_000))
  const other: Pick<ClusterShape, 'masters' | 'spares'> = random.chance(0.5) ? { masters: 2 } : { masters: cluster.masters, spares: 1 }
  return {
    ...rest, faultsMs,
    cluster: {
      ...cluster, ...other, slots: 1,
      timing: { ...cluster.timing, awayMs: 60 * SECOND, checkpointMs: random.pick([SECOND / 2, SECOND, 2 * SECOND]) },
      executeMs: random.pick([{ min: 300, max: 2_500 }, { min: 1_000, max: 4_000 }])
    },
    jobs: jobs.map(job => ({ ...job, files: Object.fromEntries(Object.entries(job.files).map(([path, text]) => [path, text.repeat(LONGER)])) })),
    faults: [...faults, drawTakeover(random, { masters: mastersOf(other), of: random.pick(jobs).master, faultsMs })]
  }
}

function drawCluster (random: SeededRandom): ClusterShape {
  const latency = random.pick([1, 1, 5, 20])
  return {
    masters: random.chance(0.2) ? 2 : 1,
    mappers: 1 + random.int(random.chance(0.3) ? 5 : 3),
    reducers: 1 + random.int(random.chance(0.3) ? 3 : 2),
    slots: 1 + random.int(3),
    named: random.chance(0.8),
    journaled: random.chance(0.75),
    timing: drawTiming(random),
    latencyMs: { min: latency, max: latency * (1 + random.int(5)) },
    diskMs: random.pick([1, 1, 3, 20]),
    executeMs: random.pick([{ min: 1, max: 20 }, { min: 20, max: 400 }, { min: 20, max: 400 }, { min: 300, max: 2_500 }, { min: 3_000, max: 8_000 }]),
    endless: random.pick([0.1, 0.3])
  }
}

function drawTiming (random: SeededRandom): Partial<Timing> {
  return {
    ...TIMING,
    ...random.chance(0.3) && { heartbeatMs: 2 * DEFAULT_TIMING.heartbeatMs, leaseMs: 6 * DEFAULT_TIMING.heartbeatMs },
    ...random.chance(0.2) && { awayMs: 5 * SECOND },
    ...random.chance(0.2) && { checkpointMs: 2 * SECOND },
    ...random.chance(0.1) && { offerMs: 4 * SECOND },
    ...random.chance(0.1) && { fetchMs: 8 * SECOND },
    ...random.chance(0.1) && { storeMs: 8 * SECOND },
    ...random.chance(0.1) && { secureMs: 8 * SECOND },
    ...random.chance(0.1) && { attemptMs: 25 * SECOND }
  }
}

function drawJobs (random: SeededRandom, cluster: ClusterShape): JobPlan[] {
  const jobs = random.pick([1, 1, 1, 2, 2, 3, 4])
  return Array.from({ length: jobs }, (_, i) => drawJob(random.fork(`job ${i}`), cluster))
}

function drawJob (random: SeededRandom, { masters, mappers }: ClusterShape): JobPlan {
  const program = random.pick(['word-count', 'word-count', 'counting', 'counting', 'inverted-index', 'grep', 'sort', 'poisoned', 'endless', 'whimsical', ...random.chance(0.2) ? [UNLOADABLE] : []])
  const atMs = random.chance(0.7) ? random.int(1_000) : random.int(6_000)
  const chunkBytes = random.pick([16, 32, 64, 256])
  return {
    atMs,
    master: masters > 1 && random.chance(0.5) ? 'master2' : 'master',
    program,
    args: program === 'grep' ? { pattern: random.pick(['whale', '^the', '鯨', 'nothing']) } : {},
    files: drawFiles(random, { chunkBytes, poison: program === 'poisoned' }),
    chunkBytes,
    splitBytes: chunkBytes * random.pick([1, 2, 4]),
    reducers: 1 + random.int(3),
    holders: random.chance(0.5) ? Array.from({ length: mappers }, (_, i) => `m${i + 1}`).filter(() => random.chance(0.5)) : [],
    priority: random.pick(['low', 'normal', 'normal', 'high']),
    maxAttempts: random.pick([0, 0, 0, 2, 6]),
    deadlineMs: random.chance(0.08) ? between(random, 2_000, 30_000) : 0,
    skipBadRecords: program === 'poisoned' && random.chance(0.5) ? 1_000 : 0,
    ...random.chance(0.12) && { cancelAtMs: atMs + random.int(6_000) }
  }
}

function drawFiles (random: SeededRandom, { chunkBytes, poison }: { chunkBytes: number, poison: boolean }): Record<string, string> {
  const files: Record<string, string> = {}
  const count = random.pick([1, 1, 2, 3])
  for (let file = 0; file < count; file++) {
    // Small leaves are many map tasks: the smaller, the fewer lines.
    const lines = random.int(chunkBytes < 64 ? 8 : 24)
    const text = Array.from({ length: lines }, () => drawLine(random, poison)).join(random.chance(0.2) ? '\r\n' : '\n')
    files[random.chance(0.3) ? `d/${file}.txt` : `${file}.txt`] = text === '' || random.chance(0.3) ? text : `${text}\n`
  }
  return files
}

function drawLine (random: SeededRandom, poison: boolean): string {
  const words = Array.from({ length: random.int(8) }, () => random.pick(WORDS))
  return [...words, ...poison && random.chance(0.08) ? [POISON] : []].join(' ')
}

/** A whole number, both ends included. */
export function between (random: SeededRandom, min: number, max: number): number {
  return min + random.int(max - min + 1)
}
