import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { decodeMessage, encodeMessage, PROTOCOL_ID } from '@ipfs-mapreduce/protocol'
import type { Message, RequestOptions } from '@ipfs-mapreduce/protocol'
import type { Conduct } from './conduct.ts'
import { MAX_REQUESTS, MAX_REQUESTS_PER_PEER } from './constants.ts'
import { Deadline } from './deadline.ts'
import type { Dialler } from './dialler.ts'
import { frameOffence, isMapReduceError, peerFailure } from './failure.ts'
import { Exchange } from './frame.ts'
import { KeptStreams } from './kept-streams.ts'
import { Turns } from './turns.ts'

/** Asks other peers. */
export class Requester {
  readonly #dialler: Dialler
  readonly #timeoutMs: number
  readonly #conduct: Conduct
  readonly #turns = new Turns(MAX_REQUESTS_PER_PEER)
  readonly #kept: KeptStreams
  readonly #underWay = new Set<Deadline>()
  #closed = false

  constructor (dialler: Dialler, timeoutMs: number, conduct: Conduct, kept = new KeptStreams()) {
    this.#dialler = dialler
    this.#conduct = conduct
    this.#timeoutMs = timeoutMs
    this.#kept = kept
  }

  async request (to: string, message: Message, options: RequestOptions = {}): Promise<Message> {
    const bytes = encodeMessage(message)
    const answer = await this.#within(`Cannot ask ${to}`, options, deadline => this.#exchange(to, bytes, deadline))
    if (answer.type === 'refusal') { throw new MapReduceError(answer.code, answer.message) }
    return answer
  }

  /** The id of the peer at an address, once connected. */
  async dial (address: string, options: RequestOptions = {}): Promise<string> {
    return this.#within(`Cannot connect to ${address}`, options, async deadline => {
      const connection = await deadline.race(this.#dialler.connection(address, deadline.signal))
      return connection.remotePeer.toString()
    })
  }

  /** Ends what is under way with `ABORTED`; what comes later ends likewise. */
  close (): void {
    this.#closed = true
    this.#kept.close()
    for (const deadline of this.#underWay) { deadline.end(new MapReduceError('ABORTED', 'this node is closing')) }
  }

  async #exchange (to: string, bytes: Uint8Array, deadline: Deadline): Promise<Message> {
    const connection = await deadline.race(this.#dialler.connection(to, deadline.signal))
    const giveTurn = await this.#turns.take(connection.remotePeer.toString(), deadline.signal)
    try {
      const exchange = this.#kept.take(connection) ?? new Exchange(await connection.newStream(PROTOCOL_ID, { signal: deadline.signal }))
      const answer = await this.#converse(exchange, connection.remotePeer.toString(), bytes, deadline)
      this.#kept.keep(connection, exchange)
      return answer
    } finally {
      giveTurn()
    }
  }

  async #converse (exchange: Exchange, to: string, bytes: Uint8Array, deadline: Deadline): Promise<Message> {
    try {
      await exchange.write(bytes, deadline.signal)
      return decodeMessage(await exchange.read(deadline.signal))
    } catch (error) {
      const offence = frameOffence(error) ?? (isMapReduceError(error) && error.code === 'BAD_INPUT' && !deadline.signal.aborted ? 'malformed' : undefined)
      if (offence !== undefined) this.#conduct.note(offence, to)
      exchange.abort(peerFailure(error, `Asking ${to}`, deadline))
      throw isMapReduceError(error) && !deadline.signal.aborted
        ? new MapReduceError(error.code, `The answer of ${to} is no message: ${error.message}`, { cause: error })
        : error
    }
  }

  async #within<T> (what: string, options: RequestOptions, work: (deadline: Deadline) => Promise<T>): Promise<T> {
    if (this.#closed) { throw new MapReduceError('ABORTED', `${what}: this node is closed`) }
    if (this.#underWay.size >= MAX_REQUESTS) { throw new MapReduceError('TRANSIENT', `${what}: ${MAX_REQUESTS} requests are under way, ask again later`) }
    const late = (): MapReduceError => new MapReduceError('UNREACHABLE', `no answer within ${this.#timeoutMs} ms`)
    const deadline = new Deadline(this.#timeoutMs, late, options.signal)
    this.#underWay.add(deadline)
    try {
      return await work(deadline)
    } catch (error) {
      throw peerFailure(error, what, deadline)
    } finally {
      deadline.clear()
      this.#underWay.delete(deadline)
    }
  }
}
