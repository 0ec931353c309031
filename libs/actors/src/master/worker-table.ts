import type { AttemptProgress, AttemptRef, Role, WorkerStatus } from '@ipfs-mapreduce/protocol'

/** Presence of a worker as its master sees it. */
export type Presence = 'ready' | 'draining' | 'suspect'

/** Workers that have gone whose addresses are kept: runs that they made may still be asked of them. */
const MAX_REMEMBERED = 16_384

/** An attempt at a worker. */
export interface Reservation {
  readonly ref: AttemptRef
  /** False once it needs its slot for little longer. */
  holdsSlot: boolean
}

export interface WorkerEntry {
  readonly peer: string
  role: Role
  slots: number
  addresses: string[]
  presence: Presence
  lastSeenMs: number
  /** Attempts that this master has given it and that run: about as few as its slots, so that they are looked through faster than they are named. */
  readonly reserved: Reservation[]
  /** Attempts that it said it runs. */
  reported: AttemptProgress[]
  /** How many of them are for other masters. */
  foreign: number
  /** The version of what waits for a role of which nothing suited it, until it is seen again. */
  passedOver: Partial<Record<WorkerRole, number>>
}

const NONE = -1

/** What a worker does. */
export type WorkerRole = 'mapper' | 'reducer'

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
  readonly #roles = { mapper: new Set<WorkerEntry>(), reducer: new Set<WorkerEntry>() }
  readonly #free = { mapper: new Set<WorkerEntry>(), reducer: new Set<WorkerEntry>() }
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
    const entry: WorkerEntry = known ?? { peer, role, slots, addresses: [], presence, lastSeenMs: 0, reserved: [], reported: running, foreign, passedOver: {} }
    if (role !== entry.role) this.#leaveRole(entry)
    entry.role = role
    entry.slots = slots
    entry.presence = presence
    entry.lastSeenMs = this.#now()
    entry.reported = running
    entry.foreign = foreign
    entry.passedOver = {}
    if (addresses !== undefined) {
      entry.addresses = addresses
      this.remember(peer, addresses)
    }
    this.#workers.set(peer, entry)
    for (const one of rolesOf(role)) this.#roles[one].add(entry)
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
    entry.reserved.push({ ref, holdsSlot: held(entry) < slotsOf(entry) })
    this.#index(entry)
  }

  /** An attempt needs its slot for little longer: it may be given to another. Not for more of them than there are slots: what waits at a worker is bounded. */
  yieldSlot (peer: string, ref: AttemptRef): void {
    const entry = this.#workers.get(peer)
    const reservation = entry?.reserved[placeOf(entry, ref)]
    if (reservation === undefined || entry!.reserved.length - held(entry!) >= slotsOf(entry!)) return
    reservation.holdsSlot = false
    this.#index(entry!)
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

  countOf (role: WorkerRole): number {
    return this.#roles[role].size
  }

  /** Peers not seen since `beforeMs`. */
  unseenSince (beforeMs: number): string[] {
    const peers: string[] = []
    for (const { peer, lastSeenMs } of this.#workers.values()) if (lastSeenMs < beforeMs) peers.push(peer)
    return peers
  }

  /** Whether a ready worker of a role is there that passes. */
  hasReady (role: WorkerRole, passes: (worker: WorkerEntry) => boolean = () => true): boolean {
    const nowMs = this.#now()
    for (const worker of this.#roles[role]) if (this.#isReady(worker, nowMs) && passes(worker)) return true
    return false
  }

  ready (role: WorkerRole): WorkerEntry[] {
    const nowMs = this.#now()
    return [...this.#roles[role]].filter(worker => this.#isReady(worker, nowMs))
  }

  /** Ready workers of a role with free slots, the most free first; without those that were passed over at this version of what waits. */
  free (role: WorkerRole, version?: number): WorkerEntry[] {
    const nowMs = this.#now()
    const free: WorkerEntry[] = []
    for (const worker of this.#free[role]) if ((version === undefined || worker.passedOver[role] !== version) && this.#isReady(worker, nowMs)) free.push(worker)
    return free.sort((a, b) => freeSlots(b, role) - freeSlots(a, role))
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
      ({ peer, role, slots, running: reserved.filter(({ holdsSlot }) => holdsSlot).length, state: presence, addresses, attempts: reported }))
  }

  #isReady ({ presence, lastSeenMs }: WorkerEntry, nowMs: number): boolean {
    return presence === 'ready' && nowMs - lastSeenMs < this.#silentMs
  }

  #leaveRole (worker: WorkerEntry): void {
    for (const role of rolesOf(worker.role)) {
      this.#roles[role].delete(worker)
      this.#free[role].delete(worker)
    }
  }

  #index (worker: WorkerEntry): void {
    for (const role of rolesOf(worker.role)) {
      if (worker.presence === 'ready' && freeSlots(worker, role) > 0) this.#free[role].add(worker)
      else this.#free[role].delete(worker)
    }
  }
}

/** Neither, of a peer that is no worker. */
function rolesOf (role: Role): WorkerRole[] {
  if (role === 'worker') return ['mapper', 'reducer']
  return role === 'mapper' || role === 'reducer' ? [role] : []
}

/** Attempts that hold slots. */
function held ({ reserved }: WorkerEntry): number {
  return reserved.filter(({ holdsSlot }) => holdsSlot).length
}

/** Slots of both kinds. */
function slotsOf ({ role, slots }: WorkerEntry): number {
  return slots * rolesOf(role).length
}

function placeOf ({ reserved }: WorkerEntry, { job, kind, task, attempt }: AttemptRef): number {
  return reserved.findIndex(({ ref: one }) => one.task === task && one.attempt === attempt && one.kind === kind && one.job === job)
}

/**
 * Slots for attempts of a role without one, of this master or another. One that is mapper and reducer has as many of each kind, so
 * that reduces that wait for maps cannot take theirs; what it runs for other masters counts against both.
 */
export function freeSlots ({ role: own, slots, reserved, foreign }: WorkerEntry, role: WorkerRole): number {
  const taken = reserved.filter(({ ref: { kind }, holdsSlot }) => holdsSlot && (own !== 'worker' || (kind === 'map') === (role === 'mapper'))).length
  return Math.max(0, slots - taken - foreign)
}
