import { constants } from 'node:os'
import { InterruptedError } from './errors.ts'
import { staysBehind } from './stays-behind.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** A terminal's Ctrl-C reaches this process both from the terminal and from the launcher: within this time it is one. */
const SAME_KEYPRESS_MS = 300

export interface Interrupt {
  /** Aborted by the first signal, its reason an `InterruptedError`. */
  signal: AbortSignal
  /** Called on a second signal: there is no time left to be polite. */
  onSecond: (listener: () => void) => void
  /** From now on the first signal ends the process: for work that does not let the event loop turn. */
  letGo: () => void
}

/**
 * Turns signals into an abort: the first asks everything to wind up, the second ends the process at once.
 * A launcher that goes away (its IPC channel closes) counts as a hang-up.
 */
export function listenForInterrupts (exit: (code: number) => void): Interrupt {
  const controller = new AbortController()
  let firstAt = 0
  let last = (): void => {}
  const interrupt = (signal: typeof SIGNALS[number]): void => {
    const code = 128 + constants.signals[signal]
    if (!controller.signal.aborted) {
      firstAt = Date.now()
      controller.abort(new InterruptedError(code))
    } else if (Date.now() - firstAt > SAME_KEYPRESS_MS) {
      last()
      exit(code)
    }
  }
  for (const signal of SIGNALS) process.on(signal, interrupt)
  if (!staysBehind()) process.once('disconnect', () => { interrupt('SIGHUP') })
  return {
    signal: controller.signal,
    onSecond: listener => { last = listener },
    letGo: () => { for (const signal of SIGNALS) process.off(signal, interrupt) }
  }
}
