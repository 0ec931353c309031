import { MapReduceError, ProgramError } from '@ipfs-mapreduce/mapreduce'
import type { ErrorCode } from '@ipfs-mapreduce/mapreduce'
import { programMessage, programStack } from './program-stack.ts'

/** An error as it crosses the channel. `stack` is there where the program threw. */
export interface Failure {
  code: ErrorCode
  message: string
  stack?: string
}

const CODES: Record<ErrorCode, true> = {
  TRANSIENT: true, PROGRAM: true, FATAL: true, BLOCK_UNAVAILABLE: true, INPUT_LOST: true, TIMEOUT: true, ABORTED: true,
  STORAGE: true, BAD_INPUT: true, REFUSED: true, UNREACHABLE: true
}

export function isErrorCode (value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(CODES, value)
}

const PLACE = /program\.mjs:\d+:\d+/
/** Where a syntax error is, as isolated-vm adds it to the message. */
const COMPILER_PLACE = / \[program\.mjs:\d+:\d+\]$/

/** Text of whatever was thrown; a program may throw anything, with a `toString` that throws again. */
function textOf (thrown: unknown): { message: string, stack: string } {
  try {
    // An error of a program's realm is no `Error` of this one.
    if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) {
      const message = String(thrown.message)
      return { message, stack: 'stack' in thrown ? String(thrown.stack ?? message) : message }
    }
    return { message: String(thrown), stack: String(thrown) }
  } catch (error) {
    const why = `a thrown value that cannot be shown (${typeof error})`
    return { message: why, stack: why }
  }
}

/** What the program itself threw, as a failure. */
export function programFailure (thrown: unknown, prefix = ''): Failure {
  const { message, stack } = textOf(thrown)
  return { code: 'PROGRAM', message: programMessage(prefix + message), stack: programStack(stack) }
}

/** Why a program cannot be used, whatever the work: its syntax, what it threw while it loaded, or that it is none. */
export function loadFailure (thrown: unknown): Failure {
  const { message, stack = '' } = programFailure(thrown)
  const place = PLACE.exec(stack)?.[0]
  const what = message.replace(COMPILER_PLACE, '')
  return { code: 'FATAL', message: `the program cannot be loaded: ${what}${place === undefined ? '' : ` (${place})`}` }
}

/** What a task ended with, as a failure. */
export function toFailure (thrown: unknown): Failure {
  if (thrown instanceof ProgramError) return { code: 'PROGRAM', message: programMessage(thrown.message), stack: programStack(thrown.programStack) }
  if (thrown instanceof MapReduceError) return { code: thrown.code, message: programMessage(thrown.message) }
  return { code: 'TRANSIENT', message: programMessage(`the executor failed: ${textOf(thrown).message}`) }
}

export function fromFailure ({ code, message, stack }: Failure): MapReduceError {
  return stack === undefined ? new MapReduceError(code, message) : new ProgramError(message, stack)
}

/** Any error as one of the taxonomy: what is not one already is `TRANSIENT`, with its cause. */
export function asMapReduceError (thrown: unknown, what: string): MapReduceError {
  if (thrown instanceof MapReduceError) return thrown
  return new MapReduceError('TRANSIENT', `${what}: ${textOf(thrown).message}`, { cause: thrown })
}

/** What the file system says of a place that an executor needs: a full disk, mostly, which is not the program's doing. */
export function storageError (what: string, cause: unknown): MapReduceError {
  return new MapReduceError('STORAGE', `${what}: ${textOf(cause).message}`, { cause })
}
