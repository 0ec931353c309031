import { mapper, master, reducer, worker, type Clock, type Master, type MasterComponents, type MasterInit, type Worker, type WorkerComponents, type WorkerInit } from '@ipfs-mapreduce/actors'
import { inProcessExecutor, type Executor, type Files, type Journal, type Work } from '@ipfs-mapreduce/mapreduce'
import type { Network } from '@ipfs-mapreduce/protocol'
import type { Timing } from '@ipfs-mapreduce/state-machines'
import type { SimulatedClock } from '../clock.ts'
import type { VirtualFiles } from '../files/virtual-files.ts'
import { createLifetime, type Lifetime } from '../lifetime.ts'
import type { VirtualNetwork } from '../network/virtual-network.ts'
import type { SeededRandom } from '../prng.ts'
import { createLog, type LogLines } from './log.ts'
import { loadFrom, nameOf, type Programs } from './program-bundle.ts'
import { timedExecutor } from './timed-executor.ts'

/** What faults of its own a process's parts are made to suffer. */
export interface Affliction {
  network: (network: Network) => Network
  files: (files: Files) => Files
  executor: (executor: Executor) => Executor
  clock: (clock: Clock) => Clock
}

const SOUND: Affliction = { network: network => network, files: files => files, executor: executor => executor, clock: clock => clock }

/** What all processes of a cluster share. */
export interface Surroundings extends Pick<MasterInit, 'acceptClients'>, Pick<WorkerInit, 'acceptMasters'> {
  clock: SimulatedClock
  network: VirtualNetwork
  files: VirtualFiles
  random: SeededRandom
  programs: Programs
  /** In place of `programs`: those of one process, for programs that do something by chance. */
  programsOf?: (random: SeededRandom) => Programs
  lines: LogLines
  cluster: string
  slots: number
  timing: Partial<Timing>
  /** Virtual milliseconds that an attempt executes; Infinity for ever. */
  executeMs: (work: Work, random: SeededRandom, program: string) => number
  /** A process could not start. */
  onFailure: (error: unknown) => void
  /** The journal of a master's run; it outlives the run. */
  journal?: (name: string, lifetime: Lifetime) => Journal
  afflict?: (name: string, own: { lifetime: Lifetime, random: SeededRandom }) => Affliction | undefined
  inspect?: MasterComponents['inspect']
  /** Watches every master. */
  watch?: MasterComponents['watch']
  /** Where every master brings results. */
  keepResult?: MasterComponents['keepResult']
  /** A worker executes so many attempts now. */
  onExecuting?: (name: string, attempts: number) => void
}

/** One run of a service: an actor over virtual parts. */
export interface Process<A> {
  readonly actor: A
  readonly lifetime: Lifetime
}

/** `run` counts the runs of this peer: a restarted process draws other chances, and ids, than the one before. */
export function startMaster (name: string, around: Surroundings, run = 0): Process<Master> {
  const { components, lifetime } = equip(name, around, run)
  const journal = around.journal?.(name, lifetime)
  const actor = master({ cluster: around.cluster, timing: around.timing, ...around.acceptClients !== undefined && { acceptClients: around.acceptClients } })({ ...components, ...journal !== undefined && { journal }, ...around.watch !== undefined && { watch: around.watch }, ...around.keepResult !== undefined && { keepResult: around.keepResult } })
  actor.start().catch(around.onFailure)
  return { actor, lifetime }
}

export function startWorker (name: string, role: WorkerInit['role'], masters: string[], run: number, around: Surroundings): Process<Worker> {
  const { components, lifetime } = equip(name, around, run)
  const make = { mapper, reducer, worker }[role]
  const actor = make({ cluster: around.cluster, slots: around.slots, masters, timing: around.timing, ...around.acceptMasters !== undefined && { acceptMasters: around.acceptMasters } })(components)
  actor.start().catch(around.onFailure)
  return { actor, lifetime }
}

function equip (name: string, around: Surroundings, run: number): { components: WorkerComponents, lifetime: Lifetime } {
  const { clock, network, files, lines } = around
  const lifetime = createLifetime(clock, name)
  const own = around.random.fork(`${name} ${run}`)
  const suffering = around.afflict?.(name, { lifetime, random: own.fork('faults') }) ?? SOUND
  let ids = 0
  return {
    lifetime,
    components: {
      network: suffering.network(network.join(name, lifetime)),
      files: suffering.files(files.open(name, lifetime)),
      clock: suffering.clock(lifetime.clock),
      executor: counted(suffering.executor(executorOf(around, lifetime, own.fork('executor'))), attempts => { around.onExecuting?.(name, attempts) }),
      random: own.random,
      newId: () => `${name}-${run}-${++ids}`,
      log: createLog(name, clock, lines),
      ...around.inspect !== undefined && { inspect: around.inspect }
    }
  }
}

function executorOf ({ programs, programsOf, executeMs }: Surroundings, { clock }: Lifetime, random: SeededRandom): Executor {
  const load = loadFrom(programsOf?.(random.fork('programs')) ?? programs)
  return timedExecutor(inProcessExecutor({ load }), clock, (work, { program }) => executeMs(work, random, nameOf(program)))
}

function counted (inner: Executor, tell: (attempts: number) => void): Executor {
  let attempts = 0
  return {
    async execute (work, options) {
      tell(++attempts)
      try {
        return await inner.execute(work, options)
      } finally {
        tell(--attempts)
      }
    },
    close: async () => { await inner.close() }
  }
}
