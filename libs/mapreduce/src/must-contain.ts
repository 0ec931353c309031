import { ProgramError } from './errors.ts'
import { callFailure } from './program-call.ts'
import type { Program, ProgramContext } from './program.ts'
import { MAX_SOUGHT_BYTES } from './records/byte-search.ts'

/** U+FFFD stands for bytes that are no text too. */
const NOT_SOUGHT = /[\r\n\ufffd]/

/**
 * The text that a line must have to be mapped; `undefined` where all are, because the program says so, or because its bytes
 * could not tell. Throws a `ProgramError` where the program throws, or what it says is no text.
 */
export function soughtText ({ mustContain }: Pick<Program, 'mustContain'>, { args }: ProgramContext): string | undefined {
  if (mustContain === undefined) return undefined
  const text = called(mustContain, args)
  if (text === undefined || text === '') return undefined
  if (typeof text !== 'string') throw new ProgramError(`mustContain returned a value of type ${typeof text}, and not a text or undefined`, '')
  const cannotTell = !text.isWellFormed() || NOT_SOUGHT.test(text) || new TextEncoder().encode(text).length > MAX_SOUGHT_BYTES
  return cannotTell ? undefined : text
}

function called (mustContain: NonNullable<Program['mustContain']>, args: ProgramContext['args']): unknown {
  try {
    return mustContain({ args })
  } catch (error) {
    throw callFailure('mustContain', 'the beginning of a task', error)
  }
}
