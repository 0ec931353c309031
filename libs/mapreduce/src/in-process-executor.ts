import { throwIfAborted, untilAborted } from './abort.ts'
import { checkProgram } from './define-program.ts'
import { MapReduceError } from './errors.ts'
import type { ExecuteOptions, Executor, TaskResult } from './executor.ts'
import type { Work } from './job.ts'
import { runMapTask } from './map-task.ts'
import type { TaskOptions } from './map-task.ts'
import type { Program } from './program.ts'
import { runReduceTask } from './reduce-task.ts'
import { memoryScratch } from './scratch-memory.ts'
import type { Scratch } from './scratch.ts'
import { taskResult } from './task-output.ts'

/** How programs are loaded, and where their temporary files are. */
export interface InProcessInit {
  /** Makes a program of its bundle; whether it is one is checked. */
  load: (bundle: Uint8Array) => Promise<unknown>
  /** One for each attempt. Default: memory. */
  scratch?: () => Scratch
  /** Lets the event loop turn between steps. Default: only where content is waited for. */
  pause?: () => Promise<void>
}

/**
 * Runs programs in the process that asks, for tests and simulation: nothing stands between a program and the rest
 * of the process, and its loops hold up the event loop.
 */
export function inProcessExecutor ({ load, scratch = memoryScratch, pause }: InProcessInit): Executor {
  const closing = new AbortController()

  async function execute (work: Work, { program: bundle, read, signal: asked, onProgress }: ExecuteOptions): Promise<TaskResult> {
    const signal = AbortSignal.any([asked, closing.signal])
    throwIfAborted(signal)
    const program = await untilAborted(loadProgram(load, bundle), signal)
    const options: TaskOptions = { program, read, signal, onProgress, pause, scratch: scratch() }
    return taskResult(work.kind === 'map' ? await runMapTask(work, options) : await runReduceTask(work, options))
  }

  return {
    execute,
    close: async () => closing.abort(new MapReduceError('ABORTED', 'the executor was closed'))
  }
}

/**
 * A checked program. Rejects with a `MapReduceError` `FATAL` that says why a bundle is none: no attempt can
 * succeed with it.
 */
export async function loadProgram (load: (bundle: Uint8Array) => Promise<unknown>, bundle: Uint8Array): Promise<Program> {
  try {
    const program: unknown = await load(bundle)
    checkProgram(program)
    return program
  } catch (cause) {
    throw new MapReduceError('FATAL', `the program cannot be loaded: ${String(cause)}`, { cause })
  }
}
