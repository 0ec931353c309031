import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Cluster } from './cluster.ts'
import { EFFECTS } from './faults.ts'
import { outcomeOf } from './jobs.ts'
import type { Jobs } from './jobs.ts'
import type { Fault, JobName, Round } from './schedule.ts'
import { judge } from './verdict.ts'
import type { Verdict } from './verdict.ts'
import { waitForWorkers } from './workers.ts'

/** No job takes this long: one that does hangs. Undisturbed it takes some 6 s, and faults last 10 s. */
const JOB_BOUND_MS = 120_000

export interface JobResult {
  job: JobName
  verdict: Verdict
  /** From acceptance to the client's end. */
  ms: number
  /** What began while it ran. */
  struck: Fault[]
}

export interface RoundResult {
  round: Round
  jobs: JobResult[]
  /** What began, of the faults planned: a job that ends early leaves some out. */
  struck: Fault[]
  /** What went wrong beside the jobs. */
  problems: string[]
}

/** Runs the jobs of a round, lets its faults come over the cluster, and waits until all workers are there again. */
export async function playRound (cluster: Cluster, jobs: Jobs, round: Round, dir: string): Promise<RoundResult> {
  const over = new AbortController()
  const accepted = Promise.withResolvers<number>()
  const struck: Array<{ fault: Fault, atMs: number }> = []
  const running = round.jobs.map(job => runJob(cluster, jobs, job, join(dir, `output-${round.number}-${job}`), `client-${round.number}-${job}`, accepted))
  const faults = Promise.allSettled(round.faults.map(async fault => {
    await inflict(cluster, fault, await accepted.promise, over.signal, () => { struck.push({ fault, atMs: performance.now() }) })
  }))
  const ended = await Promise.all(running)
  // Who was never accepted has nothing to wait for.
  accepted.resolve(performance.now())
  over.abort()
  const problems: string[] = []
  for (const settled of await faults) {
    if (settled.status === 'rejected') problems.push(String(settled.reason))
  }
  const missing = struck.length > 0 ? await waitForWorkers(cluster) : undefined
  if (missing !== undefined) problems.push(missing)
  return {
    round,
    struck: struck.map(({ fault }) => fault),
    problems,
    jobs: ended.map(({ job, outcome, startedMs, endedMs }) => {
      const suffered = struck.filter(({ atMs }) => atMs < endedMs).map(({ fault }) => fault)
      return { job, verdict: judge(outcome, jobs.oracle(job), suffered), ms: endedMs - startedMs, struck: suffered }
    })
  }
}

async function runJob (cluster: Cluster, jobs: Jobs, job: JobName, output: string, logName: string, accepted: PromiseWithResolvers<number>) {
  const client = cluster.ipmr(logName, ...jobs.args(job, output), ...cluster.connection)
  let startedMs = performance.now()
  client.says(/job \S+ accepted/).then(() => {
    startedMs = performance.now()
    accepted.resolve(startedMs)
  }, () => { /* Judged by its end. */ })
  const hung = setTimeout(() => { client.child.kill('SIGKILL') }, JOB_BOUND_MS)
  const outcome = await outcomeOf(client, output)
  clearTimeout(hung)
  return { job, outcome, startedMs, endedMs: performance.now() }
}

/** Lets a fault begin at its time and last as long as it should, or until the round is over. */
async function inflict (cluster: Cluster, fault: Fault, acceptedMs: number, over: AbortSignal, onBegin: () => void): Promise<void> {
  await passed(acceptedMs + fault.atMs - performance.now(), over)
  if (over.aborted) return
  onBegin()
  const heal = await EFFECTS[fault.kind](cluster, fault)
  await passed(fault.forMs, over)
  await heal()
}

async function passed (ms: number, over: AbortSignal): Promise<void> {
  if (ms > 0 && !over.aborted) await pause(ms, undefined, { signal: over }).catch(() => undefined)
}
