import type { Stream } from '@libp2p/interface'
import { lpStream, UnexpectedEOFError } from '@libp2p/utils'
import type { LengthPrefixedStream } from '@libp2p/utils'
import { MAX_MESSAGE_BYTES } from '@ipfs-mapreduce/protocol'
import { MAX_FRAME_BYTES } from './constants.ts'

/** One end of a stream of exchanges, one after another: one length-prefixed message each way. */
export class Exchange {
  readonly #stream: Stream
  readonly #frames: LengthPrefixedStream<Stream>

  constructor (stream: Stream) {
    this.#stream = stream
    // A length over the bound is refused before its bytes are taken.
    this.#frames = lpStream(stream, { maxDataLength: MAX_MESSAGE_BYTES, maxBufferSize: MAX_FRAME_BYTES })
  }

  /** Whether another exchange can follow, as far as is known here. */
  get isOpen (): boolean {
    const { status, writeStatus, remoteWriteStatus } = this.#stream
    return status === 'open' && writeStatus === 'writable' && remoteWriteStatus === 'writable'
  }

  async read (signal: AbortSignal): Promise<Uint8Array> {
    const list = await this.#frames.read({ signal })
    return list.subarray()
  }

  /** The next message; undefined where the peer has ended its side. */
  async next (signal: AbortSignal): Promise<Uint8Array | undefined> {
    try {
      return await this.read(signal)
    } catch (error) {
      if (error instanceof UnexpectedEOFError) return undefined
      throw error
    }
  }

  async write (bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.#frames.write(bytes, { signal })
  }

  /** Ends this side: nothing more is asked, or answered. */
  async end (signal: AbortSignal): Promise<void> {
    await this.#stream.close({ signal })
  }

  abort (error: Error): void {
    this.#stream.abort(error)
  }
}
