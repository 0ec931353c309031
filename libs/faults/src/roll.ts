import type { Clock, Log } from '@ipfs-mapreduce/actors'
import { formatFault } from './format.ts'
import type { Fault, FaultKind } from './fault.ts'

export interface RollInit {
  /** 0 ≤ result < 1. */
  random: () => number
  clock: Clock
  log?: Log
  /** Told each time a fault strikes. */
  onFault?: (fault: Fault) => void
}

/** A fault with what it has seen and done. */
interface Armed {
  fault: Fault
  seen: number
  struck: number
}

/** Decides, occurrence by occurrence, which faults strike. */
export class Roll {
  readonly #init: RollInit
  readonly #armed: Armed[]
  readonly #startMs: number

  constructor (faults: readonly Fault[], init: RollInit) {
    this.#init = init
    this.#armed = faults.map(fault => ({ fault, seen: 0, struck: 0 }))
    this.#startMs = init.clock.now()
  }

  /** Whether any fault could ever strike one of these. */
  concerns (kinds: readonly FaultKind[], targets: readonly string[]): boolean {
    return this.#armed.some(({ fault }) => kinds.includes(fault.kind) && targets.includes(fault.target))
  }

  /** Something of these targets takes place: the faults of a kind that strike it. All that match are judged, so that each counts for itself. */
  strike (kind: FaultKind, targets: readonly string[]): Fault[] {
    return this.#armed
      .filter(armed => armed.fault.kind === kind && targets.includes(armed.fault.target) && this.#strikes(armed))
      .map(({ fault }) => {
        this.tell(fault)
        return fault
      })
  }

  strikes (kind: FaultKind, ...targets: string[]): boolean {
    return this.strike(kind, targets).length > 0
  }

  /** Milliseconds of a delay, drawn where the fault says so; 0 where it says nothing. */
  drawMs ({ ms, minMs = 0, maxMs = minMs }: Fault): number {
    return ms ?? minMs + this.#init.random() * (maxMs - minMs)
  }

  /** How long a fault has been active until now, in milliseconds. */
  activeMs ({ afterMs = 0, forMs = Infinity }: Fault): number {
    return Math.min(Math.max(this.#elapsedMs() - afterMs, 0), forMs)
  }

  active ({ afterMs = 0, forMs = Infinity }: Fault): boolean {
    const elapsedMs = this.#elapsedMs() - afterMs
    return elapsedMs >= 0 && elapsedMs < forMs
  }

  tell (fault: Fault): void {
    this.#init.log?.info({ fault: formatFault(fault) }, `injected ${fault.kind}:${fault.target}`)
    this.#init.onFault?.(fault)
  }

  #strikes (armed: Armed): boolean {
    const { p, nth, times = Infinity } = armed.fault
    if (!this.active(armed.fault) || armed.struck >= times) return false
    armed.seen++
    if (nth !== undefined && armed.seen !== nth) return false
    if (p < 1 && this.#init.random() >= p) return false
    armed.struck++
    return true
  }

  #elapsedMs (): number {
    return this.#init.clock.now() - this.#startMs
  }
}
