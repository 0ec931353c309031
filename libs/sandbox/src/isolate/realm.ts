/**
 * What makes the world of a program, before the program is there: it runs in each fresh context. It is bundled into one
 * script, which evaluates to `open`.
 */
import type { Intrinsics } from '@ipfs-mapreduce/mapreduce'
import { STACK_FRAMES } from '../constants.ts'
import type { Print, Realm } from './door.ts'
import { consoleTo } from './console.ts'
import { seededRandom } from './random.ts'
import { replace, stopTime } from './time.ts'

/**
 * Gives the program a console that prints to the log and, where it is deterministic, no clock and no chance. Returns what
 * the engine makes objects with that the program is given, as it was before the program could change it.
 */
export function open (print: Print, { deterministic, seed }: Realm): Intrinsics {
  Error.stackTraceLimit = STACK_FRAMES
  replace(globalThis, 'console', consoleTo(print))
  if (deterministic) stopTime(seededRandom(seed))
  const { Error: StackedError, JSON: { parse } } = globalThis
  return { Array, Object, Uint8Array, parseJson: text => parse(text) as unknown, stack: () => String(new StackedError().stack) }
}
