import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { RangeOptions, ReadContent, Work } from '@ipfs-mapreduce/mapreduce'
import type { Channel } from './channel.ts'
import { DATA_FRAME_BYTES, MAX_OPEN_READS, READ_WINDOW_BYTES } from './constants.ts'
import { asMapReduceError } from './failure.ts'
import type { ToChild } from './messages.ts'

/** A read that is being served: what was sent and not yet taken, and how to go on when some was. */
interface ServedRead {
  readonly stop: AbortController
  untakenBytes: number
  resume: () => void
}

/** The content that a work's attempt may read: its splits' files, or its runs. */
function contentOf (work: Work): Set<string> {
  return new Set(work.kind === 'map' ? work.splits.map(split => split.cid) : work.runs.map(run => run.cid))
}

/**
 * The sandbox's half of reading: streams what one attempt asks for, at most a window ahead of it.
 * An attempt reads its own work's content and nothing else.
 */
export class ServedReads {
  readonly #channel: Channel
  readonly #read: ReadContent
  readonly #allowed: Set<string>
  readonly #reads = new Map<number, ServedRead>()
  #failure: MapReduceError | undefined

  constructor (channel: Channel, work: Work, read: ReadContent) {
    this.#channel = channel
    this.#read = read
    this.#allowed = contentOf(work)
  }

  /** The error of the first read that failed, as the reader threw it: the executor knows only its text. */
  get failure (): MapReduceError | undefined {
    return this.#failure
  }

  /** Begins a read. Throws where the executor asks for too many, or twice by one number. */
  start (id: number, file: string, range: RangeOptions): void {
    if (this.#reads.size >= MAX_OPEN_READS) throw new RangeError(`the executor opened more than ${MAX_OPEN_READS} reads`)
    if (this.#reads.has(id)) throw new RangeError('the executor opened a read twice')
    const served: ServedRead = { stop: new AbortController(), untakenBytes: 0, resume: () => {} }
    this.#reads.set(id, served)
    // `#serve` tells the executor how the read ended, failures included; it does not reject.
    void this.#serve(id, served, file, range)
  }

  /** The executor has taken bytes of a read. Throws where it says more than it was sent. */
  taken (id: number, bytes: number): void {
    const served = this.#reads.get(id)
    if (served === undefined) return
    if (bytes > served.untakenBytes) throw new RangeError('the executor took more than it was sent')
    served.untakenBytes -= bytes
    served.resume()
  }

  /** Stops a read that the executor gave up. */
  stop (id: number): void {
    const served = this.#reads.get(id)
    served?.stop.abort()
    served?.resume()
  }

  stopAll (): void {
    for (const id of this.#reads.keys()) this.stop(id)
  }

  async #serve (id: number, served: ServedRead, file: string, range: RangeOptions): Promise<void> {
    let last: ToChild = { type: 'readEnd', id }
    try {
      if (!this.#allowed.has(file)) throw new MapReduceError('FATAL', `${file} is no input of this attempt`)
      await this.#stream(id, served, file, range)
    } catch (error) {
      const failure = asMapReduceError(error, `reading ${file} failed`)
      if (!served.stop.signal.aborted) this.#failure ??= failure
      last = { type: 'readFailed', id, failure: { code: failure.code, message: failure.message } }
    }
    this.#reads.delete(id)
    if (!served.stop.signal.aborted) this.#channel.send(last)
  }

  async #stream (id: number, served: ServedRead, file: string, range: RangeOptions): Promise<void> {
    const { signal } = served.stop
    for await (const bytes of this.#read(file, { ...range, signal })) {
      for (let at = 0; at < bytes.length; at += DATA_FRAME_BYTES) {
        const piece = bytes.subarray(at, at + DATA_FRAME_BYTES)
        while (served.untakenBytes + piece.length > READ_WINDOW_BYTES && !signal.aborted) {
          await new Promise<void>(resolve => { served.resume = resolve })
        }
        if (signal.aborted) return
        served.untakenBytes += piece.length
        await this.#channel.sendData(id, piece)
      }
    }
  }
}
