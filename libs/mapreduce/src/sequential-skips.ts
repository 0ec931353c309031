import type { Counters, SkippedRecord } from './job.ts'
import { thrownByProgram } from './program-call.ts'

/** A call of the program, and what is to be done about it where it throws. */
export interface SequentialCall {
  call: () => void
  /** Takes back what the call emitted. */
  undo: () => void
  where: Omit<SkippedRecord, 'message'>
  /** The counter of what is skipped. */
  counter: string
}

/** How the oracle skips: it notes what was before a call, and puts it back. It shares no code with the tasks' way on purpose. */
export class SequentialSkips {
  readonly skipped: SkippedRecord[] = []
  readonly #limit: number
  readonly #counters: Counters

  constructor (limit: number, counters: Counters) {
    this.#limit = limit
    this.#counters = counters
  }

  /** Throws what the call throws, where it is not the program's fault or one too many. */
  attempt ({ call, undo, where, counter }: SequentialCall): void {
    const before = { ...this.#counters }
    try {
      call()
    } catch (error) {
      const message = thrownByProgram(error)
      if (message === undefined || this.skipped.length === this.#limit) throw error
      undo()
      for (const name of Object.keys(this.#counters)) if (!(name in before)) Reflect.deleteProperty(this.#counters, name)
      Object.assign(this.#counters, before, { [counter]: (before[counter] ?? 0) + 1 })
      this.skipped.push({ ...where, message })
    }
  }
}
