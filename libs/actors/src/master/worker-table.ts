import type { AttemptProgress, Role, WorkerStatus } from '@ipfs-mapreduce/protocol'

/** Presence of a worker as its master sees it. */
export type Presence = 'ready' | 'draining' | 'suspect'

export interface WorkerEntry {
  peer: string
  role: Role
  slots: number
  addresses: string[]
  presence: Presence
  lastSeenMs: number
  /** Attempts that this master has given it, by key. */
  reserved: Set<string>
  /** Attempts that it said it runs. */
  reported: AttemptProgress[]
  /** How many of them are for other masters. */
  foreign: number
}

export interface Sighting {
  role: Role
  slots: number
  addresses?: string[]
  running: AttemptProgress[]
  /** Attempts of `running` that are for other masters. */
  foreign: number
  draining: boolean
}

/** The workers that have joined, their slots, and when they were last seen. */
export class WorkerTable {
  readonly #workers = new Map<string, WorkerEntry>()
  readonly #now: () => number
  readonly #silentMs: number

  /** A worker that was not heard of for `silentMs` is offered nothing until it is. */
  constructor ({ now, silentMs }: { now: () => number, silentMs: number }) {
    this.#now = now
    this.#silentMs = silentMs
  }

  /** Notes a join or a heartbeat. A heartbeat of a peer that never joined is ignored: its addresses are not known. */
  see (peer: string, { role, slots, addresses, running, foreign, draining }: Sighting, nowMs: number): WorkerEntry | undefined {
    const known = this.#workers.get(peer)
    if (known === undefined && addresses === undefined) return undefined
    const entry: WorkerEntry = {
      peer, role, slots,
      addresses: addresses ?? known!.addresses,
      presence: draining ? 'draining' : 'ready',
      lastSeenMs: nowMs,
      reserved: known?.reserved ?? new Set(),
      reported: running,
      foreign
    }
    this.#workers.set(peer, entry)
    return entry
  }

  get (peer: string): WorkerEntry | undefined {
    return this.#workers.get(peer)
  }

  suspect (peer: string): boolean {
    const entry = this.#workers.get(peer)
    if (entry === undefined) return false
    entry.presence = 'suspect'
    return true
  }

  remove (peer: string): boolean {
    return this.#workers.delete(peer)
  }

  /** Peers not seen since `beforeMs`. */
  unseenSince (beforeMs: number): string[] {
    return [...this.#workers.values()].filter(({ lastSeenMs }) => lastSeenMs < beforeMs).map(({ peer }) => peer)
  }

  /** Ready workers of a role, the most free first. */
  ready (role: Role): WorkerEntry[] {
    return [...this.#workers.values()]
      .filter(worker => worker.role === role && worker.presence === 'ready' && this.#now() - worker.lastSeenMs < this.#silentMs)
      .sort((a, b) => freeSlots(b) - freeSlots(a))
  }

  all (): WorkerEntry[] {
    return [...this.#workers.values()]
  }

  /** Multiaddrs that end in `/p2p/PEER`; the bare peer where none is known. */
  providersOf (peer: string): string[] {
    const addresses = this.#workers.get(peer)?.addresses ?? []
    return addresses.length > 0 ? addresses : [`/p2p/${peer}`]
  }

  status (): WorkerStatus[] {
    return this.all().map(({ peer, role, slots, presence, addresses, reserved, reported }) =>
      ({ peer, role, slots, running: reserved.size, state: presence, addresses, attempts: reported }))
  }
}

/** Slots without an attempt, of this master or another. */
export function freeSlots ({ slots, reserved, foreign }: WorkerEntry): number {
  return Math.max(0, slots - reserved.size - foreign)
}
