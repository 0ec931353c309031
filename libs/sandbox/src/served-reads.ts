import { unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { ExecuteOptions, Lent, RangeOptions, Work } from '@ipfs-mapreduce/mapreduce'
import type { Channel } from './channel.ts'
import { DATA_FRAME_BYTES, LENT_WINDOW_BYTES, MAX_OPEN_READS, READ_WINDOW_BYTES } from './constants.ts'
import { asMapReduceError } from './failure.ts'
import type { ToChild } from './messages.ts'

/** A read that is being served: what was sent and not yet taken, and how to go on when some was. */
interface ServedRead {
  readonly file: string
  readonly range: RangeOptions
  /** What is lent stays until the attempt ends. */
  readonly keep: boolean
  readonly stop: AbortController
  untakenBytes: number
  /** The files among that, with what of all that was sent lies before their end. */
  readonly lent: Array<{ path: string, endBytes: number }>
  sentBytes: number
  resume: () => void
}

export interface ServedReadsInit {
  channel: Channel
  work: Work
  read: ExecuteOptions['read']
  lend: ExecuteOptions['lend']
  /** Where files are lent: a directory that the executor may read, and not write. */
  lentDir: string
}

/** The content that a work's attempt may read, its splits' files or its runs, and how often each of it may be kept. */
function contentOf (work: Work): Map<string, number> {
  const content = new Map<string, number>()
  for (const { cid } of work.kind === 'map' ? work.splits : work.runs) content.set(cid, (content.get(cid) ?? 0) + 1)
  return content
}

/**
 * The sandbox's half of reading: streams what one attempt asks for, at most a window ahead of it.
 * An attempt reads its own work's content and nothing else.
 */
export class ServedReads {
  readonly #init: ServedReadsInit
  /** By content: how often it may still be kept. */
  readonly #allowed: Map<string, number>
  readonly #reads = new Map<number, ServedRead>()
  #placed = 0
  #failure: MapReduceError | undefined

  constructor (init: ServedReadsInit) {
    this.#init = init
    this.#allowed = contentOf(init.work)
  }

  /** The error of the first read that failed, as the reader threw it: the executor knows only its text. */
  get failure (): MapReduceError | undefined {
    return this.#failure
  }

  /** Begins a read. Throws where the executor asks for too many, or twice by one number, or to keep what it has. */
  start (id: number, file: string, { range, keep }: Pick<ServedRead, 'range' | 'keep'>): void {
    if (this.#reads.size >= MAX_OPEN_READS) throw new RangeError(`the executor opened more than ${MAX_OPEN_READS} reads`)
    if (this.#reads.has(id)) throw new RangeError('the executor opened a read twice')
    if (keep) this.#keep(file)
    const served: ServedRead = { file, range, keep, stop: new AbortController(), untakenBytes: 0, lent: [], sentBytes: 0, resume: () => {} }
    this.#reads.set(id, served)
    // `#serve` tells the executor how the read ended, failures included; it does not reject.
    void this.#serve(id, served)
  }

  /** The executor has taken bytes of a read. Throws where it says more than it was sent. */
  taken (id: number, bytes: number): void {
    const served = this.#reads.get(id)
    if (served === undefined) return
    if (bytes > served.untakenBytes) throw new RangeError('the executor took more than it was sent')
    served.untakenBytes -= bytes
    const takenBytes = served.sentBytes - served.untakenBytes
    while (served.lent.length > 0 && served.lent[0]!.endBytes <= takenBytes) takeAway(served.lent.shift()!.path)
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

  #keep (file: string): void {
    const left = this.#allowed.get(file)
    if (left === 0) throw new RangeError('the executor keeps what it has already')
    if (left !== undefined) this.#allowed.set(file, left - 1)
  }

  async #serve (id: number, served: ServedRead): Promise<void> {
    const { file } = served
    let last: ToChild = { type: 'readEnd', id }
    try {
      if (!this.#allowed.has(file)) throw new MapReduceError('FATAL', `${file} is no input of this attempt`)
      await this.#stream(id, served)
    } catch (error) {
      const failure = asMapReduceError(error, `reading ${file} failed`)
      if (!served.stop.signal.aborted) this.#failure ??= failure
      last = { type: 'readFailed', id, failure: { code: failure.code, message: failure.message } }
    }
    this.#reads.delete(id)
    if (!served.stop.signal.aborted) this.#init.channel.send(last)
  }

  async #stream (id: number, served: ServedRead): Promise<void> {
    for await (const content of this.#content(served.file, { ...served.range, signal: served.stop.signal })) {
      if (content instanceof Uint8Array) await this.#give(id, served, content)
      else await this.#lend(id, served, content)
      if (served.stop.signal.aborted) return
    }
  }

  #content (file: string, options: RangeOptions): AsyncIterable<Uint8Array | Lent> {
    const { read, lend, lentDir } = this.#init
    return lend?.(file, { ...options, place: () => join(lentDir, `${++this.#placed}`) }) ?? read(file, options)
  }

  async #give (id: number, served: ServedRead, bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += DATA_FRAME_BYTES) {
      const piece = bytes.subarray(at, at + DATA_FRAME_BYTES)
      if (!await roomFor(served, piece.length, READ_WINDOW_BYTES)) return
      await this.#init.channel.sendData(id, piece)
    }
  }

  async #lend (id: number, served: ServedRead, { path, offset, bytes }: Lent): Promise<void> {
    if (bytes === 0) return
    if (!served.keep) {
      if (!await roomFor(served, bytes, LENT_WINDOW_BYTES)) return
      served.lent.push({ path, endBytes: served.sentBytes })
    }
    this.#init.channel.send({ type: 'lent', id, path, offset, bytes } satisfies ToChild)
  }
}

/** Waits until bytes may be sent, and counts them as sent; false where they are wanted no longer. */
async function roomFor (served: ServedRead, bytes: number, windowBytes: number): Promise<boolean> {
  // What is larger than the window goes alone.
  while (served.untakenBytes > 0 && served.untakenBytes + bytes > windowBytes && !served.stop.signal.aborted) {
    await new Promise<void>(resolve => { served.resume = resolve })
  }
  served.untakenBytes += bytes
  served.sentBytes += bytes
  return !served.stop.signal.aborted
}

function takeAway (path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It is removed with its directory.
  }
}
