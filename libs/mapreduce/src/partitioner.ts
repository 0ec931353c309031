import { kindOf } from './datum/index.ts'
import { ProgramError } from './errors.ts'
import { callFailure, keyPlace } from './program-call.ts'
import type { Datum, Program } from './program.ts'

/** FNV-1a, 32 bit: http://www.isthe.com/chongo/tech/comp/fnv/ */
const FNV_OFFSET_BASIS = 0x811c9dc5
const FNV_PRIME = 0x01000193

function fnv1a (bytes: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET_BASIS
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, FNV_PRIME)
  return hash
}

/**
 * The partition of a key by its text bytes, `bytes[start, end)`: FNV-1a & 0x7fffffff, mod `reducers`
 * (the partitioner of MIT 6.824's MapReduce, which the original library used).
 */
export function defaultPartition (bytes: Uint8Array, reducers: number, start = 0, end = bytes.length): number {
  return reducers === 1 ? 0 : (fnv1a(bytes, start, end) & 0x7fffffff) % reducers
}

/** The partition that a program's own `partition` chooses. Throws a `ProgramError` where it is no integer from 0 to `reducers` - 1. */
export function programPartition (program: Partitioning, key: Datum, reducers: number): number {
  let chosen: unknown
  try {
    chosen = program.partition(key, reducers)
  } catch (error) {
    throw callFailure('partition', keyPlace(key), error)
  }
  if (typeof chosen === 'number' && Number.isInteger(chosen) && chosen >= 0 && chosen < reducers) return Math.abs(chosen)
  const what = typeof chosen === 'number' ? String(chosen) : kindOf(chosen)
  const message = `partition returned ${what} at ${keyPlace(key)}: it must be an integer from 0 to ${reducers - 1}`
  throw new ProgramError(message, message)
}

export type Partitioning = Program & Required<Pick<Program, 'partition'>>

/** Whether a program chooses partitions itself. */
export function partitions (program: Program): program is Partitioning {
  return program.partition !== undefined
}
