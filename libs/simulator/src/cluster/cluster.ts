import type { Master, Worker, WorkerInit } from '@ipfs-mapreduce/actors'
import type { Work } from '@ipfs-mapreduce/mapreduce'
import type { JobStatus, Network } from '@ipfs-mapreduce/protocol'
import type { Timing } from '@ipfs-mapreduce/state-machines'
import { createClock, type SimulatedClock } from '../clock.ts'
import { createVirtualFiles, type VirtualFiles } from '../files/virtual-files.ts'
import { createTrace, type Trace } from '../network/trace.ts'
import { createVirtualNetwork, type VirtualNetwork } from '../network/virtual-network.ts'
import { createRandom, type SeededRandom } from '../prng.ts'
import { submitJob, type InputFiles, type SubmitOptions } from './client.ts'
import type { LogLine } from './log.ts'
import { type Process, startMaster, startWorker, type Surroundings } from './process.ts'
import { SHIPPED, type Programs } from './program-bundle.ts'

export interface ClusterInit {
  /** All chance of the run comes from it: the same seed gives the same run. */
  seed: number | string
  /** Mappers `m1`, `m2`, … and reducers `r1`, `r2`, … at the start. */
  mappers?: number
  reducers?: number
  /** Workers `w1`, `w2`, … that are both; none by default. */
  workers?: number
  /** Attempts at once of each worker; of one that is both, of each kind. */
  slots?: number
  /** Programs beside those that are shipped. */
  programs?: Programs
  timing?: Partial<Timing>
  /** Latency of one hop, drawn evenly between the two, in milliseconds. */
  latencyMs?: { min: number, max: number }
  /** Virtual milliseconds that each thing done on a disk takes. */
  diskMs?: number
  /** Virtual milliseconds that an attempt executes. */
  executeMs?: (work: Work, random: SeededRandom) => number
}

/** A cluster in virtual time: the real actors over virtual parts. Nothing happens but by `submit`, `waitForJob` and the clock. */
export interface Cluster {
  readonly clock: SimulatedClock
  readonly network: VirtualNetwork
  readonly files: VirtualFiles
  /** Chance for faults, apart from that of the peers. */
  readonly random: SeededRandom
  /** All that travelled but heartbeats and adverts. */
  readonly trace: Trace
  readonly log: readonly LogLine[]
  /** Submits a job through the peer `client`; returns its id. Input files are mapped in the order of their paths' bytes. */
  submit: (programName: string, files: InputFiles, options?: SubmitOptions) => Promise<string>
  /** Cancels a job through the same peer. */
  cancel: (id: string) => Promise<void>
  job: (id: string) => JobStatus | undefined
  /** Runs until the job has ended, `maxMs` of virtual time at most. */
  waitForJob: (id: string, maxMs?: number) => Promise<JobStatus>
  /** The output of a job that succeeded, by partition. */
  output: (id: string) => Uint8Array[]
  worker: (name: string) => Worker
  /** Ends a process as `kill -9` does. Its disk stays. */
  crash: (name: string) => void
  /** Starts a crashed worker again, on the disk that it left. */
  restart: (name: string) => void
  /** Starts one more worker; returns its name. */
  addMapper: () => string
  addReducer: () => string
}

/** In an hour of virtual time every small job ends, whatever the faults. */
const DEFAULT_MAX_MS = 3_600_000
/** How long a request of the client may take; above the timeout of the wire. */
const REQUEST_MAX_MS = 60_000
/** Virtual milliseconds that an attempt executes: long enough that a crash can hit it. */
const EXECUTE_MS = { min: 20, max: 400 }
const CLUSTER = 'simulated'
const MASTER = 'master'
const CLIENT = 'client'
const ENDED = new Set(['succeeded', 'failed', 'cancelled'])
/** Gossip that comes every second says little in a transcript. */
const PERIODIC = new Set(['heartbeat', 'masterAdvert'])

interface WorkerSlot {
  role: WorkerInit['role']
  runs: number
  process: Process<Worker>
}

/** Starts a master, its workers and a client; the workers join as soon as the clock moves. */
export function createCluster ({ seed, mappers = 2, reducers = 2, workers: both = 0, slots = 1, ...init }: ClusterInit): Cluster {
  const random = createRandom(seed)
  const clock = createClock()
  const network = createVirtualNetwork({ clock, random: random.fork('network'), ...pick(init.latencyMs, latencyMs => ({ latencyMs })) })
  const files = createVirtualFiles({ clock, network, ...pick(init.diskMs, diskMs => ({ diskMs })) })
  const trace = createTrace(network, { only: ({ cargo }) => cargo.kind !== 'block' && !PERIODIC.has(cargo.message.type) })
  const failures: unknown[] = []
  const lines: LogLine[] = []
  const around: Surroundings = {
    clock, network, files, random, slots,
    programs: { ...SHIPPED, ...init.programs },
    lines,
    cluster: CLUSTER,
    timing: init.timing ?? {},
    executeMs: init.executeMs ?? ((_, own) => EXECUTE_MS.min + own.int(EXECUTE_MS.max - EXECUTE_MS.min)),
    onFailure: error => { failures.push(error) }
  }
  const lead: Process<Master> = startMaster(MASTER, around)
  const client: Network = network.join(CLIENT)
  let submissions = 0
  const workers = createWorkers(around, [network.address(MASTER)])
  for (let i = 0; i < mappers; i++) workers.add('mapper')
  for (let i = 0; i < reducers; i++) workers.add('reducer')
  for (let i = 0; i < both; i++) workers.add('worker')

  const until = async (condition: () => boolean, maxMs: number, what: string): Promise<void> => {
    await clock.runUntil(() => failures.length > 0 || condition(), maxMs, what)
    if (failures.length > 0) throw new Error(`a simulated process could not start, seed ${seed}`, { cause: failures[0] })
  }
  const settled = async <T>(promise: Promise<T>, what: string): Promise<T> => {
    let done = false
    promise.then(() => { done = true }, () => { done = true })
    await until(() => done, REQUEST_MAX_MS, what)
    return await promise
  }

  return {
    clock, network, files, trace,
    random: random.fork('faults'),
    log: lines,
    submit: async (programName, input, options = {}) => {
      const submitted = submitJob({ name: CLIENT, port: client, master: network.address(MASTER), cluster: CLUSTER, network, files, programs: around.programs, newId: () => `${CLIENT}-${++submissions}` }, programName, input, options)
      return await settled(submitted, `submission of ${programName}, seed ${seed},`)
    },
    cancel: async id => {
      await settled(client.request(network.address(MASTER), { type: 'cancelJob', job: id, reason: 'cancelled by the client' }), `cancellation of ${id}, seed ${seed},`)
    },
    job: id => lead.actor.job(id),
    async waitForJob (id, maxMs = DEFAULT_MAX_MS) {
      await until(() => ENDED.has(lead.actor.job(id)?.state ?? ''), maxMs, `end of job ${id}, seed ${seed},`)
      return lead.actor.job(id)!
    },
    output (id) {
      const { state, result, reason = '' } = lead.actor.job(id) ?? { state: 'unknown' }
      if (state !== 'succeeded' || result === undefined) throw new Error(`job ${id} has no output: it is ${state} ${reason}`)
      return files.list(result)!.map(({ cid }) => files.content(cid)!)
    },
    worker: name => workers.get(name).process.actor,
    crash: network.crash,
    restart: workers.restart,
    addMapper: () => workers.add('mapper'),
    addReducer: () => workers.add('reducer')
  }
}

function createWorkers (around: Surroundings, masters: string[]) {
  const workers = new Map<string, WorkerSlot>()
  const get = (name: string): WorkerSlot => {
    const worker = workers.get(name)
    if (worker === undefined) throw new Error(`no worker ${name}; there are ${[...workers.keys()].join(', ')}`)
    return worker
  }
  return {
    get,
    add (role: WorkerInit['role']): string {
      const name = `${role[0]!}${1 + [...workers.values()].filter(worker => worker.role === role).length}`
      workers.set(name, { role, runs: 1, process: startWorker(name, role, masters, 1, around) })
      return name
    },
    restart (name: string): void {
      const worker = get(name)
      worker.runs++
      worker.process = startWorker(name, worker.role, masters, worker.runs, around)
    }
  }
}

function pick<T, R extends object> (value: T | undefined, field: (value: T) => R): R | Record<string, never> {
  return value === undefined ? {} : field(value)
}
