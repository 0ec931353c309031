import { MapReduceError } from '@ipfs-mapreduce/mapreduce'

/** What an exchange with a peer may take. Its signal's reason is the `MapReduceError` to end with. */
export class Deadline {
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout
  readonly #outer: AbortSignal | undefined
  readonly #onOuterAbort: () => void

  /** `late` is thrown after `ms`; `ABORTED` when the outer signal aborts first. */
  constructor (ms: number, late: () => MapReduceError, outer?: AbortSignal) {
    this.#timer = setTimeout(() => { this.end(late()) }, ms)
    this.#outer = outer
    this.#onOuterAbort = () => { this.end(new MapReduceError('ABORTED', 'The caller gave up', { cause: outer?.reason })) }
    outer?.addEventListener('abort', this.#onOuterAbort)
    if (outer?.aborted === true) { this.#onOuterAbort() }
  }

  get signal (): AbortSignal {
    return this.#controller.signal
  }

  /** Ends it before its time. */
  end (reason: MapReduceError): void {
    this.#controller.abort(reason)
  }

  /** The promise's outcome, unless the deadline comes first. */
  async race<T> (promise: Promise<T>): Promise<T> {
    let onAbort = (): void => {}
    const ended = new Promise<never>((_resolve, reject) => {
      onAbort = () => { reject(this.signal.reason as MapReduceError) }
      this.signal.addEventListener('abort', onAbort)
      if (this.signal.aborted) { onAbort() }
    })
    try {
      return await Promise.race([promise, ended])
    } finally {
      this.signal.removeEventListener('abort', onAbort)
    }
  }

  /** Frees the timer and the listener; to be called when the exchange is over. */
  clear (): void {
    clearTimeout(this.#timer)
    this.#outer?.removeEventListener('abort', this.#onOuterAbort)
  }
}
