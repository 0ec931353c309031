import { MapReduceError } from './errors.ts'
import type { ReadContent } from './executor.ts'

/** Throws a `MapReduceError` `ABORTED` if the signal has been raised. */
export function throwIfAborted (signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortedError(signal)
}

export function abortedError (signal: AbortSignal): MapReduceError {
  const reason: unknown = signal.reason
  return new MapReduceError('ABORTED', `the attempt was aborted: ${reason instanceof Error ? reason.message : String(reason)}`, { cause: reason })
}

/** Settles as `work` does, or with `ABORTED` as soon as the signal is raised. */
export async function untilAborted<T> (work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work
  throwIfAborted(signal)
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(abortedError(signal))
  signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** Content that stops coming with `ABORTED` when the signal is raised, even if `read` hangs. `pause` comes after each chunk. */
export function abortableRead (read: ReadContent, signal: AbortSignal | undefined, pause?: () => Promise<void>): ReadContent {
  if (signal === undefined) return read
  return async function * (file, options) {
    const chunks = read(file, { signal, ...options })[Symbol.asyncIterator]()
    let ended = false
    try {
      for (;;) {
        const { value, done } = await untilAborted(chunks.next(), signal)
        ended = done === true
        if (ended) return
        yield value as Uint8Array
        await pause?.()
      }
    } finally {
      // Not awaited after an abort: a read that hangs would hang here too.
      if (!ended && !signal.aborted) await chunks.return?.()
    }
  }
}
