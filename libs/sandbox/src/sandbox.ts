import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { ExecuteOptions, Executor, ExecutorLoad, TaskResult, Work } from '@ipfs-mapreduce/mapreduce'
import { DEFAULT_IDLE_MS, DEFAULT_MAX_CALL_MS, DEFAULT_MAX_HEAP_MIB, DEFAULT_MAX_SCRATCH_BYTES, DESCRIBE_TIMEOUT_MS, LENT_WINDOW_BYTES } from './constants.ts'
import type { ProgramDescription } from './description.ts'
import { entryBeside } from './entry.ts'
import type { ExecutorEntry } from './entry.ts'
import { ExecutorPool } from './executor-pool.ts'
import type { Job } from './executor-pool.ts'
import type { SandboxLog } from './output-log.ts'
import { adoptOutputs } from './task-output.ts'
import { findWalls, withoutIsolate } from './walls.ts'
import type { Walls } from './walls.ts'

/** Where programs run, how many at once, and within which bounds. */
export interface SandboxInit {
  /** Where attempts have their temporary files. Made if it is not there; what killed processes left in it is removed. */
  scratchDir: string
  /** What an executor process runs; by default what lies beside this module. */
  entry?: ExecutorEntry
  /** Executor processes at once; attempts beyond wait for one. */
  slots: number
  log?: SandboxLog
  /** Heap and array buffers of each program, DEFAULT_MAX_HEAP_MIB by default. */
  maxHeapMiB?: number
  /** How long a program may go without asking for anything, DEFAULT_MAX_CALL_MS by default. */
  maxCallMs?: number
  /** Scratch files of each attempt, DEFAULT_MAX_SCRATCH_BYTES by default. */
  maxScratchBytes?: number
  /** How long an executor that has nothing to do is kept for the next attempt of its job, DEFAULT_IDLE_MS by default. */
  idleMs?: number
  /** Runs programs even where a wall is missing around them. Default: it does not. */
  allowUnwalled?: boolean
  /** What walls there are; by default those of this system. */
  walls?: Walls
}

export interface Sandbox extends Executor {
  /**
   * Loads a program in an executor and says what it is. Rejects with `FATAL` where it cannot be
   * loaded or is no program, and `TIMEOUT` after DESCRIBE_TIMEOUT_MS.
   */
  describe: (bundle: Uint8Array, options?: { signal?: AbortSignal }) => Promise<ProgramDescription>
  /**
   * Starts an executor, and keeps one ready from then on for the job that comes next. Says which walls this system
   * cannot enforce, and why; none, as a rule.
   */
  prepare: () => Promise<string[]>
  /** Executor processes now, and how many of them work. */
  load: () => ExecutorLoad
}

/**
 * The `Executor` that runs programs behind two walls. A program lives in a V8 isolate of its own, where it sees the
 * language and what the engine gives it, with bounds on its memory and time. The isolate lives in a process of its own
 * under Node's permission model: it reads its own code, its scratch directory and what it is lent, writes only in its scratch, starts nothing,
 * and has no environment. Attempts of one job share a process, one after the other, each in a fresh context.
 */
export function createSandbox (init: SandboxInit): Sandbox {
  return new WalledSandbox(init)
}

class WalledSandbox implements Sandbox {
  readonly readAheadBytes = LENT_WINDOW_BYTES
  readonly #pool: ExecutorPool
  readonly #allowUnwalled: boolean
  #walls: Walls
  #attempts = 0

  constructor ({
    scratchDir, slots, log, entry = entryBeside(import.meta.url), walls = findWalls(), allowUnwalled = false, idleMs = DEFAULT_IDLE_MS,
    maxHeapMiB = DEFAULT_MAX_HEAP_MIB, maxCallMs = DEFAULT_MAX_CALL_MS, maxScratchBytes = DEFAULT_MAX_SCRATCH_BYTES
  }: SandboxInit) {
    this.#walls = walls
    this.#allowUnwalled = allowUnwalled
    this.#pool = new ExecutorPool({ scratchDir, slots, log, entry, walls, idleMs, limits: { maxHeapMiB, maxCallMs, maxScratchBytes } })
  }

  async prepare (): Promise<string[]> {
    try {
      await this.#pool.keepSpare()
    } catch (error) {
      if (this.#walls.addon === undefined) throw error
      this.#walls = withoutIsolate(this.#walls, (error as Error).message)
      this.#pool.rewall(this.#walls)
    }
    return this.#walls.missing
  }

  async execute (work: Work, { program, job, read, lend, signal, onProgress }: ExecuteOptions): Promise<TaskResult> {
    this.#checkWalls()
    const name = `attempt-${++this.#attempts}`
    return await this.#pool.use({ bundle: program, job }, signal, async (executor, { root, stop }) => {
      const { outputs, counters, skipped } = await executor.run(work, name, { read, lend, onProgress })
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
    this.#checkWalls()
    const deadline = AbortSignal.timeout(DESCRIBE_TIMEOUT_MS)
    const describe: Job<ProgramDescription> = executor => executor.describe()
    try {
      return await this.#pool.use({ bundle, job: undefined }, signal === undefined ? deadline : AbortSignal.any([signal, deadline]), describe)
    } catch (error) {
      if (!deadline.aborted || signal?.aborted === true) throw error
      throw new MapReduceError('TIMEOUT', `the program did not load within ${DESCRIBE_TIMEOUT_MS / 1000} s`, { cause: error })
    }
  }

  load (): ExecutorLoad {
    return this.#pool.load()
  }

  close (): Promise<void> {
    return this.#pool.close()
  }

  #checkWalls (): void {
    const { missing } = this.#walls
    if (missing.length === 0 || this.#allowUnwalled) return
    throw new MapReduceError('TRANSIENT', `programs are refused here, because they cannot be given ${missing.join('; nor ')}; --allow-unwalled-programs runs them all the same`)
  }
}
