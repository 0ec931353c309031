import { MAX_KEY_BYTES, MAX_VALUE_BYTES } from '../constants.ts'
import { ProgramError } from '../errors.ts'

/** What a program emitted a datum as. */
export type DatumRole = 'key' | 'value'

/**
 * What cannot be a key or a value. Its `programStack` is empty: who called the program knows where it was, and
 * adds it.
 */
export function refusal (role: DatumRole, what: string): ProgramError {
  return new ProgramError(`${what} cannot be a ${role}`, '')
}

/** The name of a thing's kind, for a message. Never throws, whatever the thing. */
export function kindOf (thing: unknown): string {
  if (typeof thing === 'number') return String(thing)
  if (typeof thing !== 'object' || thing === null) return thing === undefined ? 'undefined' : `a ${typeof thing}`
  return `an object of type ${Object.prototype.toString.call(thing).slice('[object '.length, -1)}`
}

/** Refuses strings that have no UTF-8 form, and would come back as others. */
export function checkWellFormed (text: string, role: DatumRole): void {
  if (!text.isWellFormed()) throw refusal(role, 'a string with a lone surrogate (half of a UTF-16 pair)')
}

export function checkFinite (number: number, role: DatumRole): void {
  if (!Number.isFinite(number)) throw refusal(role, String(number))
}

const MAX_BYTES: Record<DatumRole, number> = { key: MAX_KEY_BYTES, value: MAX_VALUE_BYTES }

export function checkLength (bytes: number, role: DatumRole): void {
  if (bytes > MAX_BYTES[role]) throw refusal(role, `what is longer than ${MAX_BYTES[role]} bytes`)
}
