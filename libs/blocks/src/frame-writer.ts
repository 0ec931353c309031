import { RIDE_BYTES } from './constants.ts'
import { absentFrame, blockHeader } from './data-frames.ts'
import type { Stream } from '@libp2p/interface'

/** Writes answers on a stream, no faster than it takes them: small ones together, large ones without a copy. */
export class FrameWriter {
  readonly #stream: Stream
  /** What waits to go out in one write. */
  #waiting: Uint8Array[] = []
  #waitingBytes = 0

  constructor (stream: Stream) {
    this.#stream = stream
  }

  async absent (): Promise<void> {
    this.#add(absentFrame())
    if (this.#waitingBytes >= RIDE_BYTES) await this.flush()
  }

  async block (bytes: Uint8Array): Promise<void> {
    this.#add(blockHeader(bytes.byteLength))
    if (bytes.byteLength <= RIDE_BYTES) {
      this.#add(bytes)
      if (this.#waitingBytes >= RIDE_BYTES) await this.flush()
    } else {
      await this.flush()
      await this.#send(bytes)
    }
  }

  /** Sends what waits; resolves when the stream can take more. Rejects where it has ended. */
  async flush (): Promise<void> {
    if (this.#waitingBytes === 0) return
    const bytes = Buffer.concat(this.#waiting, this.#waitingBytes)
    this.#waiting = []
    this.#waitingBytes = 0
    await this.#send(bytes)
  }

  #add (bytes: Uint8Array): void {
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.byteLength
  }

  async #send (bytes: Uint8Array): Promise<void> {
    // Not `onDrain`: of @libp2p/utils 7.4.1 it resolves at once, from the second wait of a stream on.
    if (!this.#stream.send(bytes)) await drained(this.#stream)
  }
}

/** Resolves at a stream's next `drain`, rejects at its end. */
async function drained (stream: Stream): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const onClose = (): void => { reject(new Error('the stream ended while it was written')) }
  stream.addEventListener('drain', () => { resolve() }, { once: true })
  stream.addEventListener('close', onClose, { once: true })
  try {
    await promise
  } finally {
    stream.removeEventListener('close', onClose)
  }
}
