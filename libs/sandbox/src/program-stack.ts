import { MAX_ERROR_CHARS, MAX_STACK_CHARS } from './constants.ts'

/** The name that a program's bundle has in stacks, on every machine. */
export const PROGRAM_FILE = 'program.mjs'

const FRAME = /^\s+at /

function cut (text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars)}… (${text.length - chars} more characters)`
}

/** An error's message, bounded. */
export function programMessage (message: string): string {
  return cut(message, MAX_ERROR_CHARS)
}

/**
 * An error's stack as its program's author knows it: the message, then the frames from the throw down to the
 * outermost one in the program, as `program.mjs:LINE:COL`. What lies in the engine is left out.
 */
export function programStack (stack: string): string {
  const lines = stack.split('\n')
  const first = lines.findIndex(line => FRAME.test(line))
  if (first === -1) return cut(lines.join('\n').trimEnd(), MAX_STACK_CHARS)
  const frames = lines.slice(first)
  const outermost = frames.findLastIndex(line => FRAME.test(line) && line.includes(PROGRAM_FILE))
  const shown = frames.slice(0, outermost + 1).filter(line => line.includes(PROGRAM_FILE) || line.endsWith('(<anonymous>)'))
  return cut([...lines.slice(0, first), ...shown].join('\n').trimEnd(), MAX_STACK_CHARS)
}
