import type { Clock } from '@ipfs-mapreduce/actors'
import { MapReduceError, type ExecuteOptions, type Executor, type Work } from '@ipfs-mapreduce/mapreduce'

/** Share of its time that an attempt still needs when all of its input has been handed to it. */
const REST_SHARE = 0.25

/**
 * An executor whose attempts take virtual time, so that a worker can die in the midst of one: they wait, then run, which
 * takes no time by itself, and wait again before they answer. One that takes for ever ends when it is aborted.
 */
export function timedExecutor (inner: Executor, clock: Clock, durationMs: (work: Work, options: ExecuteOptions) => number): Executor {
  return {
    async execute (work, options) {
      const ms = durationMs(work, options)
      const restMs = Math.floor(ms * REST_SHARE)
      await wait(clock, ms === Infinity ? ms : ms - restMs, options)
      const result = await inner.execute(work, options)
      try {
        if (restMs > 0) await wait(clock, restMs, options)
        return result
      } catch (error) {
        await result.release()
        throw error
      }
    },
    close: async () => { await inner.close() }
  }
}

async function wait (clock: Clock, ms: number, { signal }: ExecuteOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      clock.clearTimeout(timer)
      reject(new MapReduceError('ABORTED', 'the attempt was aborted while it executed'))
    }
    const timer = ms === Infinity ? undefined : clock.setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}
