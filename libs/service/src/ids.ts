import { randomInt } from 'node:crypto'

/** Eight digits to base 36 hold milliseconds since the epoch from 1972 until 2059. */
const TIME_DIGITS = 8
/** Five digits to base 36: of ids made in one millisecond on different machines, one pair in sixty million collides. */
const CHANCE_DIGITS = 5

/**
 * Makes short ids that sort by the time they were made, such as `mh5x2k1a-0f3k9`. Ids of one maker never repeat
 * and never go back, whatever the clock does.
 *
 * @param now - milliseconds since the epoch
 * @param chance - a whole number from 0 up to its argument
 */
export function idMaker (now: () => number, chance: (below: number) => number = randomInt): () => string {
  let last = 0
  return () => {
    last = Math.max(now(), last + 1)
    const digits = (n: number, width: number): string => n.toString(36).padStart(width, '0')
    return `${digits(last, TIME_DIGITS)}-${digits(chance(36 ** CHANCE_DIGITS), CHANCE_DIGITS)}`
  }
}
