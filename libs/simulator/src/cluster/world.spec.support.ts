import type { Master, Worker } from '@ipfs-mapreduce/actors'
import type { Work } from '@ipfs-mapreduce/mapreduce'
import type { Network } from '@ipfs-mapreduce/protocol'
import type { Timing } from '@ipfs-mapreduce/state-machines'
import { createClock } from '../clock.ts'
import { createVirtualFiles } from '../files/virtual-files.ts'
import { createVirtualNetwork } from '../network/virtual-network.ts'
import { createRandom, type SeededRandom } from '../prng.ts'
import { submitJob, type InputFiles, type SubmitOptions } from './client.ts'
import type { LogLine } from './log.ts'
import { startMaster, startWorker, type Process, type Surroundings } from './process.ts'
import { SHIPPED, type Programs } from './program-bundle.ts'

/** No attempt is slow enough for a backup. */
export const NO_BACKUPS = { backupMs: 100_000_000 }

/** A minute of virtual time is more than any step takes that a test waits for. */
const STEP_MAX_MS = 60_000

export interface WorldInit {
  seed: number | string
  slots?: number
  diskMs?: number
  programs?: Programs
  timing?: Partial<Timing>
  executeMs?: (work: Work, random: SeededRandom) => number
}

/** Like `createCluster`, with any number of masters, each of which can be started again. */
export function createWorld ({ seed, slots = 1, diskMs, programs = {}, timing = {}, executeMs = () => 100 }: WorldInit) {
  const random = createRandom(seed)
  const clock = createClock()
  const network = createVirtualNetwork({ clock, random: random.fork('network') })
  const files = createVirtualFiles({ clock, network, ...diskMs !== undefined && { diskMs } })
  const lines: LogLine[] = []
  const around: Surroundings = { clock, network, files, random, slots, programs: { ...SHIPPED, ...programs }, lines, cluster: 'simulated', timing, executeMs, onFailure: error => { throw error } }
  const masters = new Map<string, Process<Master>>()
  const workers = new Map<string, { process: Process<Worker>, run: number }>()
  let client: Network | undefined
  let submissions = 0
  const settled = async <T>(promise: Promise<T>): Promise<T> => {
    let done = false
    promise.then(() => { done = true }, () => { done = true })
    await clock.runUntil(() => done, STEP_MAX_MS, 'request')
    return await promise
  }
  return {
    random: random.fork('faults'), clock, network, files, around, lines, settled,
    /** Also starts one anew after a crash: newId would repeat, so give the surroundings another seed. */
    master (name: string, more: Partial<Surroundings> = {}): Master {
      masters.set(name, startMaster(name, { ...around, ...more }))
      client ??= network.join('client')
      return masters.get(name)!.actor
    },
    worker (name: string, of: string[], more: Partial<Surroundings> & { addresses?: string[] } = {}): Worker {
      const run = (workers.get(name)?.run ?? 0) + 1
      workers.set(name, { run, process: startWorker(name, name.startsWith('m') ? 'mapper' : 'reducer', more.addresses ?? of.map(network.address), run, { ...around, ...more }) })
      return workers.get(name)!.process.actor
    },
    get: (name: string) => workers.get(name)!.process.actor,
    lead: (name: string) => masters.get(name)!.actor,
    client: () => client!,
    /** Runs until the first attempt that a worker has is in a state. */
    async attempting (name: string, state: string): Promise<void> {
      await clock.runUntil(() => workers.get(name)!.process.actor.status().attempts[0]?.state === state, STEP_MAX_MS, `${name} ${state}`)
    },
    async submit (master: string, program: string, input: InputFiles, options: SubmitOptions = {}): Promise<string> {
      return await settled(submitJob({ name: 'client', port: client!, master: network.address(master), cluster: 'simulated', network, files, programs: around.programs, newId: () => `client-${++submissions}` }, program, input, options))
    },
    async ended (master: string, id: string, maxMs = 600_000) {
      await clock.runUntil(() => ['succeeded', 'failed', 'cancelled'].includes(masters.get(master)!.actor.job(id)?.state ?? ''), maxMs, `end of ${id}`)
      return masters.get(master)!.actor.job(id)!
    }
  }
}

export type World = ReturnType<typeof createWorld>

/** Runs until all maps of a job have committed. */
export async function allMapped ({ clock, lead }: Pick<World, 'clock' | 'lead'>, job: string, master = 'master'): Promise<void> {
  await clock.runUntil(() => {
    const maps = lead(master).job(job)?.maps
    return maps !== undefined && maps.total > 0 && maps.committed === maps.total
  }, 600_000, 'all maps have committed')
}
