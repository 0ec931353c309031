const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
/** What the base 32 text of a CIDv1 with a sha2-256 hash begins with: of a raw block, and of a dag-cbor one. */
const PREFIX = { raw: 'bafkrei', cbor: 'bafyrei' }
const CHARS = 59
/** Characters at the end that hold a number of up to 35 bits, so that a fake can tell which block a CID means. */
const NUMBER_CHARS = 7
const text = Buffer.alloc(CHARS)

/**
 * Text that looks like a CID and takes the memory of one that was decoded from a message: a string of its own. The same
 * arguments give the same text.
 */
export function fakeCid (codec: keyof typeof PREFIX, space: number, index: number): string {
  text.write(PREFIX[codec], 'latin1')
  let state = Math.imul(space + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)
  for (let at = PREFIX[codec].length; at < CHARS - NUMBER_CHARS; at++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + at | 0
    text[at] = ALPHABET.charCodeAt(state >>> 27)
  }
  let rest = index
  for (let at = CHARS - 1; at >= CHARS - NUMBER_CHARS; at--) {
    text[at] = ALPHABET.charCodeAt(rest % 32)
    rest = Math.floor(rest / 32)
  }
  return text.toString('latin1')
}

/** The `index` of a `fakeCid`. */
export function indexOf (cid: string): number {
  let index = 0
  for (let at = CHARS - NUMBER_CHARS; at < CHARS; at++) {
    const char = cid.charCodeAt(at)
    index = index * 32 + (char >= 97 ? char - 97 : char - 50 + 26)
  }
  return index
}

/** A number 0 ≤ n < 2^32 that looks drawn by chance, and is the same for the same arguments. */
export function hash (a: number, b: number): number {
  let h = Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
