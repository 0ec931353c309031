import { GUARD_INTERVAL_MS, RESIDENT_ROOM_MIB } from './constants.ts'
import type { Failure } from './failure.ts'

const MIB = 1024 * 1024

export interface ProgramGuardInit {
  maxHeapMiB: number
  maxCallMs: number
  /** Whether the program has nothing to do. */
  idle: () => boolean
  onFailure: (failure: Failure) => void
}

/** Watches, beside the isolate's thread, what the isolate cannot bound itself: time, and memory outside of its heap. */
export class ProgramGuard {
  readonly #init: ProgramGuardInit
  #signMs = 0
  #timer: NodeJS.Timeout | undefined

  constructor (init: ProgramGuardInit) {
    this.#init = init
  }

  begin (): void {
    this.sign()
    this.#timer = setInterval(() => { this.#look() }, GUARD_INTERVAL_MS)
  }

  end (): void {
    clearInterval(this.#timer)
  }

  /** The program has come to where it asks for something. */
  readonly sign = (): void => {
    this.#signMs = performance.now()
  }

  #look (): void {
    const { maxHeapMiB, maxCallMs, idle, onFailure } = this.#init
    if (idle()) this.sign()
    if (performance.now() - this.#signMs > maxCallMs) onFailure(endless(maxCallMs))
    else if (process.memoryUsage.rss() > (maxHeapMiB + RESIDENT_ROOM_MIB) * MIB) onFailure(outOfMemory(maxHeapMiB))
  }
}

export function outOfMemory (maxHeapMiB: number): Failure {
  return { code: 'PROGRAM', message: `out of memory: a program may use ${maxHeapMiB} MiB; emit what it gathers sooner, give it smaller records, or its workers more --program-memory` }
}

function endless (maxCallMs: number): Failure {
  return { code: 'TIMEOUT', message: `the program was stopped: one call of it took more than ${maxCallMs / 1000} s; does it loop for ever? Time stands still in a program, unless it says deterministic: false` }
}
