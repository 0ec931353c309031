import { setTimeout as pause } from 'node:timers/promises'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { messageOf } from '../errors.ts'
import { formatDuration } from '../view/format.ts'
import type { MasterLink } from './ask.ts'
import { dialMaster } from './client.ts'

/** Before a master that was lost is asked again; doubles up to the longest. */
export const FIRST_WAIT_MS = 250
export const LONGEST_WAIT_MS = 4_000
/** How long a master may be silent while it is merely looked at. */
export const WATCH_PATIENCE_MS = 60_000
/** A loss is told of when asking this often did not help: what heals at once is no news. */
const TOLD_FAILURES = 2

export interface SteadyMasterInit {
  link: MasterLink
  /** How long the master may be silent. */
  reconnectMs: number
  signal: AbortSignal
  /** Told once of each loss, with the reason in one line. */
  onLost?: (reason: string) => void
  onBack?: () => void
}

/** A loss, and its end, in words for a person. */
export function tellingOf (address: string, reconnectMs: number, note: (text: string) => void): Pick<SteadyMasterInit, 'onLost' | 'onBack'> {
  return {
    onLost: reason => { note(`lost the master at ${address} (${reason}), trying again for up to ${formatDuration(reconnectMs)}`) },
    onBack: () => { note(`the master at ${address} is back`) }
  }
}

export interface SteadyQuestion {
  /** Whether a refusal as `TRANSIENT` is waited out from the start; after a loss it always is. */
  patient: boolean
}

/** A master that may go away and come back, as one that is started again does: what is asked of it is asked until it answers. */
export class SteadyMaster {
  #link: MasterLink
  readonly #init: SteadyMasterInit

  constructor (init: SteadyMasterInit) {
    this.#init = init
    this.#link = init.link
  }

  /** The connection that last stood. */
  get link (): MasterLink {
    return this.#link
  }

  /**
   * Asks, and asks again over a new connection while nobody answers: `question` must do no harm when asked twice.
   * Rejects with the master's refusal, with `UNREACHABLE` after `reconnectMs`, and as the signal says when it is raised.
   */
  async ask<T> (question: (link: MasterLink) => Promise<T>, { patient }: SteadyQuestion): Promise<T> {
    const { signal, onLost, onBack } = this.#init
    let failures = 0
    let lostAt = 0
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      try {
        if (failures > 0) this.#link = await dialMaster(this.#link.network, this.#link.address, signal)
        const answer = await question(this.#link)
        if (failures >= TOLD_FAILURES) onBack?.()
        return answer
      } catch (error) {
        signal.throwIfAborted()
        if (!isSilence(error, patient || failures > 0)) throw error
        if (failures++ === 0) lostAt = performance.now()
        const silentMs = performance.now() - lostAt
        if (silentMs + waitMs > this.#init.reconnectMs) throw this.#gone(silentMs, error)
        if (failures === TOLD_FAILURES) onLost?.(messageOf(error))
      }
      await pause(waitMs, undefined, { signal }).catch(() => { signal.throwIfAborted() })
    }
  }

  #gone (silentMs: number, cause: unknown): MapReduceError {
    return new MapReduceError('UNREACHABLE', `lost the master at ${this.#link.address}, which has not answered for ${formatDuration(silentMs)} (${messageOf(cause)})`, { cause })
  }
}

function isSilence (error: unknown, patient: boolean): boolean {
  if (!(error instanceof MapReduceError)) return false
  return error.code === 'UNREACHABLE' || error.code === 'TIMEOUT' || (patient && error.code === 'TRANSIENT')
}
