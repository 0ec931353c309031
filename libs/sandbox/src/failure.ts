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

/** Text of whatever was thrown; a program may throw anything, with a `toString` that throws again. */
function textOf (thrown: unknown): { message: string, stack: string } {
  try {
    if (thrown instanceof Error) return { message: String(thrown.message), stack: String(thrown.stack ?? thrown.message) }
    return { message: String(thrown), stack: String(thrown) }
  } catch (error) {
    const why = `a thrown value that cannot be shown (${typeof error})`
    return { message: why, stack: why }
  }
}

/** What the program itself threw, as a failure. `directory` is the scratch directory its bundle lies in. */
export function programFailure (thrown: unknown, directory: string, prefix = ''): Failure {
  const { message, stack } = textOf(thrown)
  return { code: 'PROGRAM', message: programMessage(prefix + message, directory), stack: programStack(stack, directory) }
}

/** What a task ended with, as a failure. */
export function toFailure (thrown: unknown, directory: string): Failure {
  if (thrown instanceof ProgramError) {
    return { code: 'PROGRAM', message: programMessage(thrown.message, directory), stack: programStack(thrown.programStack, directory) }
  }
  if (thrown instanceof MapReduceError) return { code: thrown.code, message: programMessage(thrown.message, directory) }
  return { code: 'TRANSIENT', message: programMessage(`the executor failed: ${textOf(thrown).message}`, directory) }
}

export function fromFailure ({ code, message, stack }: Failure): MapReduceError {
  return stack === undefined ? new MapReduceError(code, message) : new ProgramError(message, stack)
}

/** Any error as one of the taxonomy: what is not one already is `TRANSIENT`, with its cause. */
export function asMapReduceError (thrown: unknown, what: string): MapReduceError {
  if (thrown instanceof MapReduceError) return thrown
  return new MapReduceError('TRANSIENT', `${what}: ${textOf(thrown).message}`, { cause: thrown })
}
