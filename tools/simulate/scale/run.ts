import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { master, type Log } from '@ipfs-mapreduce/actors'
import { createRandom } from '@ipfs-mapreduce/simulator'
import type { JobSpec } from '@ipfs-mapreduce/mapreduce'
import { encodeMessage, type JobStatus, type Message } from '@ipfs-mapreduce/protocol'
import { createClock } from './clock.ts'
import { faultRates, NO_FAULTS } from './faults.ts'
import { createFiles, LEAF_BYTES, type FilesCounts } from './input.ts'
import { createJournal, type JournalCounts } from './journal.ts'
import { Meter, type Kind } from './meter.ts'
import { createNetwork } from './network.ts'
import { LightWorker, RECORDS_PER_MAP, type WorkerCounts } from './worker.ts'

export interface ScaleJob {
  workers: number
  /** Map tasks. */
  tasks: number
  /** Reduce tasks, and so runs of each map task. */
  reducers: number
  /** Attempts at once of each worker. */
  slots: number
  /** Virtual milliseconds of an attempt, on average. */
  taskMs: number
  /** Leaves of the input that make one map task. */
  leavesPerTask: number
  /** Share of runs that do not exist because no pair was for their partition. */
  emptyShare: number
  faults: boolean
  journal: boolean
  seed: string
}

/** Processor time and heap of one job at the master. */
export interface Measurement {
  job: ScaleJob
  status: JobStatus
  /** What is wrong with what the master did, against what the workers saw; empty where nothing is. */
  violations: string[]
  virtualMs: number
  wallMs: number
  /** The master's processor time by what set it off: its share of this thread's processor time. */
  kinds: Array<Pick<Kind, 'name' | 'ms' | 'count'>>
  masterMs: number
  /** Of it, what planning took. */
  planMs: number
  /** Of it, what heartbeats took. */
  heartbeatMs: number
  /** Bytes of heap for each map task: while all wait, and when all have committed. */
  waitingBytes: number
  committedBytes: number
  /** Bytes of heap that the job left behind, when it had ended. */
  leftBytes: number
  heapBytes: number
  workers: WorkerCounts
  files: FilesCounts
  journal: JournalCounts
}

const CLUSTER = 'scale'
/** Workers join within this time. */
const JOIN_MS = 1_000
/** How often a client asks for the job's state. */
const POLL_MS = 1_000
/** How long the cluster goes on after the job's end before what is left is measured: offers that nobody answered end too. */
const AFTER_MS = 20_000
/** Virtual time within which a job has to end, in multiples of what its attempts need at least. */
const MAX_STRETCH = 20
/** Of all workers, one in so many is a reducer. */
const WORKERS_PER_REDUCER = 100

/** Runs one job on the real master, over virtual time, a network of objects and light workers. */
export async function measure (job: ScaleJob): Promise<Measurement> {
  const { workers, tasks, reducers, slots, taskMs, leavesPerTask, emptyShare, seed } = job
  const meter = new Meter()
  const clock = createClock(meter)
  const random = createRandom(seed)
  const network = createNetwork({ clock, meter, random: random.fork('network') })
  const { files, counts: fileCounts, input } = createFiles({ leaves: tasks * leavesPerTask, clock, meter })
  const { journal, counts: journalCounts } = createJournal()
  const counts: WorkerCounts = { attempts: 0, completed: 0, failed: 0, deaths: 0, heartbeats: 0, lostHeartbeats: 0, runsLost: 0, audits: 0, told: 0, aborted: 0 }
  const reducerWorkers = Math.max(2, Math.ceil(reducers / slots) * 2, Math.ceil(workers / WORKERS_PER_REDUCER))
  const peers = Array.from({ length: workers }, (_, number) => new LightWorker(number, slots, {
    cluster: CLUSTER, clock, network, kind: meter.kind('cluster', 'peers'), random: random.fork(`worker ${number}`), counts,
    faults: job.faults ? faultRates(job) : NO_FAULTS,
    taskMs, reducers, emptyShare, replicas: 3, mappers: workers - reducerWorkers
  }))

  const commits = new Commits(tasks)
  const heap = { before: 0, planned: 0, ended: 0, after: 0 }
  let plannedMs = 0
  const log: Log = {
    debug () {},
    warn () {},
    error (fields, message) { commits.violations.push(`the master's log: ${message} ${JSON.stringify(fields)}`) },
    info (fields, message) {
      if (message === 'task committed') commits.note(fields as { kind: string, task: number })
      else if (message === 'planned') meter.exclude(() => {
        plannedMs = masterMs(meter)
        heap.planned = heapBytes()
      })
      else if (message === 'job ended') meter.exclude(() => { heap.ended = heapBytes() })
    }
  }

  const actor = master({ cluster: CLUSTER })({
    network: network.port, files, clock, log, random: random.fork('master').random, newId: () => 'job-1', ...job.journal && { journal }
  })
  await actor.start()
  const kind = meter.kind('cluster', 'peers')
  for (const [i, peer] of peers.entries()) {
    network.add(peer)
    clock.after(i * JOIN_MS / workers, kind, () => { peer.start() })
  }
  await clock.runUntil(() => clock.now() >= JOIN_MS + 100, JOIN_MS + 5_000)
  heap.before = meter.exclude(heapBytes)
  const joinedMs = masterMs(meter)

  const spec: JobSpec = { program: input, programName: 'scale', inputFormat: 'lines', input, reducers, args: {}, separator: '\t', splitBytes: leavesPerTask * LEAF_BYTES, skipBadRecords: 0 }
  let status: JobStatus | undefined
  const startedMs = clock.now()
  const poll = (): void => {
    network.ask('client', { type: 'statusQuery', job: 'job-1' }, answer => {
      status = statusIn(answer)
      // Messages travel as objects here, but what a client is told at last must fit in one.
      if (isEnded(status)) commits.violations.push(...unsendable(answer))
    })
    if (!isEnded(status)) clock.after(POLL_MS, kind, poll)
  }
  network.ask('client', { type: 'submitJob', cluster: CLUSTER, spec, providers: [], deadlineMs: 0, workerWaitMs: 0, maxAttempts: 0, priority: 'normal', submission: 'submission-1' }, poll)
  const leastMs = Math.ceil(tasks / (workers * slots)) * taskMs
  await clock.runUntil(() => isEnded(status), 10 * 60_000 + MAX_STRETCH * leastMs)
  const virtualMs = clock.now() - startedMs
  const [wallMs, share] = [meter.wallMs(), meter.processorShare()]
  const kinds = meter.kinds().filter(({ owner }) => owner === 'master').map(({ name, ms, count }) => ({ name, ms: ms * share, count })).sort((a, b) => b.ms - a.ms)
  const workerCounts = { ...counts }
  const endedMs = clock.now()
  await clock.runUntil(() => clock.now() >= endedMs + AFTER_MS, 2 * AFTER_MS)
  heap.after = heapBytes()
  await actor.stop()

  return {
    job, status: status!, virtualMs, wallMs, kinds,
    violations: [...commits.violations, ...wrong(job, status!, workerCounts, commits)],
    masterMs: kinds.reduce((total, { ms }) => total + ms, 0) - joinedMs * share,
    planMs: (plannedMs - joinedMs) * share,
    heartbeatMs: kinds.find(({ name }) => name === 'heartbeat')?.ms ?? 0,
    waitingBytes: (heap.planned - heap.before) / tasks,
    committedBytes: (heap.ended - heap.before) / tasks,
    leftBytes: heap.after - heap.before,
    heapBytes: heap.ended,
    workers: workerCounts, files: fileCounts, journal: journalCounts
  }
}

/** How often each task was committed, by the master's own log. */
class Commits {
  readonly maps: Uint8Array
  readonly violations: string[] = []
  reduces = 0

  constructor (tasks: number) {
    this.maps = new Uint8Array(tasks)
  }

  note ({ kind, task }: { kind: string, task: number }): void {
    if (kind === 'map') this.maps[task]!++
    else this.reduces++
  }

  get total (): number {
    return this.maps.reduce((sum, commits) => sum + commits, 0)
  }
}

/** Every task is committed once, and again only where a run of it was lost; each counter counts each record once. */
function wrong ({ tasks, reducers }: ScaleJob, status: JobStatus, counts: WorkerCounts, commits: Commits): string[] {
  const { maps, reduces, counters } = status
  const again = commits.total - tasks
  const claims: Array<[string, boolean]> = [
    [`the job ${status.state}: ${status.reason ?? ''}`, status.state === 'succeeded'],
    [`${maps.committed} of ${tasks} map tasks are committed`, maps.total === tasks && maps.committed === tasks],
    [`${reduces.committed} of ${reducers} reduce tasks are committed`, reduces.total === reducers && reduces.committed === reducers && commits.reduces === reducers],
    ['a map task was never committed', commits.maps.every(times => times > 0)],
    [`map tasks were committed ${again} times more than once, but only ${counts.runsLost} runs were lost`, again <= counts.runsLost],
    [`map.input.records is ${counters['map.input.records']}, and should be ${tasks * RECORDS_PER_MAP}`, counters['map.input.records'] === tasks * RECORDS_PER_MAP],
    [`reduce.output.records is ${counters['reduce.output.records']}, and should be ${reducers}`, counters['reduce.output.records'] === reducers],
    [`the master gave ${maps.attempts + reduces.attempts} attempts, and workers took ${counts.attempts}`, maps.attempts + reduces.attempts >= counts.attempts],
    [`${counts.failed} attempts failed at workers, and the master knows of ${maps.failedAttempts + reduces.failedAttempts}`, maps.failedAttempts + reduces.failedAttempts >= counts.failed]
  ]
  return claims.flatMap(([text, holds]) => holds ? [] : [text])
}

function masterMs (meter: Meter): number {
  return meter.kinds().reduce((sum, { owner, ms }) => owner === 'master' ? sum + ms : sum, 0)
}

function statusIn (answer: Message): JobStatus | undefined {
  return answer.type === 'status' ? answer.jobs[0] : undefined
}

function unsendable (message: Message): string[] {
  try {
    encodeMessage(message)
    return []
  } catch (error) {
    return [`the status cannot be sent: ${String(error)}`]
  }
}

function isEnded (status: JobStatus | undefined): boolean {
  return status !== undefined && ['succeeded', 'failed', 'cancelled'].includes(status.state)
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Bytes of heap that are in use. */
function heapBytes (): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}
