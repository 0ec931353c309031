import { compareKeys } from './datum/index.ts'
import type { RunReader } from './run/index.ts'

/**
 * Merges sorted runs into one order: key, then run, then position. `reader` stands at the current record;
 * undefined at the end. A loser tree (Knuth, The Art of Computer Programming 3, 5.4.1): each inner node holds
 * the run that lost there, so that a step plays one match per level.
 */
export class Merge {
  /** The run whose record is next; its fields are the record. */
  reader: RunReader | undefined
  /** Whether the current record's key differs from that of the record before it. */
  newKey = true
  readonly #readers: Array<RunReader | undefined>
  readonly #losers: Int32Array
  #winner: number

  constructor (readers: RunReader[]) {
    this.#readers = readers.map(reader => reader.next() ? reader : undefined)
    this.#losers = new Int32Array(Math.max(1, readers.length))
    this.#winner = readers.length === 0 ? -1 : this.#playAll(1)
    this.reader = this.#readers[this.#winner]
  }

  /** Goes to the next record. */
  advance (): void {
    const before = this.reader!
    if (!before.next()) {
      this.#readers[this.#winner] = undefined
    } else if (before.repeats) {
      // The same key in the run that was first with it: still first.
      this.newKey = false
      return
    }
    this.#replay()
    const { reader } = this
    this.newKey = reader === undefined || reader === before ||
      compareKeys(before.bytes, before.previousStart, before.previousEnd, reader.bytes, reader.keyStart, reader.keyEnd) !== 0
  }

  #replay (): void {
    let winner = this.#winner
    for (let node = (winner + this.#readers.length) >> 1; node > 0; node >>= 1) {
      const loser = this.#losers[node]!
      if (this.#before(loser, winner)) {
        this.#losers[node] = winner
        winner = loser
      }
    }
    this.#winner = winner
    this.reader = this.#readers[winner]
  }

  /** Plays the matches below `node` (leaves are the nodes from the number of runs on); returns who wins them. */
  #playAll (node: number): number {
    const runs = this.#readers.length
    if (node >= runs) return node - runs
    const left = this.#playAll(2 * node)
    const right = this.#playAll(2 * node + 1)
    const leftWins = this.#before(left, right)
    this.#losers[node] = leftWins ? right : left
    return leftWins ? left : right
  }

  #before (a: number, b: number): boolean {
    const x = this.#readers[a]
    const y = this.#readers[b]
    if (x === undefined || y === undefined) return x !== undefined
    if (x.prefix !== y.prefix) return x.prefix < y.prefix
    return (compareKeys(x.bytes, x.keyStart, x.keyEnd, y.bytes, y.keyStart, y.keyEnd) || a - b) < 0
  }
}
