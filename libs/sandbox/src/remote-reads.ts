import type { ReadContent } from '@ipfs-mapreduce/mapreduce'
import { READ_WINDOW_BYTES } from './constants.ts'
import { fromFailure } from './failure.ts'
import type { Failure } from './failure.ts'
import type { FromChild } from './messages.ts'

/** A read in progress. Its queue is bounded by the window that the sandbox keeps to. */
interface RemoteRead {
  queue: Uint8Array[]
  ended: boolean
  failure: Failure | undefined
  wake: () => void
}

/** The executor's half of reading: asks for content, hands it out, and says what was taken. */
export class RemoteReads {
  readonly #send: (message: FromChild) => void
  readonly #reads = new Map<number, RemoteRead>()
  #last = 0

  constructor (send: (message: FromChild) => void) {
    this.#send = send
  }

  readonly read: ReadContent = (file, { offset, length }) => this.#read(file, { ...(offset !== undefined && { offset }), ...(length !== undefined && { length }) })

  /** Content of a read; of one that was given up it is dropped. */
  data (id: number, bytes: Uint8Array): void {
    this.#change(id, read => { read.queue.push(bytes) })
  }

  end (id: number, failure?: Failure): void {
    this.#change(id, read => {
      read.ended = true
      read.failure = failure
    })
  }

  #change (id: number, change: (read: RemoteRead) => void): void {
    const read = this.#reads.get(id)
    if (read === undefined) return
    change(read)
    read.wake()
  }

  async * #read (file: string, range: { offset?: number, length?: number }): AsyncGenerator<Uint8Array> {
    const id = ++this.#last
    const read: RemoteRead = { queue: [], ended: false, failure: undefined, wake: () => {} }
    this.#reads.set(id, read)
    this.#send({ type: 'read', id, file, range })
    let taken = 0
    try {
      for (;;) {
        const bytes = read.queue.shift()
        if (bytes !== undefined) {
          yield bytes
          taken += bytes.length
          // Told in quarters of the window: it never runs dry, and few messages are sent.
          if (taken >= READ_WINDOW_BYTES / 4) {
            this.#send({ type: 'consumed', id, bytes: taken })
            taken = 0
          }
        } else if (read.failure !== undefined) throw fromFailure(read.failure)
        else if (read.ended) return
        else await new Promise<void>(resolve => { read.wake = resolve })
      }
    } finally {
      this.#reads.delete(id)
      if (!read.ended) this.#send({ type: 'stopRead', id })
    }
  }
}
