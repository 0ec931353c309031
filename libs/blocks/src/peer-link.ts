import { CANCEL_DELAY_MS, DIAL_TIMEOUT_MS, MESSAGE_TIMEOUT_MS, STREAM_RETRY_MS } from './constants.ts'
import { DATA_PROTOCOL_ID } from './data-frames.ts'
import { TakingStream } from './taking-stream.ts'
import type { Bitswap, WantEntry } from './bitswap.ts'
import type { Log } from './log.ts'
import type { Wanted } from './taking-stream.ts'
import type { Libp2p, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'

export interface PeerLinkComponents {
  libp2p: Libp2p
  bitswap: Bitswap
  log: Log
  /** Called with the keys of wants that could not be sent, and why. */
  onUnsent: (link: PeerLink, keys: string[], reason: string) => void
  /** What came on a data stream: a block whose hash is right (resolves when it is stored, never rejects), or none. */
  onBlock: (link: PeerLink, key: string, cid: CID, bytes: Uint8Array) => Promise<void>
  onNone: (link: PeerLink, key: string, reason: string) => void
}

/**
 * One peer as the exchange sees it: what it was asked, and how. Where it speaks the data stream, wants that come together travel
 * together on one stream; else, and where that stream fails, by bitswap, in messages of many entries.
 */
export class PeerLink {
  readonly peer: PeerId
  readonly name: string
  /** Where it may be dialled, by text. */
  readonly addresses = new Map<string, Multiaddr>()
  /** Keys of the blocks that it was asked for and has not sent. */
  readonly asked = new Set<string>()
  /** Performance times: of its last answer, of a dial that failed, of a dial that runs. */
  heardAt = -Infinity
  unreachableAt = -Infinity
  dialingSince: number | undefined
  /** Blocks it did not have since it last had one. */
  misses = 0
  readonly #components: PeerLinkComponents
  readonly #wants = new Map<string, CID>()
  readonly #cancels = new Map<string, CID>()
  /** Keys that were asked for on the data stream, as long as they are asked for. */
  readonly #streamed = new Set<string>()
  #stream: TakingStream | undefined
  /** Performance time before which no data stream is opened. */
  #bitswapUntil = -Infinity
  #sending = false
  /** Counts lost connections: what fails on one that is gone says nothing of the next. */
  #connection = 0
  #timer: NodeJS.Timeout | undefined

  constructor (peer: PeerId, components: PeerLinkComponents) {
    this.peer = peer
    this.name = `${peer}`
    this.#components = components
  }

  get connected (): boolean {
    return this.#components.libp2p.getConnections(this.peer).some(connection => connection.status === 'open')
  }

  /** Asks for a block, dialling where necessary. Blocks asked for in the same turn of the loop share a message. */
  ask ({ key, cid }: Wanted): void {
    this.asked.add(key)
    this.#wants.set(key, cid)
    this.#flushSoon()
  }

  /** Asks once more for a block that did not come, by bitswap: a data stream that is silent is given up. */
  askAgain (wanted: Wanted): void {
    if (this.#streamed.has(wanted.key) && this.#stream !== undefined) {
      this.#streamEnded(this.#stream.close(), 'it is silent')
      return
    }
    this.cancel(wanted)
    this.ask(wanted)
  }

  /** Tells the peer that a block is wanted no longer: it forgets the want, and will answer the next one. */
  cancel ({ key, cid }: Wanted): void {
    this.asked.delete(key)
    if (this.#wants.delete(key)) return
    if (this.#streamed.delete(key)) {
      this.#stream?.drop(key)
      return
    }
    this.#cancels.set(key, cid)
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#flush()
    }, CANCEL_DELAY_MS)
  }

  /** Forgets what was asked, when the connection is gone; returns its keys. */
  lost (): string[] {
    const keys = [...this.asked]
    this.#connection++
    this.asked.clear()
    this.#wants.clear()
    this.#cancels.clear()
    this.#streamed.clear()
    this.#stream?.close()
    // It may be another version of the peer that comes back.
    this.#bitswapUntil = -Infinity
    return keys
  }

  /** Ends the data stream, and the timer that would send the last cancels. */
  close (): void {
    this.#stream?.close()
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #flushSoon (): void {
    setImmediate(() => { void this.#flush() })
  }

  async #flush (): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    try {
      while (this.#cancels.size > 0 || (this.#wants.size > 0 && this.#hasRoom)) await this.#sendOne()
    } finally {
      this.#sending = false
    }
  }

  /** False where the data stream is asked for as many blocks as it may be: its answers make room. */
  get #hasRoom (): boolean {
    return this.#stream?.open !== true || this.#stream.room > 0
  }

  async #sendOne (): Promise<void> {
    const connection = this.#connection
    if (this.#wants.size > 0) {
      try {
        await this.#connect()
      } catch (error) {
        // What was asked for since that connection was lost is tried on the next one.
        if (connection === this.#connection) this.#unsent(this.#takeWants(), error)
        return
      }
    }
    const stream = this.#wants.size > 0 ? await this.#openStream() : undefined
    if (stream !== undefined) this.#askOn(stream)
    await this.#sendMessage(stream === undefined)
  }

  /** Sends the cancels, and `withWants` the wants, as one bitswap message. */
  async #sendMessage (withWants: boolean): Promise<void> {
    const connection = this.#connection
    // A block that is cancelled and wanted again is two messages: in one, go-bitswap reads a cancel.
    const wants = withWants ? this.#takeWants(key => !this.#cancels.has(key)) : []
    const cancels = [...this.#cancels]
    this.#cancels.clear()
    if (wants.length === 0 && (cancels.length === 0 || !this.connected)) return
    const limit = new AbortController()
    const timer = setTimeout(() => { limit.abort(new Error(`a message took over ${MESSAGE_TIMEOUT_MS} ms`)) }, MESSAGE_TIMEOUT_MS)
    try {
      await this.#components.bitswap.send(this.peer, new Map([...cancels.map(cancelEntry), ...wants.map(wantEntry)]), limit.signal)
    } catch (error) {
      // `lost` has told of them where the connection went meanwhile.
      if (connection === this.#connection) this.#unsent(wants, error)
    } finally {
      clearTimeout(timer)
    }
  }

  #takeWants (which: (key: string) => boolean = () => true, most = Infinity): Array<[string, CID]> {
    const taken: Array<[string, CID]> = []
    for (const [key, cid] of this.#wants) {
      if (taken.length >= most) break
      if (which(key)) taken.push([key, cid])
    }
    for (const [key] of taken) this.#wants.delete(key)
    return taken
  }

  #unsent (wants: Array<[string, CID]>, error: unknown): void {
    for (const [key] of wants) this.asked.delete(key)
    this.#components.onUnsent(this, wants.map(([key]) => key), reasonOf(error))
  }

  #askOn (stream: TakingStream): void {
    const wants = this.#takeWants(() => true, stream.room).map(([key, cid]) => ({ key, cid }))
    for (const { key } of wants) this.#streamed.add(key)
    stream.ask(wants)
  }

  /** The data stream to this peer; nothing where it does not speak it, or it failed a moment ago. */
  async #openStream (): Promise<TakingStream | undefined> {
    if (this.#stream?.open === true) return this.#stream
    if (performance.now() < this.#bitswapUntil) return undefined
    const connection = this.#connection
    try {
      const stream = await this.#components.libp2p.dialProtocol(this.peer, DATA_PROTOCOL_ID, { signal: AbortSignal.timeout(DIAL_TIMEOUT_MS) })
      const taking = new TakingStream(stream, {
        onHeard: () => {
          this.heardAt = performance.now()
          if (this.#wants.size > 0) this.#flushSoon()
        },
        onBlock: async ({ key, cid }, bytes) => {
          this.misses = 0
          await this.#components.onBlock(this, key, cid, bytes)
        },
        onNone: ({ key }, reason) => { this.#components.onNone(this, key, reason) },
        onEnd: (owed, reason) => { this.#streamEnded(owed, reason) }
      })
      if (connection === this.#connection) {
        this.#stream = taking
        return taking
      }
      taking.close()
    } catch (error) {
      const { name, message } = error as Error
      this.#components.log.debug({ peer: this.name, reason: message }, 'no data stream; bitswap is used')
      if (connection === this.#connection) this.#bitswapUntil = name === 'UnsupportedProtocolError' ? Infinity : performance.now() + STREAM_RETRY_MS
    }
    return undefined
  }

  /** What a broken stream owed is asked for by bitswap, unless the connection is gone too: then `lost` follows. */
  #streamEnded (owed: Wanted[], reason: string): void {
    if (owed.length === 0) return
    this.#components.log.debug({ peer: this.name, blocks: owed.length, reason }, 'a data stream ended early; bitswap is used')
    this.#bitswapUntil = performance.now() + STREAM_RETRY_MS
    if (!this.connected) return
    for (const { key, cid } of owed) {
      if (this.#streamed.delete(key)) this.#wants.set(key, cid)
    }
    this.#flushSoon()
  }

  async #connect (): Promise<void> {
    if (this.connected) return
    this.dialingSince = performance.now()
    try {
      const addresses = [...this.addresses.values()]
      await this.#components.libp2p.dial(addresses.length > 0 ? addresses : this.peer, { signal: AbortSignal.timeout(DIAL_TIMEOUT_MS) })
    } catch (error) {
      this.unreachableAt = performance.now()
      throw error
    } finally {
      this.dialingSince = undefined
    }
  }
}

function wantEntry ([key, cid]: [string, CID]): [string, WantEntry] {
  return [key, { cid: cid.bytes, priority: 1, wantType: 'WantBlock', sendDontHave: true }]
}

function cancelEntry ([key, cid]: [string, CID]): [string, WantEntry] {
  return [key, { cid: cid.bytes, priority: 1, cancel: true, wantType: 'WantBlock' }]
}

function reasonOf (error: unknown): string {
  const { name, message } = error as Error
  if (name === 'UnsupportedProtocolError') return 'does not speak bitswap'
  const first = (error as AggregateError).errors?.[0] as Error | undefined
  return `cannot be reached: ${first?.message ?? message}`
}
