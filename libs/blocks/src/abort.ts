import { MapReduceError } from '@ipfs-mapreduce/mapreduce'

/** The error of an operation that its caller's signal ended: `TIMEOUT` where the signal was a timeout, else `ABORTED`. */
export function aborted (signal: AbortSignal | undefined, doing: string): MapReduceError {
  const reason: unknown = signal?.reason
  if (reason instanceof MapReduceError) return reason
  const timedOut = (reason as Error | undefined)?.name === 'TimeoutError'
  return new MapReduceError(timedOut ? 'TIMEOUT' : 'ABORTED', `${timedOut ? 'timed out' : 'aborted'} while ${doing}`, { cause: reason })
}
