/** Words of characters in a row: 16 characters of one page, which is 256 code units as an alphabet has them, or half as many of any. */
const TEXT_WORDS = 4
const PAGED_PER_WORD = 4
const WIDE_PER_WORD = 2
/** Beside the length of a key, the page of its characters; or a mark that they are of several, and take two bytes each. */
const PAGE_MASK = 0xff00
const WIDE = 0x10000
const CHARS_MASK = 0xff

/** Words of a row: those of its characters, its length, and three that are the owner's. */
const ROW_WORDS = 8
const LENGTH = TEXT_WORDS
/** Where in a row the owner's words are; zeros in a new one. */
export const LAST = 5
export const REPEATS = 6
export const GROUP = 7

/** Rows that there is room for at first, a power of two. */
const FIRST_ROWS = 4 * 1024
/** At most every second slot is taken. */
const SLOTS_PER_ROW = 2
/** A slot has the number of its row, from 1, and above it bits of the hash, so that few rows are looked at in vain. */
const ROW_BITS = 22
const ROW_MASK = (1 << ROW_BITS) - 1
const FREE = 0
/** Slots looked at for a key. More of them are taken only where many keys share a hash, by chance or by design. */
const MAX_PROBES = 32

/**
 * Short strings, each in a row with three numbers of the owner's, which only `clear` removes. Rows lie in the order in
 * which their keys came: frequent ones come early, and so are in the processor's cache together. A key that was found
 * made no object, and was compared as four numbers. (Open addressing; the engine's `Map` takes several times as long
 * for a string that was just cut out of a line, whose hash it does not know.)
 */
export class ShortKeys {
  /** The rows, one after another. */
  cells = new Int32Array(FIRST_ROWS * ROW_WORDS)
  #slots = new Int32Array(FIRST_ROWS * SLOTS_PER_ROW)
  #rows = 0
  /** Numbers of rows for which no slot is near, by their words. */
  readonly #others = new Map<string, number>()

  /** Where the row of a key begins in `cells`: one that is there, or a new one, for which `cells` may be replaced. -1 where it is too long, or the rows are all taken. */
  rowOf (key: string): number {
    const { length } = key
    if (length > PAGED_PER_WORD * TEXT_WORDS) return -1
    const page = length === 0 ? 0 : key.charCodeAt(0) & PAGE_MASK
    let [a, b, c, d, word, elsewhere] = [0, 0, 0, 0, 0, 0]
    for (let i = 0; i < length; i++) {
      const unit = key.charCodeAt(i) ^ page
      elsewhere |= unit
      word = (word << 8) | unit
      if ((i & 3) === 3) {
        d = c
        c = b
        b = a
        a = word
        word = 0
      }
    }
    if (elsewhere > 0xff) return this.#rowOfWide(key)
    return (length & 3) === 0 ? this.#rowOfWords(a, b, c, d, length | page) : this.#rowOfWords(word, a, b, c, length | page)
  }

  #rowOfWide (key: string): number {
    const { length } = key
    if (length > WIDE_PER_WORD * TEXT_WORDS) return -1
    let [a, b, c, d] = [0, 0, 0, 0]
    for (let i = 0; i < length; i += WIDE_PER_WORD) {
      d = c
      c = b
      b = a
      a = (key.charCodeAt(i) << 16) | (i + 1 < length ? key.charCodeAt(i + 1) : 0)
    }
    return this.#rowOfWords(a, b, c, d, length | WIDE)
  }

  #rowOfWords (a: number, b: number, c: number, d: number, length: number): number {
    const hash = hashOf(a, b, c, d, length)
    const tag = hash & ~ROW_MASK
    const slots = this.#slots
    const { cells } = this
    const mask = slots.length - 1
    for (let slot = hash & mask, left = MAX_PROBES; left > 0; slot = (slot + 1) & mask, left--) {
      const taken = slots[slot]!
      if (taken === FREE) return this.#add(a, b, c, d, length)
      if ((taken & ~ROW_MASK) !== tag) continue
      const row = ((taken & ROW_MASK) - 1) * ROW_WORDS
      if (cells[row] === a && cells[row + 1] === b && cells[row + 2] === c && cells[row + 3] === d && cells[row + LENGTH] === length) return row
    }
    const number = this.#others.get(nameOf(a, b, c, d, length))
    return number === undefined ? this.#add(a, b, c, d, length) : (number - 1) * ROW_WORDS
  }

  #add (a: number, b: number, c: number, d: number, length: number): number {
    if (this.#rows === ROW_MASK) return -1
    const row = this.#rows * ROW_WORDS
    if (row === this.cells.length) this.#grow()
    const { cells } = this
    cells[row] = a
    cells[row + 1] = b
    cells[row + 2] = c
    cells[row + 3] = d
    cells[row + LENGTH] = length
    cells[row + LAST] = 0
    cells[row + REPEATS] = 0
    cells[row + GROUP] = 0
    this.#rows++
    this.#place(row)
    return row
  }

  #place (row: number): void {
    const { cells } = this
    const [a, b, c, d, length] = [cells[row]!, cells[row + 1]!, cells[row + 2]!, cells[row + 3]!, cells[row + LENGTH]!]
    const number = row / ROW_WORDS + 1
    const hash = hashOf(a, b, c, d, length)
    const slots = this.#slots
    const mask = slots.length - 1
    for (let slot = hash & mask, left = MAX_PROBES; left > 0; slot = (slot + 1) & mask, left--) {
      if (slots[slot] !== FREE) continue
      slots[slot] = (hash & ~ROW_MASK) | number
      return
    }
    this.#others.set(nameOf(a, b, c, d, length), number)
  }

  #grow (): void {
    const { cells } = this
    this.cells = new Int32Array(2 * cells.length)
    this.cells.set(cells)
    this.#slots = new Int32Array(2 * this.#slots.length)
    this.#others.clear()
    this.each(row => this.#place(row))
  }

  /** Tells of each row, in order: where it begins. None may be added meanwhile. */
  each (onRow: (row: number) => void): void {
    const end = this.#rows * ROW_WORDS
    for (let row = 0; row < end; row += ROW_WORDS) onRow(row)
  }

  /** The key of a row. */
  keyAt (row: number): string {
    const length = this.cells[row + LENGTH]!
    const chars = length & CHARS_MASK
    const perWord = length < WIDE ? PAGED_PER_WORD : WIDE_PER_WORD
    let key = ''
    // The last word is the first in the row, and holds what is left over.
    for (let from = 0, at = row + Math.ceil(chars / perWord) - 1; from < chars; from += perWord, at--) {
      const word = this.cells[at]!
      key += perWord === WIDE_PER_WORD ? wideText(word, chars - from) : pagedText(word, length & PAGE_MASK, chars - from)
    }
    return key
  }

  clear (): void {
    this.#slots.fill(FREE)
    this.#others.clear()
    this.#rows = 0
  }
}

/** The characters of a word, of which `left` and no more are the key's. */
function pagedText (word: number, page: number, left: number): string {
  const d = page | (word & 0xff)
  if (left === 1) return String.fromCharCode(d)
  const c = page | ((word >>> 8) & 0xff)
  if (left === 2) return String.fromCharCode(c, d)
  const b = page | ((word >>> 16) & 0xff)
  return left === 3 ? String.fromCharCode(b, c, d) : String.fromCharCode(page | (word >>> 24), b, c, d)
}

function wideText (word: number, left: number): string {
  return left === 1 ? String.fromCharCode(word >>> 16) : String.fromCharCode(word >>> 16, word & 0xffff)
}

function nameOf (...words: number[]): string {
  return words.join()
}

/** Multiplies and folds, with constants of MurmurHash3 (https://github.com/aappleby/smhasher). */
function hashOf (a: number, b: number, c: number, d: number, length: number): number {
  let hash = Math.imul(a ^ length, 0xcc9e2d51)
  hash = Math.imul((hash ^ (hash >>> 15)) + b | 0, 0x1b873593)
  hash = Math.imul((hash ^ (hash >>> 13)) + c | 0, 0x85ebca6b)
  hash = Math.imul((hash ^ (hash >>> 15)) + d | 0, 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
