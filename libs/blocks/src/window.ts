import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { WINDOW_BLOCKS, WINDOW_BYTES } from './constants.ts'

/** Why work is stopped; made once, because an abort without a reason makes a DOMException with its stack. */
const STOPPED = new MapReduceError('ABORTED', 'nobody waits for it any more')

/**
 * Starts `work` for the items of a source ahead of the consumer and yields the results in the items' order. At most
 * WINDOW_BYTES (by `weigh`; one item may exceed it alone) and WINDOW_BLOCKS are started and not consumed. When the
 * consumer stops, or a piece of work fails, the signal given to the others is aborted.
 */
export async function * inOrder <T, R> (source: AsyncIterable<T> | Iterable<T>, weigh: (item: T) => number, work: (item: T, stopped: AbortSignal) => Promise<R>): AsyncGenerator<R, void, undefined> {
  const started: Array<{ result: Promise<R>, weight: number }> = []
  const stop = new AbortController()
  let weight = 0
  try {
    for await (const item of source) {
      const next = weigh(item)
      while (started.length > 0 && (weight + next > WINDOW_BYTES || started.length >= WINDOW_BLOCKS)) {
        const first = started.shift()!
        weight -= first.weight
        yield await first.result
      }
      const result = work(item, stop.signal)
      // A failure is met in its turn; until then nobody awaits it.
      result.catch(() => {})
      started.push({ result, weight: next })
      weight += next
    }
    for (const { result } of started) yield await result
  } finally {
    stop.abort(STOPPED)
  }
}
