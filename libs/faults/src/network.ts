import type { Clock, Log } from '@ipfs-mapreduce/actors'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { REQUEST_TIMEOUT_MS, type Announcement, type Message, type MessageHandler, type Network, type PeerEvent, type RequestOptions, type Topic } from '@ipfs-mapreduce/protocol'
import { GOSSIP_CODEC, pass, STREAM_CODEC, type Passage, type PassageInit } from './passage.ts'
import { forever } from './perils.ts'
import { Waits } from './waits.ts'

export interface FaultyNetworkInit extends PassageInit {
  clock: Clock
  log?: Log
}

/**
 * A network whose messages suffer faults as they leave this peer and as they arrive. What is lost is silent, as on a
 * network: a request without an answer ends after REQUEST_TIMEOUT_MS, with `UNREACHABLE`, and so does one that is late by
 * more; its message arrives all the same.
 */
export class FaultyNetwork implements Network {
  readonly #inner: Network
  readonly #init: FaultyNetworkInit
  readonly #waits: Waits

  constructor (inner: Network, init: FaultyNetworkInit) {
    this.#inner = inner
    this.#init = init
    this.#waits = new Waits(init.clock)
  }

  get peer (): string {
    return this.#inner.peer
  }

  addresses (): string[] {
    return this.#inner.addresses()
  }

  async request (to: string, message: Message, options?: RequestOptions): Promise<Message> {
    return await this.#inTime(`Cannot ask ${to}`, this.#ask(to, message, options), options?.signal)
  }

  handle (handler: MessageHandler): void {
    this.#inner.handle(async (from, message) => await this.#inTime(`Cannot answer ${from}`, this.#answer(handler, from, message)))
  }

  async publish (topic: Topic, announcement: Announcement): Promise<void> {
    const passage = pass(this.#init, announcement, GOSSIP_CODEC)
    const send = async (): Promise<void> => { for (let copy = 0; copy < copiesOf(passage); copy++) await this.#inner.publish(topic, passage.message) }
    if (passage.delayMs > 0) this.#later(passage, send)
    else await send()
  }

  subscribe (topic: Topic, listener: (from: string, announcement: Announcement) => void): void {
    this.#inner.subscribe(topic, (from, announcement) => {
      const passage = pass(this.#init, announcement, GOSSIP_CODEC)
      const deliver = (): void => { for (let copy = 0; copy < copiesOf(passage); copy++) listener(from, passage.message) }
      if (passage.delayMs > 0) this.#later(passage, deliver)
      else deliver()
    })
  }

  onPeer (listener: (event: PeerEvent) => void): () => void {
    return this.#inner.onPeer(listener)
  }

  connected (peer: string): boolean {
    return this.#inner.connected(peer)
  }

  async dial (address: string, options?: RequestOptions): Promise<string> {
    return await this.#inner.dial(address, options)
  }

  async close (): Promise<void> {
    this.#waits.close()
    await this.#inner.close()
  }

  async #ask (to: string, message: Message, options?: RequestOptions): Promise<Message> {
    const there = pass(this.#init, message, STREAM_CODEC)
    await this.#travel(there)
    const answer = await firstOf(there, async asked => await this.#inner.request(to, asked, options))
    const back = pass(this.#init, answer, STREAM_CODEC)
    await this.#travel(back)
    return back.message
  }

  async #answer (handler: MessageHandler, from: string, message: Message): Promise<Message> {
    const there = pass(this.#init, message, STREAM_CODEC)
    await this.#travel(there)
    let failure: unknown
    const answer = await firstOf(there, async asked => await handler(from, asked)).catch((error: unknown) => {
      failure = error
      return refusalOf(error)
    })
    if (there.message.type === 'attemptAssigned' && answer.type === 'ack' && this.#init.perils.crashes(['attempt'])) await forever()
    const back = pass(this.#init, answer, STREAM_CODEC)
    await this.#travel(back)
    if (failure !== undefined && back.message === answer) throw failure
    return back.message
  }

  /** Resolves when a message has arrived whole. */
  async #travel ({ lost, delayMs, unreadable }: Passage<Message>): Promise<void> {
    if (lost) await forever()
    await this.#waits.wait(delayMs)
    if (unreadable !== undefined) throw unreadable
  }

  /** Nobody waits for an announcement that is late: the log is told that it failed. */
  #later ({ message, delayMs }: Passage<Announcement>, deliver: () => Promise<void> | void): void {
    this.#waits.wait(delayMs).then(deliver).catch((error: unknown) => {
      this.#init.log?.warn({ type: message.type, error: String(error) }, 'an announcement that was late was not delivered')
    })
  }

  /** The time that a request has includes its faults. What is late goes on without its caller. */
  async #inTime<T> (what: string, work: Promise<T>, signal?: AbortSignal): Promise<T> {
    const settled = new AbortController()
    const silence = async (): Promise<never> => {
      await this.#waits.wait(REQUEST_TIMEOUT_MS, signal === undefined ? settled.signal : AbortSignal.any([signal, settled.signal]))
      throw new MapReduceError('UNREACHABLE', `${what}: no answer within ${REQUEST_TIMEOUT_MS} ms`)
    }
    try {
      return await Promise.race([work, silence()])
    } finally {
      settled.abort()
    }
  }
}

/** Announcements that arrive: a topic's validator drops what it cannot read. */
function copiesOf ({ lost, unreadable, copies }: Passage<Announcement>): number {
  return lost || unreadable !== undefined ? 0 : copies
}

/** The answer to the first copy; those to others are for nobody. */
async function firstOf ({ message, copies }: Passage<Message>, send: (message: Message) => Promise<Message>): Promise<Message> {
  const [first, ...others] = Array.from({ length: copies }, async () => await send(message))
  for (const other of others) other.catch(() => {})
  return await first!
}

function refusalOf (error: unknown): Message {
  const { name, message } = error as Error
  return { type: 'refusal', code: name === 'MapReduceError' ? (error as MapReduceError).code : 'TRANSIENT', message }
}
