import type { ErrorCode } from '@ipfs-mapreduce/mapreduce'
import { MS_PER_SECOND } from './names.ts'

/** Every code that a failure may have, so that each is a label and what is none is not. */
const CODES: Record<ErrorCode, true> = {
  TRANSIENT: true, PROGRAM: true, FATAL: true, BLOCK_UNAVAILABLE: true, INPUT_LOST: true, TIMEOUT: true, ABORTED: true, STORAGE: true, BAD_INPUT: true, REFUSED: true, UNREACHABLE: true
}

/** Seconds since a moment that a clock was read at, both in milliseconds. */
export function secondsSince (fromMs: number, nowMs: number): number {
  return Math.max(0, nowMs - fromMs) / MS_PER_SECOND
}

/** Does work and says how it went: `ok`, or the code of its failure, and after how many seconds. */
export async function timed<T> (work: () => Promise<T>, done: (outcome: string, seconds: number) => void): Promise<T> {
  const fromMs = performance.now()
  try {
    const result = await work()
    done('ok', secondsSince(fromMs, performance.now()))
    return result
  } catch (error) {
    done(codeOf(error), secondsSince(fromMs, performance.now()))
    throw error
  }
}

/** By its code rather than its class: this module is bundled apart from what throws. */
function codeOf (error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' && code in CODES ? code : 'OTHER'
}
