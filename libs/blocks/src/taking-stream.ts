import { CREDIT_BYTES, MAX_STREAM_WANTS, STREAM_WINDOW_BYTES, TAKING_IDLE_MS } from './constants.ts'
import { isBlockOf } from './cid.ts'
import { answerDecoder, creditFrame, wantFrame } from './data-frames.ts'
import { piecesOfMessage } from './stream-message.ts'
import { widenWindow } from './stream-window.ts'
import type { Answer } from './data-frames.ts'
import type { Stream, StreamMessageEvent } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'

/** A block that was asked for on a stream. */
export interface Wanted {
  key: string
  cid: CID
}

export interface TakingListener {
  /** Something came. */
  onHeard: () => void
  /** A block whose hash is right, and which is still wanted here. Resolves when its bytes are out of the way; never rejects. */
  onBlock: (wanted: Wanted, bytes: Uint8Array) => Promise<void>
  /** The holder does not have it, or sent something else. */
  onNone: (wanted: Wanted, reason: string) => void
  /** The stream is gone, with what it still owed. Not called after `close`. */
  onEnd: (owed: Wanted[], reason: string) => void
}

interface Owed extends Wanted {
  dropped: boolean
}

/**
 * One data stream as its reader sees it: asks for blocks, and takes the answers in the order of asking. What it has taken and
 * not stored is bounded by the credit that it gives.
 */
export class TakingStream {
  readonly #stream: Stream
  readonly #listener: TakingListener
  readonly #answers = answerDecoder()
  /** Wants without an answer, in the order of asking, and the same that are wanted still. */
  readonly #owed: Owed[] = []
  readonly #live = new Map<string, Owed>()
  /** Bytes that are out of the way, and not yet told as credit. */
  #takenBytes = 0
  #ended = false
  #idle: NodeJS.Timeout | undefined

  constructor (stream: Stream, listener: TakingListener) {
    this.#stream = stream
    this.#listener = listener
    stream.addEventListener('message', this.#onMessage)
    stream.addEventListener('remoteCloseWrite', () => { this.#end('ended its stream') })
    stream.addEventListener('close', ({ error }) => { this.#end(error === undefined ? 'closed its stream' : `broke its stream off: ${error.message}`) })
    widenWindow(stream, STREAM_WINDOW_BYTES)
    this.#send([creditFrame(CREDIT_BYTES)])
  }

  get open (): boolean {
    return !this.#ended
  }

  /** How many blocks more it may be asked for. */
  get room (): number {
    return MAX_STREAM_WANTS - this.#owed.length
  }

  ask (wants: Wanted[]): void {
    clearTimeout(this.#idle)
    for (const { key, cid } of wants) {
      const owed = { key, cid, dropped: false }
      this.#owed.push(owed)
      this.#live.set(key, owed)
    }
    this.#send(wants.map(({ cid }) => wantFrame(cid)))
  }

  /** A block is wanted no longer. A stream that owes nothing else is broken off, so that its holder need not send it. */
  drop (key: string): void {
    const owed = this.#live.get(key)
    if (owed === undefined) return
    owed.dropped = true
    this.#live.delete(key)
    if (this.#live.size === 0) this.close()
  }

  /** Ends the stream, of which nobody is told; returns what it still owed. */
  close (): Wanted[] {
    if (this.#ended) return []
    this.#ended = true
    clearTimeout(this.#idle)
    const owed = this.#stillWanted()
    if (this.#owed.length > 0) this.#stream.abort(new Error('what was asked for is not wanted any more'))
    else this.#stream.close().catch((error: unknown) => { this.#stream.abort(error as Error) })
    return owed
  }

  readonly #onMessage = ({ data }: StreamMessageEvent): void => {
    if (this.#ended) return
    this.#listener.onHeard()
    try {
      for (const piece of piecesOfMessage(data)) this.#answers.push(piece)
      for (let answer = this.#answers.next(); answer !== undefined; answer = this.#answers.next()) {
        const owed = this.#owed.shift()
        if (owed === undefined) throw new RangeError('an answer to no want')
        this.#take(owed, answer)
      }
    } catch (error) {
      this.#end(`broke the protocol: ${(error as Error).message}`)
      return
    }
    if (this.#owed.length === 0) this.#rest()
  }

  #take (owed: Owed, answer: Answer): void {
    if (!owed.dropped) this.#live.delete(owed.key)
    if (answer.type === 'absent') {
      if (!owed.dropped) this.#listener.onNone(owed, 'does not have it')
      return
    }
    const { bytes } = answer
    const taken = owed.dropped ? Promise.resolve() : this.#judge(owed, bytes)
    void taken.finally(() => { this.#credit(bytes.byteLength) })
  }

  async #judge (owed: Owed, bytes: Uint8Array): Promise<void> {
    if (await isBlockOf(owed.cid, bytes)) await this.#listener.onBlock(owed, bytes)
    else this.#listener.onNone(owed, 'sent bytes that are not its')
  }

  /** Told in quarters: the holder never runs dry, and few frames are sent. */
  #credit (bytes: number): void {
    this.#takenBytes += bytes
    if (this.#takenBytes < CREDIT_BYTES / 4 || this.#ended) return
    this.#send([creditFrame(this.#takenBytes)])
    this.#takenBytes = 0
  }

  #send (frames: Uint8Array[]): void {
    try {
      // It is never much: wants and credits are bounded, and so is what waits to be sent.
      this.#stream.send(Buffer.concat(frames))
    } catch (error) {
      this.#end(`broke its stream off: ${(error as Error).message}`)
    }
  }

  #rest (): void {
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => { this.close() }, TAKING_IDLE_MS).unref()
  }

  #end (reason: string): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#idle)
    this.#stream.abort(new Error(reason))
    this.#listener.onEnd(this.#stillWanted(), reason)
  }

  #stillWanted (): Wanted[] {
    return [...this.#live.values()].map(({ key, cid }) => ({ key, cid }))
  }
}
