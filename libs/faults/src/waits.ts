import type { Clock } from '@ipfs-mapreduce/actors'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'

/** Waits of one part of the process. They end with `ABORTED` when their signal is raised, or all when the part is closed. */
export class Waits {
  readonly #clock: Clock
  readonly #closing = new AbortController()

  constructor (clock: Clock) {
    this.#clock = clock
  }

  /** Resolves after `ms`; at once where that is 0. Infinity waits for the abort alone. */
  async wait (ms: number, signal?: AbortSignal): Promise<void> {
    const ended = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal])
    if (ended.aborted) throw aborted(ended)
    if (ms <= 0) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const onAbort = (): void => { reject(aborted(ended)) }
    ended.addEventListener('abort', onAbort)
    const timer = ms === Infinity ? undefined : this.#clock.setTimeout(() => { resolve() }, ms)
    try {
      await promise
    } finally {
      ended.removeEventListener('abort', onAbort)
      if (timer !== undefined) this.#clock.clearTimeout(timer)
    }
  }

  close (): void {
    this.#closing.abort(new Error('this part was closed'))
  }
}

function aborted ({ reason }: AbortSignal): MapReduceError {
  return new MapReduceError('ABORTED', `aborted in an injected delay: ${reason instanceof Error ? reason.message : String(reason)}`, { cause: reason })
}
