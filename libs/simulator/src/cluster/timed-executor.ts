import type { Clock } from '@ipfs-mapreduce/actors'
import { MapReduceError, type ExecuteOptions, type Executor, type Work } from '@ipfs-mapreduce/mapreduce'

/**
 * An executor whose attempts take virtual time, so that a worker can die in the midst of one: they wait first, then
 * run. What runs takes no time by itself. One that takes for ever ends when it is aborted.
 */
export function timedExecutor (inner: Executor, clock: Clock, durationMs: (work: Work, options: ExecuteOptions) => number): Executor {
  return {
    async execute (work, options) {
      await wait(clock, durationMs(work, options), options)
      return await inner.execute(work, options)
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
