import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { ExecuteOptions, Executor, TaskResult, Work } from '@ipfs-mapreduce/mapreduce'
import { DEFAULT_IDLE_MS, DEFAULT_MAX_HEAP_MIB, DESCRIBE_TIMEOUT_MS } from './constants.ts'
import type { ProgramDescription } from './description.ts'
import { entryBeside } from './entry.ts'
import type { ExecutorEntry } from './entry.ts'
import { ExecutorPool } from './executor-pool.ts'
import type { Job } from './executor-pool.ts'
import type { SandboxLog } from './output-log.ts'
import { adoptOutputs } from './task-output.ts'

export interface SandboxInit {
  /** Where attempts have their temporary files. Made if it is not there; what killed processes left in it is removed. */
  scratchDir: string
  /** What an executor process runs; by default what lies beside this module. */
  entry?: ExecutorEntry
  /** Executor processes at once; attempts beyond wait for one. */
  slots: number
  log?: SandboxLog
  /** V8 heap of each executor, DEFAULT_MAX_HEAP_MIB by default. */
  maxHeapMiB?: number
  /** How long an executor that has nothing to do is kept for the next attempt, DEFAULT_IDLE_MS by default. */
  idleMs?: number
}

export interface Sandbox extends Executor {
  /**
   * Loads a program in an executor and says what it is. Rejects with `FATAL` where it cannot be
   * loaded or is no program, and `TIMEOUT` after DESCRIBE_TIMEOUT_MS.
   */
  describe: (bundle: Uint8Array, options?: { signal?: AbortSignal }) => Promise<ProgramDescription>
}

/**
 * The `Executor` that runs programs in processes of their own, under Node's permission model: an executor reads
 * its own code and its scratch directory, writes only there, starts nothing, and has an empty environment.
 * Not held yet: network connections, signals to processes of the same user, and memory outside of the V8 heap.
 */
export function createSandbox (init: SandboxInit): Sandbox {
  return new ProcessSandbox(init)
}

class ProcessSandbox implements Sandbox {
  readonly #pool: ExecutorPool
  #attempts = 0

  constructor ({ scratchDir, slots, log, entry = entryBeside(import.meta.url), maxHeapMiB = DEFAULT_MAX_HEAP_MIB, idleMs = DEFAULT_IDLE_MS }: SandboxInit) {
    this.#pool = new ExecutorPool({ scratchDir, slots, log, entry, maxHeapMiB, idleMs })
  }

  execute (work: Work, { program, read, signal, onProgress }: ExecuteOptions): Promise<TaskResult> {
    const name = `attempt-${++this.#attempts}`
    return this.#pool.use(program, signal, async (executor, { root, stop }) => {
      await executor.load()
      const { outputs, counters, skipped } = await executor.run(work, name, { read, onProgress })
      const to = join(root, name)
      try {
        const result = await adoptOutputs(work, { from: join(executor.directory, name), to, outputs, counters, skipped })
        stop.throwIfAborted()
        return result
      } catch (error) {
        await rm(to, { recursive: true, force: true })
        throw error
      }
    })
  }

  async describe (bundle: Uint8Array, { signal }: { signal?: AbortSignal } = {}): Promise<ProgramDescription> {
    const deadline = AbortSignal.timeout(DESCRIBE_TIMEOUT_MS)
    const load: Job<ProgramDescription> = executor => executor.load()
    try {
      return await this.#pool.use(bundle, signal === undefined ? deadline : AbortSignal.any([signal, deadline]), load)
    } catch (error) {
      if (!deadline.aborted || signal?.aborted === true) throw error
      throw new MapReduceError('TIMEOUT', `the program did not load within ${DESCRIBE_TIMEOUT_MS / 1000} s`, { cause: error })
    }
  }

  close (): Promise<void> {
    return this.#pool.close()
  }
}
