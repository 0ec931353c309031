import { availableParallelism } from 'node:os'
import { randomUUID } from 'node:crypto'
import { worker } from '@ipfs-mapreduce/actors'
import type { Log, Worker } from '@ipfs-mapreduce/actors'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { MAX_SLOTS } from '@ipfs-mapreduce/protocol'
import type { WorkerStatus } from '@ipfs-mapreduce/protocol'
import { createSandbox } from '@ipfs-mapreduce/sandbox'
import type { ExecutorEntry, Sandbox } from '@ipfs-mapreduce/sandbox'
import { clock } from './clock.ts'
import { unlessAborted } from './errors.ts'
import { withGoodbyes } from './goodbyes.ts'
import { silent } from './log.ts'
import type { HeliaNode, Membership } from './node.ts'
import { openScratch } from './scratch.ts'
import { takeSeat } from './seat.ts'

/** How a node works for others. */
export interface RegisterOptions extends Membership {
  /** Map attempts at once, and reduce attempts at once; from 1 to half of MAX_SLOTS, by default one for each processor. Each may have a process. */
  slots?: number
  /** Multiaddrs of masters to join, with or without `/p2p/PEER`. Masters that the node is connected to are found without. */
  masters?: readonly string[]
  /** Ids of the peers that may be its masters, and so have programs run here; every master of its cluster where absent. */
  acceptMasters?: readonly string[]
  /** A directory for temporary files of attempts; one of its own among the system's where absent. */
  scratchDir?: string
  /** Runs programs even where this system cannot put all walls around them. Default: it does not. */
  allowUnwalled?: boolean
  /** What executor processes run; by default what this package ships. A bundled application names its copy. */
  entry?: ExecutorEntry
  /** Structured log; pino's loggers fit. */
  log?: Log
}

/** A node that is mapper and reducer. */
export interface RegisteredNode extends AsyncDisposable {
  /** The node's peer id. */
  readonly peer: string
  /** State, slots, and what runs. */
  status: () => WorkerStatus
  /** The id of the first master that has welcomed the node, as soon as there is one. Rejects with `TIMEOUT` or `ABORTED` as the signal says. */
  ready: (options?: { signal?: AbortSignal }) => Promise<string>
  /** Takes no more attempts, finishes what jobs need of it, and stops. Rejects as the signal says, and goes on leaving then. */
  drain: (options?: { signal?: AbortSignal }) => Promise<void>
  /** Gives up what runs and stops. The Helia node goes on. */
  stop: () => Promise<void>
}

/**
 * Makes a Helia node a mapper and reducer: it joins masters, runs their programs behind walls over the blocks that the node holds,
 * and keeps what it makes in the node's own store until the job has ended. Jobs of the node's own, by `createMaster`, run on it too.
 *
 * Rejects with `BAD_INPUT` where the node is not started, has no gossipsub, is a worker already, takes part in another cluster or with others
 * already, or strangers could have programs run on it.
 */
export async function registerProtocol (helia: HeliaNode, options: RegisterOptions = {}): Promise<RegisteredNode> {
  const { log = silent, masters = [], acceptMasters, allowUnwalled = false, entry } = options
  const slots = slotsOf(options.slots)
  const opened: Array<() => Promise<void>> = []
  const close = async (): Promise<void> => { for (const one of opened.splice(0).reverse()) await one() }
  try {
    const seat = await takeSeat(helia, 'worker', options, log)
    opened.push(seat.leave)
    const scratch = await openScratch(options.scratchDir)
    opened.push(scratch.remove)
    const executor = createSandbox({ scratchDir: scratch.path, slots: 2 * slots, log, allowUnwalled, ...entry !== undefined && { entry } })
    opened.push(async () => { await executor.close() })
    const { network, goodbyesSaid } = withGoodbyes(seat.network)
    const actor = worker({ cluster: seat.cluster, slots, masters: [...masters], ...acceptMasters !== undefined && { acceptMasters } })({ network, files: seat.files, executor, clock, log, random: Math.random, newId: randomUUID })
    opened.push(async () => {
      await actor.stop()
      await goodbyesSaid()
    })
    const ready = Promise.withResolvers<string>()
    actor.onReady(ready.resolve)
    await actor.start()
    void warm(executor, allowUnwalled, log)
    return registered(actor, ready.promise, close)
  } catch (error) {
    await close()
    throw error
  }
}

/** The face of a worker whose parts `close` closes. */
function registered (actor: Worker, ready: Promise<string>, close: () => Promise<void>): RegisteredNode {
  let closing: Promise<void> | undefined
  const stop = async (): Promise<void> => await (closing ??= close())
  return {
    peer: actor.status().peer,
    status: () => actor.status(),
    ready: async ({ signal } = {}) => await unlessAborted(ready, signal, 'waiting for a master'),
    drain: async ({ signal } = {}) => { await unlessAborted(actor.drain().then(stop), signal, 'finishing what jobs need of this node') },
    stop,
    [Symbol.asyncDispose]: stop
  }
}

/** Half of a heartbeat's room is for each kind. */
function slotsOf (chosen: number | undefined): number {
  const most = MAX_SLOTS / 2
  const slots = chosen ?? Math.min(availableParallelism(), most)
  if (Number.isInteger(slots) && slots >= 1 && slots <= most) return slots
  throw new MapReduceError('BAD_INPUT', `slots is ${slots}, must be a whole number from 1 to ${most}`)
}

/** Starts a process ahead of the first program, and says which walls are missing here. */
async function warm (sandbox: Sandbox, allowUnwalled: boolean, log: Log): Promise<void> {
  try {
    for (const wall of await sandbox.prepare()) log.warn({ wall }, `this system cannot give programs ${wall}; ${allowUnwalled ? 'they run all the same, and can do what this process can' : 'they are refused, unless allowUnwalled is set'}`)
  } catch (error) {
    log.warn({ err: error }, 'no executor could be started ahead of the first program')
  }
}
