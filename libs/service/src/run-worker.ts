import type { Log, Worker, WorkerComponents, WorkerInit } from '@ipfs-mapreduce/actors'
import type { Executor } from '@ipfs-mapreduce/mapreduce'
import { LOCAL_MASTER } from './options.ts'
import { runService } from './run-service.ts'

export interface WorkerDefinition {
  role: WorkerInit['role']
  /** `mapper` or `reducer` of `@ipfs-mapreduce/actors`. */
  worker: (init: Omit<WorkerInit, 'role'>) => (components: WorkerComponents) => Worker
  /** The processes in which programs run. */
  executor: (parts: { scratchDir: string, slots: number, log: Log, allowUnwalled: boolean }) => WalledExecutor
}

/** An executor that knows what it cannot hold programs back from. */
export interface WalledExecutor extends Executor {
  /** Gets ready for the first program. Says which walls this system cannot put around programs, and why. */
  prepare: () => Promise<string[]>
}

/** Runs a mapper or a reducer as a service; they join the masters of `--bootstrap`, or else the local one. */
export async function runWorker ({ role, worker, executor }: WorkerDefinition): Promise<void> {
  await runService({
    role,
    create: ({ options, components, faults, scratchDir, onClose }) => {
      const { cluster, slots, bootstrap, allowUnwalled, acceptMasters } = options
      const { log } = components
      const sandbox = executor({ scratchDir, slots, log, allowUnwalled })
      const programs = faults.executor(sandbox)
      onClose('executor', () => programs.close())
      const masters = bootstrap.length > 0 ? bootstrap : [LOCAL_MASTER]
      const actor = worker({ cluster, slots, masters, ...acceptMasters !== undefined && { acceptMasters } })({ ...components, executor: programs })
      return {
        start: async () => {
          log.info({ masters }, `looking for a master at ${masters.join(' and ')}`)
          // Beside the rest: a program that comes first waits for its executor and no longer.
          void prepare(sandbox, options.allowUnwalled, log)
          await actor.start()
        },
        drain: () => actor.drain(),
        stop: () => actor.stop(),
        remaining: () => attempts(actor.status().running)
      }
    }
  })
}

/** Says so where programs cannot be walled in. */
async function prepare (sandbox: WalledExecutor, allowUnwalled: boolean, log: Log): Promise<void> {
  try {
    for (const wall of await sandbox.prepare()) {
      log.warn({ wall }, `this system cannot give programs ${wall}; ${allowUnwalled ? 'they run all the same, and can do what this process can' : 'they are refused, unless --allow-unwalled-programs is given'}`)
    }
  } catch (error) {
    log.warn({ err: error }, 'no executor could be started ahead of the first program')
  }
}

function attempts (left: number): string | undefined {
  if (left === 0) return undefined
  return left === 1 ? '1 attempt left' : `${left} attempts left`
}
