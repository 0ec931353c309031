/**
 * Watches what goes into a request. The RPC client (7.1.0) drops the error of a source that fails, and says that the request was
 * aborted, or even that it is done.
 */
export interface Watcher {
  /** The same items. */
  over: <T>(source: AsyncIterable<T> | Iterable<T>) => AsyncIterable<T>
  /** Throws what a source threw first. */
  check: () => void
}

export function watcher (): Watcher {
  let failure: { error: unknown } | undefined
  return {
    over: async function * (source) {
      try {
        yield * source
      } catch (error) {
        failure ??= { error }
        throw error
      }
    },
    check: () => { if (failure !== undefined) throw failure.error }
  }
}
