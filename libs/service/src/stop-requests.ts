import { fstatSync } from 'node:fs'
import { constants } from 'node:os'

/** One Ctrl-C may arrive twice: from the terminal, and from a parent such as nx that passes it on. */
export const SAME_REQUEST_MS = 250
/** A shell's exit status for a process that a signal ended is this and the signal's number. */
const SIGNAL_EXIT = 128
const STDIN = 0

export interface StopRequests {
  /** The first SIGINT or SIGTERM. */
  onDrain: (signal: string) => void
  /** A second one; `exitCode` is 130 for SIGINT. */
  onKill: (exitCode: number) => void
  /** The process that started this one is gone. */
  onOrphaned: () => void
}

/** Listens for what asks a service to stop. */
export function listenForStop (requests: StopRequests): void {
  let first: number | undefined
  const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
    const now = performance.now()
    if (first === undefined) {
      first = now
      requests.onDrain(signal)
    } else if (now - first > SAME_REQUEST_MS) {
      requests.onKill(SIGNAL_EXIT + constants.signals[signal])
    }
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  listenForParent(requests.onOrphaned)
}

/** A child of `fork` loses its channel when the parent dies, however it dies; any other child loses a piped stdin. */
function listenForParent (onOrphaned: () => void): void {
  if (process.channel !== undefined) process.once('disconnect', onOrphaned)
  if (process.env['IPMR_EXIT_WITH_PARENT'] !== '1') return
  const stdin = fstatSync(STDIN)
  if (!stdin.isFIFO() && !stdin.isSocket()) {
    throw new Error('IPMR_EXIT_WITH_PARENT=1 needs a pipe as stdin, held open by the parent')
  }
  process.stdin.once('close', onOrphaned).once('end', onOrphaned).once('error', onOrphaned).resume()
}
