import { ANNOUNCEMENT_WINDOW, MAX_AUTHORS } from './constants.ts'

interface Heard {
  /** The highest number. */
  last: bigint
  /** Bit n stands for the number `last - n`. */
  seen: bigint
}

const WINDOW = BigInt(ANNOUNCEMENT_WINDOW)
const ALL = (1n << WINDOW) - 1n

/**
 * What authors have announced, by the numbers that they sign: each counts up by one, from the time at which it was started.
 * So what comes again is known for ever, not for gossipsub's two minutes alone (RFC 4303 §3.4.3 has the window).
 */
export class Authors {
  /** Those heard longest ago first. */
  readonly #heard = new Map<string, Heard>()

  /** Whether it is heard for the first time; what is too old to tell is not. */
  isNews (author: string, number: bigint): boolean {
    const before = this.#heard.get(author)
    const after = before === undefined ? { last: number, seen: 1n } : heardToo(before, number)
    if (after === undefined) return false
    this.#heard.delete(author)
    this.#heard.set(author, after)
    if (this.#heard.size > MAX_AUTHORS) this.#heard.delete(this.#heard.keys().next().value!)
    return true
  }

  /** One that connects has proved who it is, and may have been started again with its clock set back. */
  forget (author: string): void {
    this.#heard.delete(author)
  }
}

function heardToo ({ last, seen }: Heard, number: bigint): Heard | undefined {
  if (number > last) {
    const ahead = number - last
    return { last: number, seen: ahead >= WINDOW ? 1n : ((seen << ahead) | 1n) & ALL }
  }
  const behind = last - number
  if (behind >= WINDOW || (seen >> behind & 1n) === 1n) return undefined
  return { last, seen: seen | 1n << behind }
}
