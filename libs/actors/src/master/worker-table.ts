import type { AttemptProgress, AttemptRef, Role, WorkerStatus } from '@ipfs-mapreduce/protocol'

/** Presence of a worker as its master sees it. */
export type Presence = 'ready' | 'draining' | 'suspect'

/** Workers that have gone whose addresses are kept: runs that they made may still be asked of them. */
const MAX_REMEMBERED = 16_384

export interface WorkerEntry {
  readonly peer: string
  role: Role
  slots: number
  addresses: string[]
  presence: Presence
  lastSeenMs: number
  /** Attempts that this master has given it and that run: as few as its slots, so that they are looked through faster than they are named. */
  readonly reserved: AttemptRef[]
  /** Attempts that it said it runs. */
  reported: AttemptProgress[]
  /** How many of them are for other masters. */
  foreign: number
  /** The version of what waits of which nothing suited it, until it is seen again. */
  passedOver: number
}

/** Of a worker that was not passed over. */
const NEVER = -1
const NONE = -1

export interface Sighting {
  role: Role
  slots: number
  addresses?: string[]
  running: AttemptProgress[]
  /** Attempts of `running` that are for other masters. */
  foreign: number
  draining: boolean
}

/** The workers that have joined, their slots, and when they were last seen. Those with free slots are at hand, however many there are. */
export class WorkerTable {
  readonly #workers = new Map<string, WorkerEntry>()
  readonly #roles = new Map<Role, Set<WorkerEntry>>()
  readonly #free = new Map<Role, Set<WorkerEntry>>()
  readonly #addresses = new Map<string, string[]>()
  readonly #now: () => number
  readonly #silentMs: number

  /** A worker that was not heard of for `silentMs` is offered nothing until it is. */
  constructor ({ now, silentMs }: { now: () => number, silentMs: number }) {
    this.#now = now
    this.#silentMs = silentMs
  }

  /** Notes a join or a heartbeat. A heartbeat of a peer that never joined is ignored: its addresses are not known. */
  see (peer: string, { role, slots, addresses, running, foreign, draining }: Sighting): WorkerEntry | undefined {
    const known = this.#workers.get(peer)
    if (known === undefined && addresses === undefined) return undefined
    const presence = draining ? 'draining' : 'ready'
    const entry: WorkerEntry = known ?? { peer, role, slots, addresses: [], presence, lastSeenMs: 0, reserved: [], reported: running, foreign, passedOver: NEVER }
    if (role !== entry.role) this.#leaveRole(entry)
    entry.role = role
    entry.slots = slots
    entry.presence = presence
    entry.lastSeenMs = this.#now()
    entry.reported = running
    entry.foreign = foreign
    entry.passedOver = NEVER
    if (addresses !== undefined) {
      entry.addresses = addresses
      this.remember(peer, addresses)
    }
    this.#workers.set(peer, entry)
    setOf(this.#roles, role).add(entry)
    this.#index(entry)
    return entry
  }

  get (peer: string): WorkerEntry | undefined {
    return this.#workers.get(peer)
  }

  get size (): number {
    return this.#workers.size
  }

  /** Gives a slot to an attempt. A worker that is not here holds nothing. */
  reserve (peer: string, ref: AttemptRef): void {
    const entry = this.#workers.get(peer)
    if (entry === undefined) return
    if (placeOf(entry, ref) !== NONE) return
    entry.reserved.push(ref)
    this.#index(entry)
  }

  release (peer: string, ref: AttemptRef): void {
    const entry = this.#workers.get(peer)
    const place = entry === undefined ? NONE : placeOf(entry, ref)
    if (place === NONE) return
    entry!.reserved.splice(place, 1)
    this.#index(entry!)
  }

  suspect (peer: string): boolean {
    const entry = this.#workers.get(peer)
    if (entry === undefined) return false
    entry.presence = 'suspect'
    this.#index(entry)
    return true
  }

  remove (peer: string): WorkerEntry | undefined {
    const entry = this.#workers.get(peer)
    if (entry === undefined) return undefined
    this.#workers.delete(peer)
    this.#leaveRole(entry)
    return entry
  }

  countOf (role: Role): number {
    return setOf(this.#roles, role).size
  }

  /** Peers not seen since `beforeMs`. */
  unseenSince (beforeMs: number): string[] {
    const peers: string[] = []
    for (const { peer, lastSeenMs } of this.#workers.values()) if (lastSeenMs < beforeMs) peers.push(peer)
    return peers
  }

  /** Whether a ready worker of a role is there that passes. */
  hasReady (role: Role, passes: (worker: WorkerEntry) => boolean = () => true): boolean {
    const nowMs = this.#now()
    for (const worker of setOf(this.#roles, role)) if (this.#isReady(worker, nowMs) && passes(worker)) return true
    return false
  }

  ready (role: Role): WorkerEntry[] {
    const nowMs = this.#now()
    return [...setOf(this.#roles, role)].filter(worker => this.#isReady(worker, nowMs))
  }

  /** Ready workers of a role with free slots, the most free first; without those that were passed over at this version of what waits. */
  free (role: Role, version?: number): WorkerEntry[] {
    const nowMs = this.#now()
    const free: WorkerEntry[] = []
    for (const worker of setOf(this.#free, role)) if (worker.passedOver !== version && this.#isReady(worker, nowMs)) free.push(worker)
    return free.sort((a, b) => freeSlots(b) - freeSlots(a))
  }

  all (): WorkerEntry[] {
    return [...this.#workers.values()]
  }

  /** Notes where a peer is reached, also when it has gone. */
  remember (peer: string, addresses: string[]): void {
    this.#addresses.delete(peer)
    this.#addresses.set(peer, addresses)
    if (this.#addresses.size > MAX_REMEMBERED) this.#addresses.delete(this.#addresses.keys().next().value!)
  }

  /** Multiaddrs that end in `/p2p/PEER`; the bare peer where none is known. */
  providersOf (peer: string): string[] {
    const addresses = this.#addresses.get(peer) ?? []
    return addresses.length > 0 ? addresses : [`/p2p/${peer}`]
  }

  status (): WorkerStatus[] {
    return this.all().map(({ peer, role, slots, presence, addresses, reserved, reported }) =>
      ({ peer, role, slots, running: reserved.length, state: presence, addresses, attempts: reported }))
  }

  #isReady ({ presence, lastSeenMs }: WorkerEntry, nowMs: number): boolean {
    return presence === 'ready' && nowMs - lastSeenMs < this.#silentMs
  }

  #leaveRole (worker: WorkerEntry): void {
    setOf(this.#roles, worker.role).delete(worker)
    setOf(this.#free, worker.role).delete(worker)
  }

  #index (worker: WorkerEntry): void {
    const free = setOf(this.#free, worker.role)
    if (worker.presence === 'ready' && freeSlots(worker) > 0) free.add(worker)
    else free.delete(worker)
  }
}

function setOf (sets: Map<Role, Set<WorkerEntry>>, role: Role): Set<WorkerEntry> {
  const set = sets.get(role) ?? new Set()
  sets.set(role, set)
  return set
}

function placeOf ({ reserved }: WorkerEntry, { job, kind, task, attempt }: AttemptRef): number {
  return reserved.findIndex(one => one.task === task && one.attempt === attempt && one.kind === kind && one.job === job)
}

/** Slots without an attempt, of this master or another. */
export function freeSlots ({ slots, reserved, foreign }: WorkerEntry): number {
  return Math.max(0, slots - reserved.length - foreign)
}
