import { attemptKey } from '../attempt-key.ts'
import { AttemptLog } from './attempt-log.ts'
import { CODES, stateOf, type AttemptOutcome, type LoggedAttempt, type TaskState } from './layout.ts'
import { Samples } from './samples.ts'
import type { Watch, WatchedJob } from './watch.ts'
import type { TaskRecord } from '../master/task-table.ts'
import type { SplitRange } from '@ipfs-mapreduce/mapreduce'
import type { AttemptRef, Failure, TaskKind } from '@ipfs-mapreduce/protocol'

/** Failures kept with a job, the last ones; each may have a stack. */
export const MAX_FAILURES = 200

/** An attempt that ended without a result, and why. */
export interface LoggedFailure extends Failure {
  kind: TaskKind
  task: number
  attempt: number
  worker: string
  outcome: AttemptOutcome
  /** Milliseconds since the job's start. */
  ms: number
}

/** One task, closely. */
export interface TaskView {
  kind: TaskKind
  task: number
  state: TaskState
  /** Of its machine, as XState has it; undefined where none runs. */
  machine?: unknown
  attempts: LoggedAttempt[]
  /** A map's input; none where the job is over. */
  splits: SplitRange[]
  /** Mappers that hold its blocks. */
  holders: string[]
}

type Started = Parameters<Watch['attemptStarted']>[1]
type Ended = Parameters<Watch['attemptEnded']>[1]
const KINDS: TaskKind[] = ['map', 'reduce']

/** What is known of a job's course: live while it is open, and what remains of that when it has ended. */
export class JobView {
  readonly id: string
  readonly startedMs: number
  readonly attempts: AttemptLog
  readonly samples = new Samples()
  readonly failures: LoggedFailure[] = []
  /** Failures that were noted, kept or not. */
  failureCount = 0
  #job: WatchedJob | undefined
  readonly #final = new Map<TaskKind, Uint8Array>()

  constructor (job: WatchedJob, maxRows?: number) {
    this.#job = job
    this.id = job.id
    this.startedMs = job.startedMs
    this.attempts = new AttemptLog(maxRows)
  }

  get isOpen (): boolean {
    return this.#job !== undefined
  }

  /** The value of the job's machine, as XState has it; undefined where the job is over. */
  get machine (): unknown {
    return this.#job?.machine
  }

  /** Notes that an attempt runs, at a time in milliseconds since the epoch. */
  started (ref: AttemptRef, started: Started, nowMs: number): void {
    const { kind, task, attempt } = ref
    this.attempts.start(attemptKey(ref), { kind, task, attempt, ...started, startMs: nowMs - this.startedMs })
  }

  /** Notes how an attempt ended, at a time in milliseconds since the epoch. */
  ended (ref: AttemptRef, { worker, outcome, failure }: Ended, nowMs: number): void {
    const key = attemptKey(ref)
    const ms = nowMs - this.startedMs
    const told = failure?.code === 'ABORTED' ? 'overtaken' : outcome
    // One that nobody took is a moment long.
    if (!this.attempts.isOpen(key)) this.started(ref, { worker, backup: false, local: false }, nowMs)
    this.attempts.end(key, told, ms)
    if (failure === undefined || told === 'overtaken' || told === 'completed') return
    const { kind, task, attempt } = ref
    this.failures.push({ ...failure, kind, task, attempt, worker, outcome: told, ms })
    this.failureCount++
    if (this.failures.length > MAX_FAILURES) this.failures.shift()
  }

  /** Takes a sample of the job if it is time. */
  sample (nowMs: number): void {
    const ms = nowMs - this.startedMs
    if (this.#job !== undefined && this.samples.isDue(ms)) this.samples.take(ms, this.#job.status())
  }

  /** The job is over: keeps what is small, and lets go of its tasks. */
  close (nowMs: number): void {
    if (this.#job === undefined) return
    this.samples.take(nowMs - this.startedMs, this.#job.status())
    // What the job did not come to is given up with it.
    for (const kind of KINDS) this.#final.set(kind, this.states(kind).map(code => LASTING.has(code) ? code : CODES.givenUp))
    this.#job = undefined
  }

  /** The state of each task, one character code each. */
  states (kind: TaskKind): Uint8Array {
    const tasks = this.#tasks(kind)
    if (tasks === undefined) return this.#final.get(kind) ?? new Uint8Array(0)
    const { records } = tasks.table
    const states = new Uint8Array(records.length)
    for (let task = 0; task < records.length; task++) {
      const record = records[task]!
      states[task] = CODES[SETTLED[record.state] ?? moving(tasks.machineOf(task))]
    }
    return states
  }

  /** A task with its attempts; undefined where there is none of that number. */
  task (kind: TaskKind, task: number): TaskView | undefined {
    const states = this.#final.get(kind)
    const attempts = this.attempts.ofTask(kind, task)
    if (states !== undefined) return states[task] === undefined ? undefined : { kind, task, state: stateOf(states[task]), attempts, splits: [], holders: [] }
    const tasks = this.#tasks(kind)
    const record = tasks?.table.records[task]
    if (tasks === undefined || record === undefined) return undefined
    const machine = tasks.machineOf(task)
    return { kind, task, state: SETTLED[record.state] ?? moving(machine), attempts, splits: record.splits, holders: record.holders, ...machine !== undefined && { machine } }
  }

  #tasks (kind: TaskKind): WatchedJob['maps'] | undefined {
    return kind === 'map' ? this.#job?.maps : this.#job?.reduces
  }
}

/** States that a record tells by itself; of a task in flight its machine knows more. */
const SETTLED: Partial<Record<TaskRecord['state'], TaskState>> = { pending: 'waiting', backingOff: 'backingOff', committed: 'committed', failed: 'failed' }
/** States in which a task stays when its job is over. */
const LASTING = new Set<number>([CODES.waiting, CODES.committed, CODES.failed])

/** What a task in flight does, by the value of its machine; a task without one was given up with its job. */
function moving (machine: unknown): TaskState {
  if (machine === undefined) return 'givenUp'
  if (typeof machine === 'string') return machine === 'securing' || machine === 'judging' ? 'securing' : 'offered'
  const { primary, backup } = (machine as { attempting?: { primary: unknown, backup: unknown } }).attempting ?? {}
  const runs = [primary, backup].filter(place => typeof place === 'object').length
  return runs === 2 ? 'backedUp' : runs === 1 ? 'running' : 'offered'
}
