import type { Master, Worker } from '@ipfs-mapreduce/actors'
import type { Network } from '@ipfs-mapreduce/protocol'
import { createClock, type SimulatedClock } from '../clock.ts'
import { startMaster, startWorker, type Process, type Surroundings } from '../cluster/process.ts'
import { SHIPPED } from '../cluster/program-bundle.ts'
import { createVirtualFiles, type VirtualFiles } from '../files/virtual-files.ts'
import { createVirtualJournals, type VirtualJournals } from '../journal/virtual-journals.ts'
import { createLifetime, type Lifetime } from '../lifetime.ts'
import { createVirtualNetwork, type VirtualNetwork } from '../network/virtual-network.ts'
import type { SeededRandom } from '../prng.ts'
import { simulatedPrograms } from '../programs/simulated.ts'
import type { Occurrence } from './occurrence.ts'
import { mastersOf, type ClusterShape } from './shape.ts'

export type PeerRole = 'master' | 'mapper' | 'reducer' | 'client'

export interface WorldInit extends Pick<Surroundings, 'afflict' | 'inspect'> {
  /** All chance of the world comes from it. */
  random: SeededRandom
  shape: ClusterShape
  clock?: SimulatedClock
}

/** A cluster in virtual time that can be looked at from all sides: real actors over virtual parts. */
export interface World {
  readonly clock: SimulatedClock
  readonly network: VirtualNetwork
  readonly files: VirtualFiles
  readonly journals: VirtualJournals
  /** All peers, in the order in which they started first. */
  readonly names: readonly string[]
  role: (name: string) => PeerRole
  /** Whether its process runs. */
  up: (name: string) => boolean
  /** The actor of a process that runs. */
  master: (name: string) => Master | undefined
  worker: (name: string) => Worker | undefined
  /** The port of the client while it runs, and the run of its process. */
  client: () => { port: Network, lifetime: Lifetime } | undefined
  /** Ends a process as `kill -9` does; one that does not run stays as it is. */
  crash: (name: string) => void
  /** Starts a process that does not run, on the disk and journal that it left. */
  start: (name: string) => void
  /** Lets a worker finish what it has and leave; it stays down then. */
  drain: (name: string) => void
  /** Stops a worker or master, as a service ends at a second signal; it stays down then. */
  stop: (name: string) => void
  /** Everything that happens, as it happens. Returns how to stop listening. */
  watch: (listener: (occurrence: Occurrence) => void) => () => void
  /** Tells the listeners of what somebody did to this world. */
  tell: (occurrence: Occurrence) => void
  /** What no process should have thrown. */
  readonly failures: readonly unknown[]
}

export const CLUSTER = 'simulated'
export const CLIENT = 'client'

interface Station {
  role: PeerRole
  runs: number
  lifetime?: Lifetime
  master?: Process<Master>
  worker?: Process<Worker>
  port?: Network
}

/** Starts masters `master`, `master2` … (the spares come last, and are down at first), mappers `m1` …, reducers `r1` … and a client. Time stands still yet. */
export function createWorld ({ random, shape, clock = createClock(), ...init }: WorldInit): World {
  const { masters, mappers, reducers, slots, timing, latencyMs, diskMs, executeMs } = shape
  const network = createVirtualNetwork({ clock, random: random.fork('network'), latencyMs })
  const files = createVirtualFiles({ clock, network, diskMs })
  const journals = createVirtualJournals({ clock, random: random.fork('journals'), diskMs })
  const listeners: Array<(occurrence: Occurrence) => void> = []
  const failures: unknown[] = []
  const tell = (occurrence: Occurrence): void => { for (const listener of listeners) listener(occurrence) }
  const around: Surroundings = {
    clock, network, files, random, slots, timing, cluster: CLUSTER,
    programs: SHIPPED,
    programsOf: simulatedPrograms,
    executeMs: (_, own, program) => program === 'endless' && own.chance(shape.endless) ? Infinity : executeMs.min + own.int(executeMs.max - executeMs.min + 1),
    lines: { push: line => { tell({ type: 'log', line }) } },
    onFailure: error => { failures.push(error) },
    onExecuting: (name, attempts) => { tell({ type: 'executing', peer: name, attempts }) },
    ...shape.journaled && { journal: journals.open },
    ...init.inspect !== undefined && { inspect: init.inspect },
    ...init.afflict !== undefined && { afflict: init.afflict }
  }
  const stations = new Map<string, Station>()
  const station = (name: string): Station => {
    const found = stations.get(name)
    if (found === undefined) throw new Error(`no peer ${name} in this world; there are ${[...stations.keys()].join(', ')}`)
    return found
  }
  const up = (name: string): boolean => station(name).lifetime?.alive() === true && network.present(name)
  const masterNames = mastersOf(shape)

  const addressOf = (master: string): string => shape.named ? network.address(master) : network.address(master).replace(`/p2p/${master}`, '')

  const start = (name: string): void => {
    const peer = station(name)
    if (up(name)) return
    const run = peer.runs++
    if (peer.role === 'master') peer.master = startMaster(name, around, run)
    else if (peer.role === 'client') peer.port = network.join(name, peer.lifetime = createLifetime(clock, name))
    else peer.worker = startWorker(name, peer.role, masterNames.map(addressOf), run, around)
    peer.lifetime = (peer.master ?? peer.worker)?.lifetime ?? peer.lifetime!
    peer.lifetime.onEnd(() => { tell({ type: 'ended', peer: name }) })
    tell({ type: 'started', peer: name, run })
  }

  network.onDelivery(delivery => { tell({ type: 'delivery', delivery }) })
  // The first of the interceptors sees everything as it is sent, and judges nothing.
  network.intercept(consignment => {
    tell({ type: 'sent', consignment })
    return undefined
  })
  files.onDropped((peer, cid) => { tell({ type: 'dropped', peer, cid }) })

  const leave = <A> (process: Process<A> | undefined, go: (actor: A) => Promise<void>): void => {
    if (process?.lifetime.alive() !== true) return
    go(process.actor).then(() => { process.lifetime.end() }, (error: unknown) => { failures.push(error) })
  }

  const found = (names: string[], role: PeerRole): void => {
    for (const name of names) {
      stations.set(name, { role, runs: 0 })
      start(name)
    }
  }
  found(masterNames, 'master')
  for (const name of masterNames.slice(masters)) station(name).lifetime?.end()
  found(Array.from({ length: mappers }, (_, i) => `m${i + 1}`), 'mapper')
  found(Array.from({ length: reducers }, (_, i) => `r${i + 1}`), 'reducer')
  found([CLIENT], 'client')

  return {
    clock, network, files, journals, failures, tell, up, start,
    names: [...stations.keys()],
    role: name => station(name).role,
    master: name => up(name) ? station(name).master?.actor : undefined,
    worker: name => up(name) ? station(name).worker?.actor : undefined,
    client () {
      const { port, lifetime } = station(CLIENT)
      return up(CLIENT) && port !== undefined && lifetime !== undefined ? { port, lifetime } : undefined
    },
    crash (name) { station(name).lifetime?.end() },
    drain (name) { leave(station(name).worker, worker => worker.drain()) },
    stop (name) {
      leave(station(name).worker, worker => worker.stop())
      leave(station(name).master, master => master.stop())
    },
    watch (listener) {
      listeners.push(listener)
      return () => { listeners.splice(listeners.indexOf(listener), 1) }
    }
  }
}
