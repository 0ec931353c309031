import type { Kind } from './kinds.ts'
import type { RoundResult } from './round.ts'

export interface Cost {
  kind: Kind
  /** Jobs that it alone struck, and that succeeded. */
  jobs: number
  /** Median of their times less the median of the undisturbed ones. */
  ms: number
}

/** What a run has shown so far. */
export class Statistics {
  rounds = 0
  exact = 0
  /** Reasons of jobs that failed because of what was done to them. */
  readonly failed: string[] = []
  /** What must never be. */
  readonly lost: string[] = []
  readonly faults = new Map<Kind, number>()
  readonly #calmMs: number[] = []
  readonly #struckMs = new Map<Kind, number[]>()

  add ({ round, jobs, struck, problems }: RoundResult): void {
    this.rounds++
    for (const { kind } of struck) this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1)
    for (const { job, verdict, ms, struck: suffered } of jobs) {
      if (verdict.kind === 'exact') this.exact++
      else this[verdict.kind].push(`round ${round.number}, ${job}: ${verdict.why}`)
      const [only] = suffered
      if (verdict.kind !== 'exact' || jobs.length > 1) continue
      if (only === undefined) this.#calmMs.push(ms)
      else if (suffered.length === 1) this.#struckMs.set(only.kind, [...this.#struckMs.get(only.kind) ?? [], ms])
    }
    this.lost.push(...problems.map(problem => `round ${round.number}: ${problem}`))
  }

  get calm (): { jobs: number, ms: number } {
    return { jobs: this.#calmMs.length, ms: median(this.#calmMs) }
  }

  /** By kind, the dearest first; none where no job was undisturbed. */
  costs (): Cost[] {
    if (this.#calmMs.length === 0) return []
    const costs = [...this.#struckMs].map(([kind, times]) => ({ kind, jobs: times.length, ms: median(times) - this.calm.ms }))
    return costs.sort((a, b) => b.ms - a.ms)
  }
}

/** NaN of nothing. */
export function median (numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2
}
