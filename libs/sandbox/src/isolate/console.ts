import type { Door } from './door.ts'

/** What one call may print; the attempt's own bound lies in the sandbox. */
const MAX_PRINTED_CHARS = 16_384

type Print = (...things: unknown[]) => void

/** A console whose text goes to the attempt's log. */
export function consoleTo (door: Door): Record<'log' | 'info' | 'debug' | 'warn' | 'error', Print> {
  const print = (isError: boolean): Print => (...things) => {
    door.print(things.map(shown).join(' ').slice(0, MAX_PRINTED_CHARS), isError)
  }
  return { log: print(false), info: print(false), debug: print(false), warn: print(true), error: print(true) }
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
