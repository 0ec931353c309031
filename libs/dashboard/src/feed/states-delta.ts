import type { StatesDelta } from './push.ts'

/** A changed state takes about this many characters, with its place: where more have changed than that share, all are shorter. */
const CHANGE_CHARS = 7

const ascii = new TextDecoder('latin1')

/** What has changed between two arrays of character codes; undefined where nothing has. */
export function diffStates (before: Uint8Array | undefined, now: Uint8Array): StatesDelta | undefined {
  if (before?.length !== now.length) return { all: ascii.decode(now) }
  const at: number[] = []
  const to: number[] = []
  for (let task = 0; task < now.length; task++) {
    if (before[task] === now[task]) continue
    at.push(task)
    to.push(now[task]!)
  }
  if (at.length === 0) return undefined
  return at.length * CHANGE_CHARS > now.length ? { all: ascii.decode(now) } : { at, to: ascii.decode(Uint8Array.from(to)) }
}

/** Applies what has changed, in place where the number of tasks is the same. */
export function applyStates (states: Uint8Array, delta: StatesDelta): Uint8Array {
  if ('all' in delta) return Uint8Array.from(delta.all, char => char.charCodeAt(0))
  for (let i = 0; i < delta.at.length; i++) states[delta.at[i]!] = delta.to.charCodeAt(i)
  return states
}
