import type { Print } from './door.ts'

/** What one call may print; the attempt's own bound lies in the sandbox. */
const MAX_PRINTED_CHARS = 16_384

type Log = (...things: unknown[]) => void

/** A console whose text goes to the attempt's log. */
export function consoleTo (print: Print): Record<'log' | 'info' | 'debug' | 'warn' | 'error', Log> {
  const to = (isError: boolean): Log => (...things) => {
    print(things.map(shown).join(' ').slice(0, MAX_PRINTED_CHARS), isError)
  }
  return { log: to(false), info: to(false), debug: to(false), warn: to(true), error: to(true) }
}

/** A string as it is; an error's stack; what JSON can say of an object; else what `String` says. */
function shown (thing: unknown): string {
  if (typeof thing === 'string') return thing
  try {
    if (thing instanceof Error) return String(thing.stack ?? thing)
    return typeof thing === 'object' ? JSON.stringify(thing) ?? String(thing) : String(thing)
  } catch {
    return `a thing of type ${typeof thing} that cannot be shown`
  }
}
