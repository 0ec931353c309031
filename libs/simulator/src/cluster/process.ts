import { mapper, master, reducer, type Components, type Master, type Worker } from '@ipfs-mapreduce/actors'
import { inProcessExecutor, type Work } from '@ipfs-mapreduce/mapreduce'
import type { Timing } from '@ipfs-mapreduce/state-machines'
import type { SimulatedClock } from '../clock.ts'
import type { VirtualFiles } from '../files/virtual-files.ts'
import { createLifetime, type Lifetime } from '../lifetime.ts'
import type { VirtualNetwork } from '../network/virtual-network.ts'
import type { SeededRandom } from '../prng.ts'
import { createLog, type LogLine } from './log.ts'
import { loadFrom, type Programs } from './program-bundle.ts'
import { timedExecutor } from './timed-executor.ts'

/** What all processes of a cluster share. */
export interface Surroundings {
  clock: SimulatedClock
  network: VirtualNetwork
  files: VirtualFiles
  random: SeededRandom
  programs: Programs
  lines: LogLine[]
  cluster: string
  slots: number
  timing: Partial<Timing>
  executeMs: (work: Work, random: SeededRandom) => number
  /** A process could not start. */
  onFailure: (error: unknown) => void
}

/** One run of a service: an actor over virtual parts. */
export interface Process<A> {
  readonly actor: A
  readonly lifetime: Lifetime
}

export function startMaster (name: string, around: Surroundings): Process<Master> {
  const { components, lifetime } = equip(name, around, 0)
  const actor = master({ cluster: around.cluster, timing: around.timing })(components)
  actor.start().catch(around.onFailure)
  return { actor, lifetime }
}

/** `run` counts the runs of this peer: a restarted process draws other chances than the one before. */
export function startWorker (name: string, role: 'mapper' | 'reducer', masters: string[], run: number, around: Surroundings): Process<Worker> {
  const { components, lifetime, random } = equip(name, around, run)
  const executor = timedExecutor(inProcessExecutor({ load: loadFrom(around.programs) }), lifetime.clock, work => around.executeMs(work, random))
  const make = role === 'mapper' ? mapper : reducer
  const actor = make({ cluster: around.cluster, slots: around.slots, masters, timing: around.timing })({ ...components, executor })
  actor.start().catch(around.onFailure)
  return { actor, lifetime }
}

function equip (name: string, { clock, network, files, random, lines }: Surroundings, run: number): { components: Components, lifetime: Lifetime, random: SeededRandom } {
  const lifetime = createLifetime(clock, name)
  const own = random.fork(`${name} ${run}`)
  let ids = 0
  const components: Components = {
    network: network.join(name, lifetime),
    files: files.open(name, lifetime),
    clock: lifetime.clock,
    random: own.random,
    newId: () => `${name}-${run}-${++ids}`,
    log: createLog(name, clock, lines)
  }
  return { components, lifetime, random: own.fork('executor') }
}
