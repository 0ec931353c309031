import type { Interrupt } from '../interrupt.ts'

/** What a command is given beside its arguments. */
export interface CommandContext {
  interrupt: Interrupt
  /** Milliseconds since the process was started. */
  elapsed: () => number
  /** Writes to stdout, where results go; resolves when it is written. */
  print: (text: string | Uint8Array) => Promise<void>
}
