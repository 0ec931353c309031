import { createClosers } from '@ipfs-mapreduce/service'
import type { Closers } from '@ipfs-mapreduce/service'
import type { RunContext } from './follow.ts'

/** What a command gives; the signal is made here. */
export type GivenContext = Omit<RunContext, 'signal' | 'masterStays'>

/** Runs what opens things, which are closed however it ends; what still runs by then is aborted. */
export async function withinScope<T> (given: Omit<RunContext, 'signal'>, work: (context: RunContext, closers: Closers) => Promise<T>): Promise<T> {
  const closers = createClosers(given.log)
  const scope = new AbortController()
  try {
    return await work({ ...given, signal: AbortSignal.any([given.interrupt.signal, scope.signal]) }, closers)
  } finally {
    scope.abort()
    await closers.close()
  }
}
