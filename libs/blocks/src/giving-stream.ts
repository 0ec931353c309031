import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { MAX_BLOCK_BYTES, MAX_CREDIT_BYTES, MAX_READ_AHEAD, MAX_STREAM_WANTS, MIN_READ_AHEAD, READ_AHEAD_BYTES } from './constants.ts'
import { askDecoder } from './data-frames.ts'
import { FrameWriter } from './frame-writer.ts'
import { piecesOfMessage } from './stream-message.ts'
import type { Log } from './log.ts'
import type { Stream, StreamMessageEvent } from '@libp2p/interface'
import type { Blockstore } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'

export interface GivingInit {
  blockstore: Pick<Blockstore, 'get'>
  log: Log
  idleMs: number
}

/** A block that is being read, or has been. */
interface Reading {
  block: Promise<Uint8Array | undefined>
  done: boolean
}

/**
 * One data stream as its holder sees it: answers wants in their order, no more bytes than its reader has given credit for,
 * and a few blocks read ahead. A reader that breaks the rules, or takes nothing for too long, has its stream reset.
 */
export class GivingStream {
  readonly #stream: Stream
  readonly #init: GivingInit
  readonly #asks = askDecoder()
  readonly #writer: FrameWriter
  readonly #wants: CID[] = []
  readonly #reading: Reading[] = []
  #creditBytes = 0
  #lastBlockBytes = READ_AHEAD_BYTES
  #asking = true
  #ended = false
  #wake: () => void = () => {}
  #idle: NodeJS.Timeout

  constructor (stream: Stream, init: GivingInit) {
    this.#stream = stream
    this.#init = init
    this.#writer = new FrameWriter(stream)
    this.#idle = setTimeout(() => { this.end(new Error(`nothing was asked or taken for ${init.idleMs} ms`)) }, init.idleMs).unref()
    stream.addEventListener('message', this.#onMessage)
    stream.addEventListener('remoteCloseWrite', () => {
      this.#asking = false
      this.#wake()
    })
    stream.addEventListener('close', () => {
      this.#ended = true
      this.#wake()
    })
  }

  /** Resolves when the stream has ended, one way or another. */
  async run (): Promise<void> {
    try {
      while (!this.#ended && (this.#asking || this.#pending > 0)) await this.#step()
      await this.#writer.flush()
      if (!this.#ended) await this.#stream.close({ signal: AbortSignal.timeout(this.#init.idleMs) })
    } catch (error) {
      this.end(error as Error)
    } finally {
      clearTimeout(this.#idle)
    }
  }

  end (reason: Error): void {
    if (this.#ended) return
    this.#init.log.debug({ reason: reason.message }, 'a data stream was reset')
    this.#ended = true
    this.#stream.abort(reason)
    this.#wake()
  }

  get #pending (): number {
    return this.#wants.length + this.#reading.length
  }

  get #stuck (): boolean {
    return this.#pending === 0 || this.#creditBytes <= 0
  }

  /** One answer, or a wait for an ask that lets the next one go. */
  async #step (): Promise<void> {
    if (this.#stuck) {
      await this.#writer.flush()
      // What lets it go on may have come while that was sent.
      if (this.#ended || !this.#stuck) return
      if (this.#asking) await new Promise<void>(resolve => { this.#wake = resolve })
      else if (this.#pending > 0) throw new MapReduceError('BAD_INPUT', 'a reader has ended its asks without credit for all that it wants')
      return
    }
    this.#readAhead()
    const next = this.#reading[0]!
    if (!next.done) await this.#writer.flush()
    const block = await next.block
    this.#reading.shift()
    if (this.#ended) return
    await this.#answer(block)
    this.#idle.refresh()
  }

  async #answer (block: Uint8Array | undefined): Promise<void> {
    if (block === undefined) {
      await this.#writer.absent()
      return
    }
    this.#creditBytes -= block.byteLength
    this.#lastBlockBytes = block.byteLength
    await this.#writer.block(block)
  }

  #readAhead (): void {
    const blocks = Math.min(Math.max(Math.floor(READ_AHEAD_BYTES / (this.#lastBlockBytes + 1)), MIN_READ_AHEAD), MAX_READ_AHEAD)
    while (this.#reading.length < blocks && this.#wants.length > 0) {
      const reading: Reading = { block: this.#read(this.#wants.shift()!), done: false }
      void reading.block.finally(() => { reading.done = true })
      this.#reading.push(reading)
    }
  }

  /** A block that cannot be read is one that this holder does not have. */
  async #read (cid: CID): Promise<Uint8Array | undefined> {
    try {
      for await (const block of this.#init.blockstore.get(cid)) {
        return block.byteLength <= MAX_BLOCK_BYTES ? block : undefined
      }
    } catch (error) {
      if ((error as Error).name !== 'NotFoundError') this.#init.log.warn({ cid: `${cid}`, reason: (error as Error).message }, 'a block that was asked for cannot be read')
    }
    return undefined
  }

  readonly #onMessage = ({ data }: StreamMessageEvent): void => {
    this.#idle.refresh()
    try {
      for (const piece of piecesOfMessage(data)) this.#asks.push(piece)
      for (let ask = this.#asks.next(); ask !== undefined; ask = this.#asks.next()) {
        if (ask.type === 'want') this.#wants.push(ask.cid)
        else this.#creditBytes += ask.bytes
      }
      if (this.#pending > MAX_STREAM_WANTS) throw new MapReduceError('BAD_INPUT', `more than ${MAX_STREAM_WANTS} blocks are wanted at once`)
      if (this.#creditBytes > MAX_CREDIT_BYTES) throw new MapReduceError('BAD_INPUT', `credits make more than ${MAX_CREDIT_BYTES} bytes`)
      this.#wake()
    } catch (error) {
      this.end(error as Error)
    }
  }
}
