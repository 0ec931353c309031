import type { Log, Worker, WorkerComponents, WorkerInit } from '@ipfs-mapreduce/actors'
import type { Executor, ExecutorLoad } from '@ipfs-mapreduce/mapreduce'
import { LOCAL_MASTER } from './options.ts'
import { runService } from './run-service.ts'

export interface WorkerDefinition {
  role: Exclude<WorkerInit['role'], 'worker'>
  /** `mapper` or `reducer` of `@ipfs-mapreduce/actors`. */
  worker: (init: Omit<WorkerInit, 'role'>) => (components: WorkerComponents) => Worker
  /** The processes in which programs run. */
  executor: (parts: ExecutorParts) => WalledExecutor
}

export interface ExecutorParts {
  scratchDir: string
  slots: number
  log: Log
  allowUnwalled: boolean
  /** Heap and array buffers of each program; undefined leaves the executor's default. */
  maxHeapMiB: number | undefined
  /** Scratch files of each attempt; undefined leaves the executor's default. */
  maxScratchBytes: number | undefined
}

/** An executor that knows what it cannot hold programs back from. */
export interface WalledExecutor extends Executor {
  /** Gets ready for the first program. Says which walls this system cannot put around programs, and why. */
  prepare: () => Promise<string[]>
  /** How many processes there are, and how many attempts wait for one. */
  load: () => ExecutorLoad
}

/** Runs a mapper or a reducer as a service; they join the masters of `--bootstrap`, or else the local one. */
export async function runWorker ({ role, worker, executor }: WorkerDefinition): Promise<void> {
  await runService({
    role,
    create: ({ options, components, faults, observation, scratchDir, onClose }) => {
      const { cluster, slots, programs: { memoryBytes, scratchBytes }, bootstrap, allowUnwalled, acceptMasters } = options
      const { log } = components
      const sandbox = executor({ scratchDir, slots, log, allowUnwalled, maxScratchBytes: scratchBytes, maxHeapMiB: memoryBytes === undefined ? undefined : Math.floor(memoryBytes / 2 ** 20) })
      const programs = faults.executor(sandbox)
      let missing: string[] = []
      onClose('executor', () => programs.close())
      const masters = bootstrap.length > 0 ? bootstrap : [LOCAL_MASTER]
      const actor = worker({ cluster, slots, masters, ...acceptMasters !== undefined && { acceptMasters } })({ ...components, executor: programs })
      observation.read({ worker: actor, executors: () => sandbox.load() })
      return {
        start: async () => {
          log.info({ masters }, `looking for a master at ${masters.join(' and ')}`)
          // Beside the rest: a program that comes first waits for its executor and no longer.
          void prepare(sandbox, allowUnwalled, log).then(walls => { missing = walls })
          await actor.start()
        },
        drain: () => actor.drain(),
        stop: () => actor.stop(),
        waitsFor: () => {
          const { state } = actor.status()
          if (state !== 'ready') return `no master has welcomed it: it is ${state}`
          return missing.length > 0 && !allowUnwalled ? `programs are refused, because they cannot be given ${missing.join('; nor ')}` : undefined
        },
        remaining: () => attempts(actor.status().running)
      }
    }
  })
}

/** Says so where programs cannot be walled in, and which walls are missing. */
async function prepare (sandbox: WalledExecutor, allowUnwalled: boolean, log: Log): Promise<string[]> {
  try {
    const missing = await sandbox.prepare()
    for (const wall of missing) {
      log.warn({ wall }, `this system cannot give programs ${wall}; ${allowUnwalled ? 'they run all the same, and can do what this process can' : 'they are refused, unless --allow-unwalled-programs is given'}`)
    }
    return missing
  } catch (error) {
    log.warn({ err: error }, 'no executor could be started ahead of the first program')
    return []
  }
}

function attempts (left: number): string | undefined {
  if (left === 0) return undefined
  return left === 1 ? '1 attempt left' : `${left} attempts left`
}
