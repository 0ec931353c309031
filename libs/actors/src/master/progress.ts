import { MAP_SKIPPED_RECORDS, REDUCE_SKIPPED_GROUPS, type Counters, type SkippedRecord } from '@ipfs-mapreduce/mapreduce'
import { MAX_SKIPPED, type JobStatus } from '@ipfs-mapreduce/protocol'

/** Warnings kept with a job; what more there is stands in the log. */
const MAX_WARNINGS = 32

export type Phase = 'plan' | 'map' | 'reduce' | 'commit' | 'total'

/** What is counted and told of a job while it goes on: nothing that decides anything. */
export class Progress {
  readonly #now: () => number
  readonly startedMs: number
  readonly counters: Counters = {}
  readonly warnings: string[] = []
  readonly splits = { local: 0, remote: 0 }
  readonly #ends = new Map<Phase, number>()
  readonly #skipped = new Map<string, SkippedRecord[]>()
  inputBytes = 0
  fetchedBytes = 0

  constructor (now: () => number, startedMs: number) {
    this.#now = now
    this.startedMs = startedMs
  }

  count (counters: Counters, sign: 1 | -1 = 1): void {
    for (const name of Object.keys(counters)) this.counters[name] = (this.counters[name] ?? 0) + sign * counters[name]!
  }

  warn (message: string): void {
    if (this.warnings.length < MAX_WARNINGS) this.warnings.push(message)
  }

  skip (task: string, records: SkippedRecord[]): void {
    if (records.length > 0) this.#skipped.set(task, records)
    else this.#skipped.delete(task)
  }

  get skipped (): SkippedRecord[] {
    return [...this.#skipped.values()].flat().slice(0, MAX_SKIPPED)
  }

  /** What to say where more was skipped than is allowed. */
  skippedBeyond (allowed: number): string | undefined {
    const skipped = [MAP_SKIPPED_RECORDS, REDUCE_SKIPPED_GROUPS].reduce((sum, name) => sum + (this.counters[name] ?? 0), 0)
    if (skipped <= allowed) return undefined
    const [first] = this.skipped
    const at = first === undefined ? '' : `, the first ${first.file === undefined ? `of key ${first.key}` : `of ${first.file} at byte ${first.offset}`}: ${first.message}`
    return `the program threw on ${skipped} records${at}; --skip-bad-records allows ${allowed}`
  }

  endPhase (phase: Phase): void {
    this.#ends.set(phase, this.#now())
  }

  endOf (phase: Phase): number | undefined {
    return this.#ends.get(phase)
  }

  /** `plan`, `commit` and `total` are spans; `map` and `reduce` overlap, and both count from the end of planning. */
  phases (): JobStatus['phases'] {
    const begins: Record<Phase, number | undefined> = { plan: this.startedMs, map: this.endOf('plan'), reduce: this.endOf('plan'), commit: this.endOf('reduce'), total: this.startedMs }
    const ends = new Map([...this.#ends, ['total', this.endOf('total') ?? this.#now()] as const])
    return [...ends].flatMap(([name, ended]) => begins[name] === undefined ? [] : [{ name, ms: Math.max(0, ended - begins[name]) }])
  }
}
