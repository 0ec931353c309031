import type { Log, Worker, WorkerComponents, WorkerInit } from '@ipfs-mapreduce/actors'
import type { Executor } from '@ipfs-mapreduce/mapreduce'
import { LOCAL_MASTER } from './options.ts'
import { runService } from './run-service.ts'

export interface WorkerDefinition {
  role: WorkerInit['role']
  /** `mapper` or `reducer` of `@ipfs-mapreduce/actors`. */
  worker: (init: Omit<WorkerInit, 'role'>) => (components: WorkerComponents) => Worker
  /** The process in which programs run. */
  executor: (parts: { scratchDir: string, slots: number, log: Log }) => Executor
}

/** Runs a mapper or a reducer as a service; they join the masters of `--bootstrap`, or else the local one. */
export async function runWorker ({ role, worker, executor }: WorkerDefinition): Promise<void> {
  await runService({
    role,
    create: ({ options, components, faults, scratchDir, onClose }) => {
      const { cluster, slots, bootstrap } = options
      const { log } = components
      const programs = faults.executor(executor({ scratchDir, slots, log }))
      onClose('executor', () => programs.close())
      const masters = bootstrap.length > 0 ? bootstrap : [LOCAL_MASTER]
      const actor = worker({ cluster, slots, masters })({ ...components, executor: programs })
      return {
        start: async () => {
          log.info({ masters }, `looking for a master at ${masters.join(' and ')}`)
          await actor.start()
        },
        drain: () => actor.drain(),
        stop: () => actor.stop(),
        remaining: () => attempts(actor.status().running)
      }
    }
  })
}

function attempts (left: number): string | undefined {
  if (left === 0) return undefined
  return left === 1 ? '1 attempt left' : `${left} attempts left`
}
