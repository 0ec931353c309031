import { CANCEL_DELAY_MS, DIAL_TIMEOUT_MS, MESSAGE_TIMEOUT_MS } from './constants.ts'
import type { Bitswap, WantEntry } from './bitswap.ts'
import type { Libp2p, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'

/** A block, by CID and by the key that its wants have here. */
export interface Wanted {
  key: string
  cid: CID
}

export interface PeerLinkComponents {
  libp2p: Libp2p
  bitswap: Bitswap
  /** Called with the keys of wants that could not be sent, and why. */
  onUnsent: (link: PeerLink, keys: string[], reason: string) => void
}

/** One peer as the exchange sees it: what it was asked, and messages to it, gathered so that one stream carries many entries. */
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
    setImmediate(() => { void this.#flush() })
  }

  /** Tells the peer that a block is wanted no longer: it forgets the want, and will answer the next one. */
  cancel ({ key, cid }: Wanted): void {
    this.asked.delete(key)
    if (this.#wants.delete(key)) return
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
    return keys
  }

  /** Stops the timer that would send the last cancels. */
  close (): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  async #flush (): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    try {
      while (this.#wants.size > 0 || this.#cancels.size > 0) await this.#sendOne()
    } finally {
      this.#sending = false
    }
  }

  async #sendOne (): Promise<void> {
    const cancels = [...this.#cancels]
    // A block that is cancelled and wanted again is two messages: in one, go-bitswap reads a cancel.
    const wants = [...this.#wants].filter(([key]) => !this.#cancels.has(key))
    this.#cancels.clear()
    for (const [key] of wants) this.#wants.delete(key)
    if (wants.length === 0 && !this.connected) return
    const connection = this.#connection
    const limit = new AbortController()
    const timer = setTimeout(() => { limit.abort(new Error(`a message took over ${MESSAGE_TIMEOUT_MS} ms`)) }, MESSAGE_TIMEOUT_MS)
    try {
      await this.#connect()
      await this.#components.bitswap.send(this.peer, new Map([...cancels.map(cancelEntry), ...wants.map(wantEntry)]), limit.signal)
    } catch (error) {
      if (connection !== this.#connection) return
      for (const [key] of wants) this.asked.delete(key)
      this.#components.onUnsent(this, wants.map(([key]) => key), reasonOf(error))
    } finally {
      clearTimeout(timer)
    }
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
