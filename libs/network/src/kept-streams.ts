import type { Connection } from '@libp2p/interface'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { KEPT_STREAM_MS, KEPT_STREAMS_PER_PEER } from './constants.ts'
import type { Exchange } from './frame.ts'

interface Kept {
  exchange: Exchange
  idle: NodeJS.Timeout
}

/**
 * Streams that have no exchange now, for the next ones on their connection: to open a stream takes a round trip, and six times the
 * processor time of an exchange. The last that was kept is the first to be taken, so those that are too many end.
 */
export class KeptStreams {
  readonly #kept = new Map<Connection, Kept[]>()
  readonly #forMs: number
  #closed = false

  constructor (forMs = KEPT_STREAM_MS) {
    this.#forMs = forMs
  }

  /** One that its peer has not ended, as far as is known. */
  take (connection: Connection): Exchange | undefined {
    for (let kept = this.#kept.get(connection)?.at(-1); kept !== undefined; kept = this.#kept.get(connection)?.at(-1)) {
      this.#drop(connection, kept)
      if (kept.exchange.isOpen) return kept.exchange
      kept.exchange.abort(unused())
    }
    return undefined
  }

  /** Takes a stream whose exchange is over; ends it where enough are kept, and when nobody has taken it for a while. */
  keep (connection: Connection, exchange: Exchange): void {
    const others = this.#kept.get(connection) ?? []
    if (this.#closed || others.length >= KEPT_STREAMS_PER_PEER) {
      this.#end(exchange)
      return
    }
    const kept: Kept = { exchange, idle: setTimeout(() => { this.#drop(connection, kept); this.#end(exchange) }, this.#forMs) }
    kept.idle.unref()
    others.push(kept)
    this.#kept.set(connection, others)
  }

  close (): void {
    this.#closed = true
    for (const [connection, all] of this.#kept) {
      for (const kept of [...all]) {
        this.#drop(connection, kept)
        kept.exchange.abort(unused())
      }
    }
  }

  #drop (connection: Connection, kept: Kept): void {
    clearTimeout(kept.idle)
    const left = this.#kept.get(connection)!.filter(one => one !== kept)
    if (left.length === 0) this.#kept.delete(connection)
    else this.#kept.set(connection, left)
  }

  /** Its peer reads the end, and ends its own side. */
  #end (exchange: Exchange): void {
    exchange.end(AbortSignal.timeout(this.#forMs)).catch(() => { exchange.abort(unused()) })
  }
}

function unused (): MapReduceError {
  return new MapReduceError('ABORTED', 'the stream is not used any more')
}
