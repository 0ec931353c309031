import { MAX_SKIPPED_LISTED, MAX_SKIPPED_MESSAGE_CHARS } from './constants.ts'
import { ProgramError } from './errors.ts'
import type { MapReduceError } from './errors.ts'
import type { SkippedRecord } from './job.ts'
import { thrownByProgram } from './program-call.ts'

/**
 * The records or groups that an attempt has passed over, because the program threw (Dean and Ghemawat, OSDI 2004,
 * section 4.6). A job has one bound over all of its tasks, and one attempt may use it up.
 */
export class Skips {
  /** The first MAX_SKIPPED_LISTED of them. */
  readonly listed: SkippedRecord[] = []
  count = 0
  readonly #allowed: number

  constructor (allowed: number) {
    this.#allowed = allowed
  }

  /** Whether a throw may be passed over at all. */
  get allowed (): boolean {
    return this.#allowed > 0
  }

  /**
   * Notes one that is passed over. `failure` is what a call that threw `thrown` fails with, and is thrown where the
   * program is not to blame; where one more was thrown than is allowed, with the bound in its message.
   */
  note (where: Omit<SkippedRecord, 'message'>, failure: MapReduceError, thrown: unknown): void {
    const message = thrownByProgram(thrown)
    if (message === undefined) throw failure
    if (++this.count > this.#allowed) throw this.#exceeded(failure)
    if (this.listed.length < MAX_SKIPPED_LISTED) this.listed.push({ ...where, message: message.slice(0, MAX_SKIPPED_MESSAGE_CHARS).toWellFormed() })
  }

  #exceeded (failure: MapReduceError): MapReduceError {
    const stack = failure instanceof ProgramError ? failure.programStack : ''
    return new ProgramError(`${failure.message}; the program threw ${this.count} times in this task, and --skip-bad-records allows ${this.#allowed}`, stack, { cause: failure })
  }
}
