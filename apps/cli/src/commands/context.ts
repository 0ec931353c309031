import type { Interrupt } from '../interrupt.ts'

/** What a command is given beside its arguments. */
export interface CommandContext {
  interrupt: Interrupt
  /** Milliseconds since the process was started. */
  elapsed: () => number
  /** Writes to stdout, where results go; resolves when it is written. */
  print: (text: string | Uint8Array) => Promise<void>
  /** Writes each value to stdout as JSON on a line of its own, of a command that goes on: if it fails, its error is such a line, too. */
  printLines: (values: unknown[]) => Promise<void>
}
