import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { JobStatus } from '@ipfs-mapreduce/protocol'

/** A job that did not succeed. `code` is that of its failure; `ABORTED` where it was cancelled. */
export class JobError extends MapReduceError {
  override readonly name = 'JobError'
  /** What is known of the job at its end. */
  readonly status: JobStatus
  /** The program's own stack, where the program threw: in lines of its sources, as far as those still make the bundle that ran. */
  readonly programStack: string | undefined

  constructor (status: JobStatus, programStack = status.failure?.stack) {
    const { job, state, failure, reason } = status
    super(failure?.code ?? 'ABORTED', `job ${job} ${state === 'cancelled' ? 'was cancelled' : 'failed'}: ${failure?.message ?? reason ?? state}`)
    this.status = status
    this.programStack = programStack
  }
}

/** What a call that its caller's signal ended rejects with: `TIMEOUT` where the signal was a timeout, else `ABORTED`. */
export function abortedBy (signal: AbortSignal, doing: string): MapReduceError {
  const timedOut = (signal.reason as Error | undefined)?.name === 'TimeoutError'
  return new MapReduceError(timedOut ? 'TIMEOUT' : 'ABORTED', `${timedOut ? 'timed out' : 'aborted'} while ${doing}`, { cause: signal.reason })
}

/** What the wire refuses of a job, in words of its options. */
export function inOptions (error: unknown): unknown {
  const { code, message } = error as MapReduceError
  return code === 'BAD_INPUT' ? new MapReduceError(code, message.replace(/^Bad message: (?:spec\.)?/, 'the job cannot be submitted: '), { cause: error }) : error
}

/** The work, or the abort where that comes first; the work is told of it by the same signal, or is over soon. */
export async function unlessAborted<T> (work: Promise<T>, signal: AbortSignal | undefined, doing: string): Promise<T> {
  if (signal === undefined) return await work
  const abort = Promise.withResolvers<never>()
  const onAbort = (): void => { abort.reject(abortedBy(signal, doing)) }
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, abort.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
