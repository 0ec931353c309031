import type { Clock } from '@ipfs-mapreduce/actors'
import type { Roll } from './roll.ts'
import type { Step } from './vocabulary.ts'
import type { Waits } from './waits.ts'

export interface PerilsInit {
  roll: Roll
  clock: Clock
  /** Ends the process. */
  crash: () => void
}

/** What may befall a process in its work, whatever part of it works. */
export class Perils {
  readonly #init: PerilsInit

  constructor (init: PerilsInit) {
    this.#init = init
  }

  /** Whether the process ends at once; one that ends later ends by a timer. */
  crashes (targets: readonly string[]): boolean {
    const { roll, clock, crash } = this.#init
    const delays = roll.strike('crash', targets).map(fault => roll.drawMs(fault))
    for (const ms of delays.filter(ms => ms > 0)) clock.setTimeout(crash, ms)
    if (!delays.includes(0)) return false
    crash()
    return true
  }

  /** Resolves when a step of an attempt may begin: late, or never; never after a crash. Rejects with `ABORTED`. */
  async begin (step: Step, waits: Waits, signal?: AbortSignal): Promise<void> {
    const { roll } = this.#init
    if (this.crashes([step])) await forever()
    if (roll.strikes('stall', step)) await waits.wait(Infinity, signal)
    for (const fault of roll.strike('slow', [step])) await waits.wait(roll.drawMs(fault), signal)
  }
}

/** After the end of the process nothing goes on. */
export async function forever (): Promise<never> {
  return await new Promise<never>(() => {})
}
