import type { Connection, Stream } from '@libp2p/interface'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { decodeMessage, encodeMessage, UnauthorizedError } from '@ipfs-mapreduce/protocol'
import type { Message, MessageHandler } from '@ipfs-mapreduce/protocol'
import type { Conduct } from './conduct.ts'
import { ANSWERING_IDLE_MS, MAX_HANDLERS } from './constants.ts'
import { Deadline } from './deadline.ts'
import { frameOffence, isMapReduceError, messageOf, peerFailure } from './failure.ts'
import { Exchange } from './frame.ts'
import type { NetworkLog } from './log.ts'

/** Answers other peers: every request has an answer, a refusal or a reset of its stream within its time; the stream stays for the next one. */
export class Responder {
  readonly #log: NetworkLog
  readonly #timeoutMs: number
  readonly #conduct: Conduct
  readonly #admits: (peer: string) => boolean
  readonly #underWay = new Set<Deadline>()
  #handler: MessageHandler | undefined
  /** Handlers that have not settled, whether or not their peer still waits. */
  #handling = 0
  #closed = false

  /** Streams of peers that `admits` does not let in are reset. */
  constructor (log: NetworkLog, timeoutMs: number, conduct: Conduct, admits: (peer: string) => boolean = () => true) {
    this.#log = log
    this.#conduct = conduct
    this.#timeoutMs = timeoutMs
    this.#admits = admits
  }

  handle (handler: MessageHandler): void {
    this.#handler = handler
  }

  /** Takes a stream; never throws. */
  readonly onStream = (stream: Stream, connection: Connection): void => {
    const from = connection.remotePeer.toString()
    if (!this.#admits(from)) {
      stream.abort(notAdmitted(from))
      return
    }
    const exchange = new Exchange(stream)
    this.#serve(exchange, from).catch((error: unknown) => {
      this.#log.debug({ peer: from, code: isMapReduceError(error) ? error.code : undefined }, messageOf(error))
      exchange.abort(error as MapReduceError)
    })
  }

  /** Resets all streams. */
  close (): void {
    this.#closed = true
    for (const deadline of this.#underWay) { deadline.end(closing()) }
  }

  /** Answers one request after another, until the peer ends its side or asks nothing for long. */
  async #serve (exchange: Exchange, from: string): Promise<void> {
    let waitMs = this.#timeoutMs
    for (;;) {
      const request = await this.#within(waitMs, from, async ({ signal }) => await exchange.next(signal))
      if (request === undefined) {
        await this.#within(this.#timeoutMs, from, async ({ signal }) => { await exchange.end(signal) })
        return
      }
      // Who came in may have offended since.
      if (!this.#admits(from)) throw notAdmitted(from)
      await this.#within(this.#timeoutMs, from, async deadline => { await exchange.write(await deadline.race(this.#answer(from, request)), deadline.signal) })
      waitMs = ANSWERING_IDLE_MS
    }
  }

  async #within<T> (ms: number, from: string, work: (deadline: Deadline) => Promise<T>): Promise<T> {
    const deadline = new Deadline(ms, () => new MapReduceError('TIMEOUT', `nothing came within ${ms} ms`))
    if (this.#closed) deadline.end(closing())
    this.#underWay.add(deadline)
    try {
      return await work(deadline)
    } catch (error) {
      const offence = frameOffence(error)
      if (offence !== undefined) this.#conduct.note(offence, from)
      throw peerFailure(error, `Cannot answer ${from}`, deadline)
    } finally {
      deadline.clear()
      this.#underWay.delete(deadline)
    }
  }

  async #answer (from: string, request: Uint8Array): Promise<Uint8Array> {
    try {
      const answer = await this.#handled(from, this.#decoded(from, request))
      return encodeMessage(answer)
    } catch (error) {
      if (error instanceof UnauthorizedError) this.#conduct.note('unauthorized', from)
      const code = isMapReduceError(error) ? error.code : 'TRANSIENT'
      if (!isMapReduceError(error)) { this.#tell(from, error) }
      return encodeMessage({ type: 'refusal', code, message: messageOf(error) })
    }
  }

  /** What a handler needs may have been closed under it, with this. */
  #tell (peer: string, err: unknown): void {
    if (this.#closed) this.#log.debug({ peer, err }, `The handler threw while this node closed: ${messageOf(err)}`)
    else this.#log.error({ peer, err }, `The handler threw: ${messageOf(err)}`)
  }

  #decoded (from: string, request: Uint8Array): Message {
    try {
      return decodeMessage(request)
    } catch (error) {
      this.#conduct.note('malformed', from)
      throw error
    }
  }

  async #handled (from: string, message: Message): Promise<Message> {
    if (this.#handler === undefined) { throw new MapReduceError('TRANSIENT', 'This peer does not answer yet, ask again later') }
    if (this.#handling >= MAX_HANDLERS) { throw new MapReduceError('TRANSIENT', `This peer works on ${MAX_HANDLERS} requests, ask again later`) }
    this.#handling++
    try {
      return await this.#handler(from, message)
    } finally {
      this.#handling--
    }
  }
}

const notAdmitted = (peer: string): MapReduceError => new MapReduceError('REFUSED', `peer ${peer} may not take part`)

const closing = (): MapReduceError => new MapReduceError('ABORTED', 'this node is closing')
