import { ProgramError } from './errors.ts'
import type { Datum } from './program.ts'

/**
 * A method by which values know their sum: of a number that comes a thousand times, one multiplication. It returns
 * undefined, and takes nothing, where they must be added one by one. Registered, because a program has a realm of its own.
 */
export const SUM = Symbol.for('ipfs-mapreduce.sum')

interface MaySum {
  [SUM]?: () => number | undefined
}

/**
 * The sum of the values, which must all be numbers: throws a `ProgramError` that shows the first that is not.
 * Exact for whole numbers up to 2 ** 53; sums of fractions depend on their order, so do not combine them.
 */
export function sum (values: Iterable<Datum>): number {
  const known = (values as MaySum)[SUM]?.()
  if (known !== undefined) return known
  let total = 0
  for (const value of values) {
    if (typeof value !== 'number') {
      throw notANumber(value)
    }
    total += value
  }
  return total
}

const SHOWN_CHARACTERS = 60

function notANumber (value: Datum): ProgramError {
  const shown = value instanceof Uint8Array ? `${value.length} bytes` : JSON.stringify(value)
  // The program's stack is that of the call it was in: who made the call adds it.
  return new ProgramError(`sum: a value is not a number but ${shown.slice(0, SHOWN_CHARACTERS)}`, '')
}
