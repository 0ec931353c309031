import type { Lent } from '@ipfs-mapreduce/mapreduce'
import { LENT_READ_BYTES, MAX_OPEN_READS, READ_WINDOW_BYTES } from './constants.ts'
import type { Failure } from './failure.ts'
import { LentFile } from './lent-file.ts'
import type { Delivery } from './isolate/door.ts'
import type { FromChild } from './messages.ts'

/** A read in progress. Its queue is bounded by the window that the sandbox keeps to. */
interface RemoteRead {
  queue: Array<Uint8Array | LentFile>
  end: Delivery
  ended: boolean
  pulls: number
  takenBytes: number
  /** Where it goes, if nobody pulls it, and how much has gone there. */
  sink?: Sink
  broughtBytes: number
}

/** What content is brought to. */
export interface Sink {
  write: (bytes: Uint8Array) => void
  /** The same of bytes in a file that stays until the attempt ends. */
  borrow: (lent: Lent) => void
}

/** Hands an isolate what it has pulled. */
export type Deliver = (read: number, content: Delivery) => void

/** The executor's half of reading: asks for content, hands it in chunk by chunk as they are pulled, and says what was taken. */
export class RemoteReads {
  readonly #send: (message: FromChild) => void
  readonly #reads = new Map<number, RemoteRead>()
  #deliver: Deliver = () => {}
  #last = 0

  constructor (send: (message: FromChild) => void) {
    this.#send = send
  }

  /** Begins an attempt; what another one left open is forgotten. */
  begin (deliver: Deliver): void {
    for (const id of [...this.#reads.keys()]) this.stop(id)
    this.#deliver = deliver
  }

  /** Whether something was pulled that has not come: the program has nothing to do. */
  get waiting (): boolean {
    return [...this.#reads.values()].some(({ pulls, sink }) => pulls > 0 || sink !== undefined)
  }

  open (file: string, range: { offset?: number, length?: number }): number {
    return this.#open(file, range)
  }

  /** Begins to bring content to a sink; how many bytes it has comes when all of it is there. */
  bring (file: string, sink: Sink): number {
    return this.#open(file, {}, sink)
  }

  /** Asks for the next chunk of a read, which comes when it is there. */
  pull (id: number): void {
    const read = this.#reads.get(id)
    if (read === undefined) return
    read.pulls++
    this.#serve(id, read)
  }

  /** Gives a read up. */
  stop (id: number): void {
    const read = this.#reads.get(id)
    if (read === undefined) return
    this.#reads.delete(id)
    for (const content of read.queue) if (content instanceof LentFile) content.close()
    if (!read.ended) this.#send({ type: 'stopRead', id })
  }

  /** Content of a read has come; of one that was given up it is dropped. */
  data (id: number, bytes: Uint8Array): void {
    const read = this.#reads.get(id)
    if (read === undefined) return
    if (read.sink !== undefined) {
      if (this.#bring(id, read, bytes.length, sink => { sink.write(bytes) })) this.#taken(id, read, bytes.length)
      return
    }
    read.queue.push(bytes)
    this.#serve(id, read)
  }

  /** The same, of content that lies in a file. */
  lent (id: number, lent: Lent): void {
    const read = this.#reads.get(id)
    if (read === undefined) return
    if (read.sink !== undefined) {
      this.#bring(id, read, lent.bytes, sink => { sink.borrow(lent) })
      return
    }
    read.queue.push(new LentFile(lent))
    this.#serve(id, read)
  }

  end (id: number, failure?: Failure): void {
    const read = this.#reads.get(id)
    if (read === undefined) return
    read.ended = true
    read.end = failure === undefined ? undefined : JSON.stringify(failure)
    if (read.sink === undefined) return this.#serve(id, read)
    this.#reads.delete(id)
    this.#deliver(id, read.end ?? read.broughtBytes)
  }

  #open (file: string, range: { offset?: number, length?: number }, sink?: Sink): number {
    if (this.#reads.size >= MAX_OPEN_READS) throw new RangeError(`an attempt opens up to ${MAX_OPEN_READS} reads`)
    const id = ++this.#last
    this.#reads.set(id, { queue: [], end: undefined, ended: false, pulls: 0, takenBytes: 0, broughtBytes: 0, ...sink !== undefined && { sink } })
    this.#send({ type: 'read', id, file, range, keep: sink !== undefined })
    return id
  }

  /** What cannot be brought ends the read, and is false. */
  #bring (id: number, read: RemoteRead, bytes: number, to: (sink: Sink) => void): boolean {
    try {
      to(read.sink!)
      read.broughtBytes += bytes
      return true
    } catch (error) {
      this.stop(id)
      this.#deliver(id, storageFailure('cannot write to scratch', error))
      return false
    }
  }

  #serve (id: number, read: RemoteRead): void {
    while (read.pulls > 0 && (read.queue.length > 0 || read.ended)) {
      read.pulls--
      const bytes = this.#next(id, read)
      if (bytes === undefined) this.#reads.delete(id)
      else this.#taken(id, read, bytes.length)
      this.#deliver(id, bytes ?? read.end)
      if (bytes === undefined) return
    }
  }

  /** The next chunk of what is here; a file that cannot be read ends the read. */
  #next (id: number, read: RemoteRead): Uint8Array | undefined {
    const [first] = read.queue
    if (!(first instanceof LentFile)) return read.queue.shift() as Uint8Array | undefined
    try {
      return readLent(read.queue)
    } catch (error) {
      if (!read.ended) this.#send({ type: 'stopRead', id })
      read.queue.length = 0
      read.ended = true
      read.end = storageFailure('a block that was lent cannot be read', error)
      return undefined
    }
  }

  #taken (id: number, read: RemoteRead, bytes: number): void {
    read.takenBytes += bytes
    // Told in quarters of the window: it never runs dry, and few messages are sent.
    if (read.takenBytes < READ_WINDOW_BYTES / 4 || read.ended) return
    this.#send({ type: 'consumed', id, bytes: read.takenBytes })
    read.takenBytes = 0
  }
}

/** What lies in the next files, as one chunk in memory of its own: each that goes into an isolate takes as long on its way as a look at its bytes. */
function readLent (queue: RemoteRead['queue']): Uint8Array {
  const files = queue.slice(0, queue.findIndex(content => !(content instanceof LentFile)) >>> 0) as LentFile[]
  const into = Buffer.allocUnsafeSlow(Math.min(LENT_READ_BYTES, files.reduce((sum, { leftBytes }) => sum + leftBytes, 0)))
  for (let at = 0; at < into.length;) {
    const file = queue[0] as LentFile
    at += file.read(into.subarray(at))
    if (file.leftBytes === 0) queue.shift()
  }
  return into
}

/** Not in the error's own words: those of the file system name paths. */
function storageFailure (what: string, error: unknown): string {
  return JSON.stringify({ code: 'STORAGE', message: `${what}: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}` } satisfies Failure)
}
