import { answerOf, judge, sameAnswer, type Answer } from './answer.ts'
import { attemptKey } from '../attempt-key.ts'
import type { TaskRecord, TaskTable } from './task-table.ts'
import type { Trust } from './trust.ts'
import type { AttemptCompleted, AttemptRef } from '@ipfs-mapreduce/protocol'

export interface SettlementInit {
  job: string
  table: TaskTable
  trust: Trust
  /** Whether equal tasks give equal answers. If not there is nothing to compare: the first answer counts. */
  deterministic: boolean
  /** The answer stands. */
  commit: (record: TaskRecord, completion: AttemptCompleted, answer: Answer) => void
  /** What was committed does not count any more, and the task runs again. */
  reopen: (record: TaskRecord) => void
  /** A worker's answer differs from what others made of the same task. */
  onLiar: (worker: string, task: TaskRecord) => void
  onWork: () => void
  warn: (message: string) => void
}

/** Which of the answers to a task counts. Equal tasks give equal CIDs: where two differ another worker decides. */
export class Settlement {
  readonly #init: SettlementInit
  /** Attempts that were reported when no other worker was there. */
  readonly #alone = new Set<string>()
  /** Answers that came while another was being secured. */
  readonly #late = new Map<number, Array<{ from: string, message: AttemptCompleted }>>()

  constructor (init: SettlementInit) {
    this.#init = init
  }

  /** No other worker was there that could decide, if this attempt's answer contradicts one of its own. */
  noteAlone (ref: AttemptRef): void {
    this.#alone.add(attemptKey(ref))
  }

  /** An answer that came while another was being secured is looked at with it. */
  defer ({ task }: TaskRecord, from: string, message: AttemptCompleted): void {
    this.#late.set(task, [...this.#late.get(task) ?? [], { from, message }])
  }

  /** What was deferred was made from what does not count any more. */
  forget (task: number): void {
    this.#late.delete(task)
  }

  /** A task has an answer: it commits, unless another one says otherwise. */
  settle (record: TaskRecord, completion: AttemptCompleted, worker: string): void {
    const { trust, table, warn, commit, onLiar } = this.#init
    const next = answerOf(completion, worker, table.packCounters(completion.counters))
    if (record.answer === undefined && record.rivals.length === 0 && !this.#late.has(record.task)) {
      commit(record, completion, next)
      return
    }
    const late = this.#takeLate(record)
    const credible = (answers: Answer[]): Answer[] => answers.filter(answer => !trust.isBanned(answer.worker))
    const rivals = credible(record.rivals)
    const [standing] = this.#incomparable(record) ? [] : rivals.length === 1 ? rivals : credible(record.answer === undefined ? [] : [record.answer])
    const verdict = judge(standing, rivals.length > 1 ? rivals : [], next)
    const dissent = this.#incomparable(record) || rivals.length > 1 ? undefined : credible(late).find(answer => !sameAnswer(answer, next))
    if (verdict.type === 'stands' && dissent !== undefined && !this.#isAlone(record.task, [next, dissent])) {
      this.#contest(record, [next, dissent])
      return
    }
    const undecided = verdict.type === 'undecided' || (verdict.type === 'contested' && this.#isAlone(record.task, verdict.rivals))
    if (verdict.type === 'contested' && !undecided) {
      this.#contest(record, verdict.rivals)
      return
    }
    if (undecided) {
      record.undecided = true
      warn(`the attempts at ${table.kind} task ${record.task} all gave different outputs; the program is not deterministic`)
    }
    commit(record, completion, next)
    if (verdict.type === 'stands') for (const liar of verdict.liars) onLiar(liar, record)
  }

  /** A committed task was completed once more: a different answer is a fault. */
  compare (record: TaskRecord, from: string, message: AttemptCompleted): void {
    const next = answerOf(message, from, this.#init.table.packCounters(message.counters))
    if (this.#incomparable(record) || sameAnswer(record.answer!, next)) return
    const rivals = [record.answer!, next]
    if (this.#isAlone(record.task, rivals)) return
    this.#init.reopen(record)
    record.rivals = rivals
    this.#warnContested(record)
  }

  /** Whether any answer is as good as another. */
  #incomparable (record: TaskRecord): boolean {
    return !this.#init.deterministic || record.undecided === true
  }

  #takeLate ({ task }: TaskRecord): Answer[] {
    const late = this.#late.get(task) ?? []
    this.#late.delete(task)
    return late.map(({ from, message }) => answerOf(message, from, this.#init.table.packCounters(message.counters)))
  }

  #contest (record: TaskRecord, rivals: Answer[]): void {
    record.rivals = rivals
    this.#init.table.retry(record)
    this.#warnContested(record)
    this.#init.onWork()
  }

  /** A worker contradicts itself, and no other one was there to decide. */
  #isAlone (task: number, rivals: Answer[]): boolean {
    const { job, table: { kind } } = this.#init
    const attempt = Math.max(...rivals.map(one => one.attempt))
    return new Set(rivals.map(({ worker }) => worker)).size === 1 && this.#alone.has(attemptKey({ job, kind, task, attempt }))
  }

  #warnContested ({ task, rivals }: TaskRecord): void {
    const { table: { kind }, warn } = this.#init
    warn(`${rivals.map(({ attempt, worker }) => `attempt ${attempt} at worker ${worker}`).join(' and ')} gave different outputs of ${kind} task ${task}; another worker decides`)
  }
}
