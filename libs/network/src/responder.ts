import type { Connection, Stream } from '@libp2p/interface'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { decodeMessage, encodeMessage, UnauthorizedError } from '@ipfs-mapreduce/protocol'
import type { Message, MessageHandler } from '@ipfs-mapreduce/protocol'
import type { Conduct } from './conduct.ts'
import { MAX_HANDLERS } from './constants.ts'
import { Deadline } from './deadline.ts'
import { frameOffence, isMapReduceError, messageOf, peerFailure } from './failure.ts'
import { Exchange } from './frame.ts'
import type { NetworkLog } from './log.ts'

/** Answers other peers: every stream ends with an answer, a refusal or a reset within the time of a request. */
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
      stream.abort(new MapReduceError('REFUSED', `peer ${from} may not take part`))
      return
    }
    const late = (): MapReduceError => new MapReduceError('TIMEOUT', `no answer within ${this.#timeoutMs} ms`)
    const deadline = new Deadline(this.#timeoutMs, late)
    if (this.#closed) { deadline.end(closing()) }
    this.#underWay.add(deadline)
    const exchange = new Exchange(stream)
    this.#exchange(exchange, from, deadline)
      .catch((error: unknown) => {
        const offence = frameOffence(error)
        if (offence !== undefined) this.#conduct.note(offence, from)
        const failure = peerFailure(error, `Cannot answer ${from}`, deadline)
        this.#log.debug({ peer: from, code: failure.code }, failure.message)
        exchange.abort(failure)
      })
      .finally(() => {
        deadline.clear()
        this.#underWay.delete(deadline)
      })
  }

  /** Resets the streams that wait for an answer. */
  close (): void {
    this.#closed = true
    for (const deadline of this.#underWay) { deadline.end(closing()) }
  }

  async #exchange (exchange: Exchange, from: string, deadline: Deadline): Promise<void> {
    const request = await exchange.read(deadline.signal)
    const answer = await deadline.race(this.#answer(from, request))
    await exchange.write(answer, deadline.signal)
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

const closing = (): MapReduceError => new MapReduceError('ABORTED', 'this node is closing')
