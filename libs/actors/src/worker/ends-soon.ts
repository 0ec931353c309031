/** An attempt yields its slot when it is thought to end within this time: a little more than a report and an offer take. */
const YIELD_AHEAD_MS = 500

/** What is known of an attempt when the last of its input has been read. */
export interface InputRead {
  /** How long it has executed. */
  elapsedMs: number
  /** All of its input. */
  bytes: number
  /** Most of it that its program may not have looked at yet. */
  aheadBytes: number
}

/**
 * Whether an attempt is near its end, at the pace at which it came here. What was read at once tells nothing of the pace, and a
 * task that waits behind a slow one would be better off elsewhere.
 */
export function endsSoon ({ elapsedMs, bytes, aheadBytes }: InputRead): boolean {
  return aheadBytes === 0 || (bytes > aheadBytes && elapsedMs * aheadBytes / (bytes - aheadBytes) <= YIELD_AHEAD_MS)
}
