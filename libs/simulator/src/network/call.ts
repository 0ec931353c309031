import { MapReduceError, type ErrorCode } from '@ipfs-mapreduce/mapreduce'
import type { Clock } from '@ipfs-mapreduce/actors'

/** Who calls: its clock, and its calls that have not ended. */
export interface Caller {
  readonly lifetime: { readonly clock: Clock }
  readonly calls: Set<Call>
}

/** A request or a dial that has not ended yet. */
export interface Call<T = unknown> {
  readonly to: string
  readonly promise: Promise<T>
  pending: () => boolean
  resolve: (value: T) => void
  reject: (error: Error) => void
  /** Rejects with a code, saying what was called and why it failed. */
  fail: (code: ErrorCode, why: string) => void
}

/** Opens a call of a peer that ends in `timeoutMs` at the latest, and at once when its signal aborts. */
export function openCall<T> (self: Caller, { to, what, timeoutMs, signal }: { to: string, what: string, timeoutMs: number, signal?: AbortSignal | undefined }): Call<T> {
  const { clock } = self.lifetime
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const timer = clock.setTimeout(() => { call.fail('UNREACHABLE', `no answer within ${timeoutMs} ms`) }, timeoutMs)
  const onAbort = (): void => { call.fail('ABORTED', 'aborted by the caller') }

  const end = (settle: () => void): void => {
    if (!self.calls.delete(call as Call)) return
    clock.clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
    settle()
  }
  const call: Call<T> = {
    to,
    promise,
    pending: () => self.calls.has(call as Call),
    resolve: value => { end(() => { resolve(value) }) },
    reject: error => { end(() => { reject(error) }) },
    fail: (code, why) => { call.reject(new MapReduceError(code, `${what} ${to}: ${why}`)) }
  }
  self.calls.add(call as Call)
  if (signal?.aborted === true) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })
  return call
}
