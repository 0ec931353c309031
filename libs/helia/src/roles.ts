import type { Log } from '@ipfs-mapreduce/actors'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { decodeAnnouncement, decodeMessage, encodeAnnouncement, encodeMessage, UnauthorizedError } from '@ipfs-mapreduce/protocol'
import type { Announcement, Message, MessageHandler, Network, PeerEvent, RequestOptions, Topic } from '@ipfs-mapreduce/protocol'

/** What a node is to others: it answers masters as a worker, and everybody else as a master. */
export type Role = 'master' | 'worker'

/** What masters ask of workers; all else is asked of masters. `leave` is said by either. */
const OF_WORKERS: ReadonlySet<Message['type']> = new Set(['attemptAssigned', 'runsCommitted', 'attemptAborted', 'jobEnded', 'blocksQuery'])
const TOPICS: readonly Topic[] = ['workers', 'masters', 'jobs']

type Listener = (from: string, announcement: Announcement) => void

interface Party {
  role: Role
  handler?: MessageHandler
  listeners: Array<[Topic, Listener]>
  /** Who wants to know of connections; the other role's coming and going is one. */
  watchers: Set<(event: PeerEvent) => void>
  ending: AbortController
}

/**
 * One network for a master and a worker of the same peer. A message goes to the one that it is for, and what they say to each
 * other takes no wire, since no peer can dial itself; it passes the codec all the same, so that its bounds hold and nothing is shared.
 */
export class Roles {
  readonly #network: Network
  readonly #log: Log
  readonly #parties = new Map<Role, Party>()

  constructor (network: Network, log: Log) {
    this.#network = network
    this.#log = log
    network.handle(async (from, message) => await this.#answer(from, message))
    for (const topic of TOPICS) network.subscribe(topic, (from, announcement) => { this.#deliver(topic, from, announcement) })
  }

  /** The network as a role has it, until it closes that. */
  as (role: Role): Network {
    const network = this.#network
    const party: Party = { role, listeners: [], watchers: new Set(), ending: new AbortController() }
    this.#parties.set(role, party)
    const unlisten = network.onPeer(event => { this.#notice(party, event) })
    this.#seeOther(role, 'connected')
    return {
      ...network,
      connected: peer => peer === network.peer ? this.#parties.has(other(role)) : network.connected(peer),
      handle: handler => { party.handler = handler },
      subscribe: (topic, listener) => { party.listeners.push([topic, listener]) },
      onPeer: listener => {
        // A function of its own, so that one listener added twice can be removed once.
        const own = (event: PeerEvent): void => { listener(event) }
        party.watchers.add(own)
        return () => { party.watchers.delete(own) }
      },
      request: async (to, message, options) => {
        if (this.#isOwn(to)) return await this.#say(role, message)
        return await network.request(to, message, until(party.ending.signal, options))
      },
      dial: async (address, options) => this.#isOwn(address) ? network.peer : await network.dial(address, until(party.ending.signal, options)),
      publish: async (topic, announcement) => {
        const copy = decodeAnnouncement(encodeAnnouncement(announcement))
        queueMicrotask(() => { this.#deliver(topic, network.peer, copy, role) })
        await network.publish(topic, announcement)
      },
      close: async () => {
        if (this.#parties.get(role) !== party) return
        this.#parties.delete(role)
        party.listeners.length = 0
        party.watchers.clear()
        unlisten()
        this.#seeOther(role, 'disconnected')
        party.ending.abort(new MapReduceError('ABORTED', `this ${role} is leaving`))
      }
    }
  }

  #isOwn (address: string): boolean {
    return address === this.#network.peer || address.endsWith(`/p2p/${this.#network.peer}`)
  }

  /** One role asks the other. */
  async #say (role: Role, message: Message): Promise<Message> {
    const to = message.type === 'leave' ? other(role) : recipient(message)
    const handler = this.#parties.get(to)?.handler
    if (handler === undefined) throw new MapReduceError('UNREACHABLE', `this node is no ${to}`)
    const answer = decodeMessage(encodeMessage(await this.#ask(handler, decodeMessage(encodeMessage(message)))))
    if (answer.type === 'refusal') throw new MapReduceError(answer.code, answer.message)
    return answer
  }

  /** What a handler throws reaches who asked as from any other peer. */
  async #ask (handler: MessageHandler, message: Message): Promise<Message> {
    try {
      return await handler(this.#network.peer, message)
    } catch (error) {
      if (error instanceof MapReduceError) throw error
      this.#log.error({ err: error }, 'the handler of a message threw')
      throw new MapReduceError('TRANSIENT', (error as Error).message, { cause: error })
    }
  }

  async #answer (from: string, message: Message): Promise<Message> {
    if (message.type === 'leave') return await this.#left(from, message)
    // Where there is but one, it says itself what it does not take.
    const party = this.#parties.get(recipient(message)) ?? [...this.#parties.values()][0]
    return await handlerOf(party)(from, message)
  }

  /** A master that dismisses this worker, or a worker that leaves this master: neither minds where it was the other. */
  async #left (from: string, message: Message): Promise<Message> {
    const [worker, master] = [this.#parties.get('worker'), this.#parties.get('master')]
    if (master === undefined) return await handlerOf(worker)(from, message)
    await worker?.handler?.(from, message).catch((error: unknown) => {
      if (!(error instanceof UnauthorizedError)) throw error
    })
    return await handlerOf(master)(from, message)
  }

  #deliver (topic: Topic, from: string, announcement: Announcement, except?: Role): void {
    for (const { role, listeners } of this.#parties.values()) {
      if (role === except) continue
      for (const [at, listener] of [...listeners]) if (at === topic) this.#safely(topic, () => { listener(from, announcement) })
    }
  }

  /** The other role has come, or gone. */
  #seeOther (role: Role, type: PeerEvent['type']): void {
    const party = this.#parties.get(other(role))
    if (party !== undefined) this.#notice(party, { type, peer: this.#network.peer })
  }

  #notice ({ watchers }: Party, event: PeerEvent): void {
    for (const watcher of [...watchers]) this.#safely('peers', () => { watcher(event) })
  }

  #safely (of: string, listen: () => void): void {
    try {
      listen()
    } catch (error) {
      this.#log.error({ err: error }, `a listener of ${of} threw`)
    }
  }
}

function recipient ({ type }: Message): Role {
  return OF_WORKERS.has(type) ? 'worker' : 'master'
}

function other (role: Role): Role {
  return role === 'master' ? 'worker' : 'master'
}

function handlerOf (party: Party | undefined): MessageHandler {
  if (party?.handler === undefined) throw new MapReduceError('TRANSIENT', 'this peer does not answer yet, ask again later')
  return party.handler
}

function until (ending: AbortSignal, { signal }: RequestOptions = {}): RequestOptions {
  return { signal: signal === undefined ? ending : AbortSignal.any([signal, ending]) }
}
