import { isBytes } from './datum/index.ts'
import { MapReduceError, ProgramError } from './errors.ts'
import type { Datum } from './program.ts'

export type ProgramFunction = 'map' | 'mapLines' | 'finish' | 'mustContain' | 'combine' | 'reduce' | 'partition'

/** Characters of a thrown error's message, and of its stack, that are passed on: a program can throw megabytes. */
const MAX_MESSAGE_CHARS = 2000
const MAX_STACK_CHARS = 16_000
/** Characters of a key in a message. */
const MAX_KEY_CHARS = 80

/**
 * What became of a program's call that threw `error`: a `ProgramError` that names the function, the place and the
 * error, with the program's stack. Failures that are not the program's, and those that have their place, stay as they are.
 */
export function callFailure (name: ProgramFunction, place: string, error: unknown): MapReduceError {
  if (hasItsPlace(error)) return error
  const { message, stack } = describeError(error)
  return new ProgramError(`${name} threw at ${place}: ${message}`, stack, { cause: error })
}

function hasItsPlace (error: unknown): error is MapReduceError {
  try {
    return error instanceof MapReduceError && (!(error instanceof ProgramError) || error.programStack !== '')
  } catch {
    // A proxy whose traps throw: none of ours.
    return false
  }
}

/** What a program threw, in one line; undefined where a failure is not the program's, or is no single call's. */
export function thrownByProgram (error: unknown): string | undefined {
  return hasItsPlace(error) ? undefined : describeError(error).message.replaceAll(/\s*\n\s*/g, '; ')
}

/** What is thrown at a program that emits while a pair that it emits is read, by a getter of it or by `partition`: pairs are written one at a time. */
export function nestedEmit (): ProgramError {
  return new ProgramError('emit was called within emit, by what is emitted, by partition or by combine; combine must emit with its own emit', '')
}

/** Throws if a program's function gave back what has still to run: its emits would come too late. */
export function refuseDeferred (name: ProgramFunction, place: string, result: unknown): void {
  if (typeof result !== 'object' || result === null) return
  const { then, next } = result as { then?: unknown, next?: unknown }
  if (typeof then === 'function') {
    // Its rejection has no other listener, and would end the process.
    then.call(result, ignore, ignore)
    throw deferredError(name, place, 'a promise', 'async')
  }
  if (typeof next === 'function') throw deferredError(name, place, 'an iterator', 'a generator')
}

function ignore (): void {}

function deferredError (name: ProgramFunction, place: string, what: string, kind: string): ProgramError {
  const message = `${name} returned ${what} at ${place}: programs are synchronous, so ${name} must not be ${kind}`
  return new ProgramError(message, message)
}

/** A key for a message: as JSON, cut to a readable length. */
export function shownKey (key: Datum): string {
  const text = isBytes(key) ? `${key.length} bytes` : JSON.stringify(key)
  return text.length > MAX_KEY_CHARS ? `${text.slice(0, MAX_KEY_CHARS).toWellFormed()}…` : text
}

export function keyPlace (key: Datum): string {
  return `key ${shownKey(key)}`
}

/** What a program threw can be anything, and its properties can throw themselves. */
function describeError (error: unknown): { message: string, stack: string } {
  try {
    const stack = stackOf(error)
    const message = typeof error === 'object' && error !== null && 'message' in error
      ? `${'name' in error ? String(error.name) : 'Error'}: ${String(error.message)}`
      : String(error)
    return { message: message.slice(0, MAX_MESSAGE_CHARS), stack: (stack ?? `${message} (thrown without a stack)`).slice(0, MAX_STACK_CHARS) }
  } catch (cause) {
    return { message: `an error that cannot be described (${typeof cause})`, stack: 'no stack: the error cannot be described' }
  }
}

function stackOf (error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('stack' in error)) return undefined
  return typeof error.stack === 'string' && error.stack !== '' ? error.stack : undefined
}
