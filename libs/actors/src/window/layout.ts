import type { TaskKind } from '@ipfs-mapreduce/protocol'

/** How an attempt stands: `overtaken` was given up, because another one was first or the job ended. */
export const OUTCOMES = ['active', 'completed', 'failed', 'lost', 'refused', 'overtaken'] as const
/** One of `OUTCOMES`. */
export type AttemptOutcome = typeof OUTCOMES[number]

/** Numbers of a row: task, attempt, worker (its place in `workers`), begin and end in ms since the job's start, bits. */
export const ROW = 6
/** In the last number of a row; from `OUTCOME_SHIFT` on stands the place in `OUTCOMES`. */
export const IS_REDUCE = 1
/** Set where it ran beside a slow attempt at the same task. */
export const IS_BACKUP = 2
/** Set where its worker held the input. */
export const IS_LOCAL = 4
/** Bits below the place in `OUTCOMES`. */
export const OUTCOME_SHIFT = 3

/** An attempt as a row tells of it; times are milliseconds since the job's start. */
export interface LoggedAttempt {
  kind: TaskKind
  task: number
  attempt: number
  worker: string
  startMs: number
  /** -1 while it runs. */
  endMs: number
  outcome: AttemptOutcome
  backup: boolean
  local: boolean
}

/** States of a task as it is looked at; a task's state is sent as one character. */
export const TASK_STATES = {
  waiting: '.', offered: 'o', running: 'r', backedUp: 'b', securing: 's', backingOff: 'w', committed: 'c', failed: 'f', givenUp: 'x'
} as const
/** A key of `TASK_STATES`. */
export type TaskState = keyof typeof TASK_STATES

/** Character codes of the states. */
export const CODES = Object.fromEntries(Object.entries(TASK_STATES).map(([state, char]) => [state, char.charCodeAt(0)])) as Record<TaskState, number>

/** Reads a state from its character code. */
export function stateOf (code: number): TaskState {
  return (Object.keys(CODES) as TaskState[]).find(state => CODES[state] === code) ?? 'waiting'
}

/** Reads the row that begins at this index. */
export function readRow (rows: ArrayLike<number>, at: number, workers: readonly string[]): LoggedAttempt {
  const bits = rows[at + 5]!
  return {
    kind: (bits & IS_REDUCE) === 0 ? 'map' : 'reduce', task: rows[at]!, attempt: rows[at + 1]!, worker: workers[rows[at + 2]!] ?? '',
    startMs: rows[at + 3]!, endMs: rows[at + 4]!, outcome: OUTCOMES[bits >> OUTCOME_SHIFT]!,
    backup: (bits & IS_BACKUP) !== 0, local: (bits & IS_LOCAL) !== 0
  }
}
