import type { Stream } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import type { LengthPrefixedStream } from '@libp2p/utils'
import { MAX_MESSAGE_BYTES } from '@ipfs-mapreduce/protocol'
import { MAX_FRAME_BYTES } from './constants.ts'

/** One end of an exchange: one length-prefixed message each way on a stream of its own. */
export class Exchange {
  readonly #stream: Stream
  readonly #frames: LengthPrefixedStream<Stream>

  constructor (stream: Stream) {
    this.#stream = stream
    // A length over the bound is refused before its bytes are taken.
    this.#frames = lpStream(stream, { maxDataLength: MAX_MESSAGE_BYTES, maxBufferSize: MAX_FRAME_BYTES })
  }

  async read (signal: AbortSignal): Promise<Uint8Array> {
    const list = await this.#frames.read({ signal })
    return list.subarray()
  }

  /** Writes the one message of this side, and ends this side. */
  async write (bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.#frames.write(bytes, { signal })
    await this.#stream.close({ signal })
  }

  abort (error: Error): void {
    this.#stream.abort(error)
  }
}
