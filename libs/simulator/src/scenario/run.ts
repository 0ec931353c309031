import { type Bounds, type ErrorCode, type SequentialResult, ProgramError } from '@ipfs-mapreduce/mapreduce'
import type { Checker, CheckerOf, View } from '../checkers/checker.ts'
import { allCheckers } from '../checkers/index.ts'
import { oracleOf } from '../checkers/oracle.ts'
import { createClock } from '../clock.ts'
import { createCoverage, type Reached } from '../coverage.ts'
import { FAULT_KINDS, type FaultKind } from '../faults/fault.ts'
import { createInfliction } from '../faults/inflict.ts'
import { createRandom } from '../prng.ts'
import { UNLOADABLE } from '../programs/simulated.ts'
import type { Occurrence } from '../world/occurrence.ts'
import { createWorld, type World } from '../world/world.ts'
import { boundsOf } from './bounds.ts'
import { createJobs } from './jobs.ts'
import type { JobPlan, Scenario } from './scenario.ts'
import { createTranscript } from './transcript.ts'
import { createUser, type User } from './user.ts'

/** Within so much virtual time after the last fault every job ends: all its attempts may run into their timeouts, one after the other. */
export const LIVENESS_MS = 45 * 60_000
/** Within so much virtual time after the last job's end nothing of any job is left: workers audit what they hold every few leases. */
export const SETTLING_MS = 5 * 60_000
/** Between two looks at whether all is settled. */
const SETTLING_LOOK_MS = 500
/** Timers that may fire at one run: one that goes round in circles without time passing ends here. */
const MAX_STEPS = 2_000_000

/** A promise that was broken. */
export interface Violation {
  checker: string
  message: string
  atMs: number
  /** Timers that had fired. */
  step: number
}

export interface Report {
  seed: string
  violations: Violation[]
  /** How each job ended. `none` has not. */
  ends: Array<{ program: string, state: string, code?: ErrorCode, reason?: string }>
  /** How often faults of each kind have struck. */
  struck: Partial<Record<FaultKind, number>>
  virtualMs: number
  steps: number
  /** Of the transcript: equal for equal runs. */
  hash: string
  reached: Reached
  transcript: string[]
}

export interface RunOptions {
  /** Checkers beside all that there are. */
  also?: readonly CheckerOf[]
  /** Does something to the world behind everybody's back, before the clock moves: how checkers are checked. */
  tamper?: (world: World) => void
}

/**
 * Runs a scenario: jobs under faults, with every checker looking on; then all heals, and every job must end in bounded
 * virtual time. What goes wrong is in the report; nothing is thrown.
 */
export async function runScenario (scenario: Scenario, { also = [], tamper }: RunOptions = {}): Promise<Report> {
  const random = createRandom(scenario.seed)
  const clock = createClock()
  const coverage = createCoverage()
  const infliction = createInfliction(scenario.faults, { clock, random: random.fork('faults'), endMs: scenario.faultsMs })
  const world = createWorld({ random: random.fork('world'), shape: scenario.cluster, clock, afflict: infliction.afflict, inspect: coverage.inspect })
  const bounds = await boundsOf(scenario.jobs)
  const user = createUser(world, scenario.jobs, bounds)
  const transcript = createTranscript()
  const violations: Violation[] = []
  const violated = (checker: string) => (message: string): void => { violations.push({ checker, message, atMs: clock.now(), step: clock.steps() }) }
  const { view, observe } = createView(scenario, world, user, infliction.struck)
  const checkers = [...allCheckers(await oraclesOf(scenario.jobs, bounds)), ...also].map(checkerOf => {
    const checker: Checker = checkerOf(view, message => { violated(checker.name)(message) })
    return checker
  })
  world.watch(occurrence => {
    observe(occurrence)
    transcript.observe(occurrence, clock.now())
    for (const checker of checkers) checker.observe(occurrence)
  })
  infliction.begin(world)
  tamper?.(world)

  const wrong = (): boolean => violations.length > 0 || world.failures.length > 0
  const until = async (condition: () => boolean, maxMs: number, what: string): Promise<void> => {
    await clock.runUntil(() => wrong() || condition() || clock.steps() > MAX_STEPS, maxMs, what)
    if (clock.steps() > MAX_STEPS) throw new Error(`${what} did not come about in ${MAX_STEPS} steps`)
  }
  try {
    let healed = false
    const heal = (): void => {
      healed = true
      infliction.heal()
    }
    clock.setTimeout(heal, scenario.faultsMs, 'the end of all faults')
    await until(() => healed || user.done(), scenario.faultsMs, 'the time of faults')
    if (!healed) heal()
    await until(() => user.done(), LIVENESS_MS, 'the end of every job')
    let looking = true
    const settled = (): boolean => {
      if (!looking) return false
      looking = false
      clock.setTimeout(() => { looking = true }, SETTLING_LOOK_MS, 'the next look')
      return checkers.every(checker => checker.settled?.() ?? true)
    }
    await until(settled, SETTLING_MS, 'the release of all that jobs held').catch((error: unknown) => {
      for (const checker of checkers) checker.finish()
      if (violations.length === 0) throw error
    })
    if (!wrong()) for (const checker of checkers) checker.finish()
  } catch (error) {
    violated(clock.steps() > MAX_STEPS || isTimeout(error) ? 'every job ends in time' : 'no code throws')(textOf(error))
  }
  for (const failure of world.failures) violated('every process starts')(textOf(failure))
  return {
    seed: scenario.seed, violations,
    ends: user.errands.map(({ plan: { program }, end }) => ({
      program, state: end?.state ?? 'none', ...end?.failure !== undefined && { code: end.failure.code }, ...end?.reason !== undefined && { reason: end.reason }
    })),
    struck: Object.fromEntries(FAULT_KINDS.flatMap(kind => infliction.struck.has(kind) ? [[kind, infliction.struck.get(kind)!]] : [])),
    virtualMs: clock.now(), steps: clock.steps(),
    hash: transcript.hash(),
    reached: coverage.reached(),
    transcript: transcript.lines()
  }
}

/** The oracle's answer to each plan whose program can be loaded and does not throw. */
async function oraclesOf (plans: readonly JobPlan[], bounds: ReadonlyMap<JobPlan, Bounds>): Promise<Map<JobPlan, SequentialResult>> {
  const oracles = new Map<JobPlan, SequentialResult>()
  for (const plan of plans) {
    if (plan.program === UNLOADABLE) continue
    try {
      // What whimsical answers is left to chance, but not its keys: they are those of the program that counts.
      oracles.set(plan, await oracleOf(plan.program === 'whimsical' ? { ...plan, program: 'counting' } : plan, bounds.get(plan)))
    } catch (error) {
      if (!(error instanceof ProgramError) && !(error instanceof TypeError)) throw error
    }
  }
  return oracles
}

function createView (scenario: Scenario, world: World, user: User, struck: ReadonlyMap<FaultKind, number>): { view: View, observe: (occurrence: Occurrence) => void } {
  const jobs = createJobs(user)
  const taken = new Set<string>()
  const crashed = new Set<string>()
  const wiped = new Set<string>()
  return {
    view: {
      scenario, world, user, jobs,
      taken: (peer, cid) => taken.has(`${peer}/${cid}`),
      crashed: peer => crashed.has(peer),
      wiped: peer => wiped.has(peer),
      struck: (...kinds) => kinds.some(kind => struck.has(kind as FaultKind))
    },
    observe (occurrence) {
      jobs.observe(occurrence)
      if (occurrence.type === 'ended') crashed.add(occurrence.peer)
      if (occurrence.type !== 'fault' || occurrence.peer === undefined) return
      for (const cid of occurrence.cids ?? []) taken.add(`${occurrence.peer}/${cid}`)
      if ((occurrence.kind === 'crash' || occurrence.kind === 'takeover') && occurrence.cids !== undefined) wiped.add(occurrence.peer)
    }
  }
}

function isTimeout (error: unknown): boolean {
  return error instanceof Error && error.message.includes('did not come about')
}

function textOf (error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error)
}
