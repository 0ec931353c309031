import { BAN_MS, FORGIVEN_POINTS_PER_SECOND, MAX_JUDGED_PEERS, MAX_OFFENCE_POINTS } from './constants.ts'

/**
 * What a node counts of others' misdeeds:
 * - `stranger`: a connection that ended before its peer had proved who it is, as without the swarm key
 * - `unlisted`: a peer that is not on the list of those allowed
 * - `banned`: one that comes back too early
 * - `oversized`, `malformed`: bytes past a bound, or that are no message
 * - `forged`: an announcement that its author has not signed
 * - `replayed`: an announcement that was heard before, or long before the author's last one
 * - `unauthorized`: a message that its sender may not send
 */
export type Offence = 'stranger' | 'unlisted' | 'banned' | 'oversized' | 'malformed' | 'forged' | 'replayed' | 'unauthorized'

/**
 * What each costs whom it can be laid to. No honest peer sends the dear ones; the cheap ones happen to honest peers too,
 * where messages cross or a service has just been started again.
 */
const POINTS: Record<Offence, number> = {
  stranger: 0, unlisted: 0, banned: 0,
  oversized: MAX_OFFENCE_POINTS / 10, malformed: MAX_OFFENCE_POINTS / 10, forged: MAX_OFFENCE_POINTS / 10,
  replayed: MAX_OFFENCE_POINTS / 100, unauthorized: MAX_OFFENCE_POINTS / 500
}

interface Standing {
  points: number
  /** When `points` was true. */
  atMs: number
  bannedUntilMs: number
  last: Offence
}

/** A peer against which something is held. */
export interface Offender {
  peer: string
  /** Towards `MAX_OFFENCE_POINTS`, rounded up; 0 of one that is kept out. */
  points: number
  /** The offence that was noted last. */
  last: Offence
  isBanned: boolean
}

export interface ConductInit {
  /** Milliseconds of a clock that does not go back. */
  nowMs: () => number
  /** Told once each time that a peer has gone too far. */
  onBanned: (peer: string, last: Offence) => void
}

/** Keeps count of offences, by kind and by peer: points that are forgiven with time, and past a bound a ban. */
export class Conduct {
  readonly #init: ConductInit
  readonly #counts: Record<Offence, number> = { stranger: 0, unlisted: 0, banned: 0, oversized: 0, malformed: 0, forged: 0, replayed: 0, unauthorized: 0 }
  /** By peer, those judged longest ago first. */
  readonly #records = new Map<string, Standing>()

  constructor (init: ConductInit) {
    this.#init = init
  }

  /** Offences since the start, by kind. */
  counts (): Record<Offence, number> {
    return { ...this.#counts }
  }

  /** Notes an offence; of a peer, or of a connection that has not proved whose it is. */
  note (offence: Offence, peer?: string): void {
    this.#counts[offence]++
    if (peer === undefined || POINTS[offence] === 0 || this.isBanned(peer)) return
    const nowMs = this.#init.nowMs()
    const points = this.#pointsOf(peer, nowMs) + POINTS[offence]
    const banned = points >= MAX_OFFENCE_POINTS
    this.#records.delete(peer)
    this.#records.set(peer, { points: banned ? 0 : points, atMs: nowMs, bannedUntilMs: banned ? nowMs + BAN_MS : 0, last: offence })
    if (this.#records.size > MAX_JUDGED_PEERS) this.#records.delete(this.#records.keys().next().value!)
    if (banned) this.#init.onBanned(peer, offence)
  }

  isBanned (peer: string): boolean {
    const record = this.#records.get(peer)
    return record !== undefined && record.bannedUntilMs > this.#init.nowMs()
  }

  /** Peers that are kept out, whose offences are not forgiven yet, or that offended within BAN_MS: a cheap offence is forgiven before a person looks. At most so many, those that offended last first. */
  offenders (most: number): Offender[] {
    const nowMs = this.#init.nowMs()
    const found: Offender[] = []
    for (const [peer, { last, atMs }] of [...this.#records].reverse()) {
      if (found.length === most) break
      const offender = { peer, points: Math.ceil(this.#pointsOf(peer, nowMs)), last, isBanned: this.isBanned(peer) }
      if (offender.isBanned || offender.points > 0 || nowMs - atMs < BAN_MS) found.push(offender)
    }
    return found
  }

  #pointsOf (peer: string, nowMs: number): number {
    const record = this.#records.get(peer)
    if (record === undefined) return 0
    return Math.max(0, record.points - (nowMs - record.atMs) / 1000 * FORGIVEN_POINTS_PER_SECOND)
  }
}
