import { compareKeys, keyPrefix } from './datum/index.ts'

/** Where the pairs of a buffer lie, in columns; the order of sorting reads nothing else. */
export interface PairIndex {
  count: number
  bytes: Uint8Array
  partitions: Uint32Array
  /** First byte of the key's text, and the byte after its tag. */
  keyStarts: Uint32Array
  keyEnds: Uint32Array
}

/** In a 64-bit entry that sorts as one number: four bytes of the key above the pair's index. */
const [INDEX_WORD, PREFIX_WORD] = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? [0, 1] : [1, 0]
/** Up to here insertion beats the native sort's call. */
const FEW_PAIRS = 12
/** Key bytes after which pairs still tied are compared whole, so that long equal keys do not recurse. */
const MAX_DEPTH_BYTES = 64
/** Key bytes of one entry. */
const PREFIX_BYTES = 4

interface Entries extends PairIndex {
  entries: BigUint64Array
  /** The same memory, as words. */
  words: Uint32Array
}

/**
 * Sorts pairs by partition, then key, then position. Four bytes of the key and the pair's index make one 64-bit
 * number, and numbers sort natively, which is several times faster than a comparator that is called back; ties are
 * sorted by the next four bytes. Returns the index of the pair at each place.
 */
export function orderPairs (index: PairIndex): (place: number) => number {
  const entries = new BigUint64Array(index.count)
  const words = new Uint32Array(entries.buffer)
  const pairs = { ...index, entries, words }
  for (const [from, to] of placeByPartition(pairs)) {
    if (to - from <= FEW_PAIRS) sortFew(pairs, from, to)
    else sortByPrefix(pairs, from, to, 0)
  }
  return place => words[2 * place + INDEX_WORD]!
}

/** Fills in the entries in order of partition and position; returns the range of each partition that has pairs. */
function placeByPartition (pairs: Entries): Array<[from: number, to: number]> {
  const { count, partitions, words } = pairs
  let last = 0
  for (let i = 0; i < count; i++) last = Math.max(last, partitions[i]!)
  const nextPlace = new Uint32Array(last + 2)
  for (let i = 0; i < count; i++) nextPlace[partitions[i]! + 1]!++
  const ranges: Array<[number, number]> = []
  for (let partition = 0; partition <= last; partition++) {
    const from = nextPlace[partition]!
    const to = from + nextPlace[partition + 1]!
    if (to > from) ranges.push([from, to])
    nextPlace[partition + 1] = to
  }
  for (let i = 0; i < count; i++) words[2 * nextPlace[partitions[i]!]!++ + INDEX_WORD] = i
  return ranges
}

function sortByPrefix (pairs: Entries, from: number, to: number, depth: number): void {
  fillPrefixes(pairs, from, to, depth)
  pairs.entries.subarray(from, to).sort()
  sortTies(pairs, from, to, depth)
}

/** Each loop has a function of its own: what V8 compiles while it runs is left at its end for slow code, every time, where something comes after it. */
function fillPrefixes ({ words, bytes, keyStarts, keyEnds }: Entries, from: number, to: number, depth: number): void {
  for (let i = from; i < to; i++) {
    const pair = words[2 * i + INDEX_WORD]!
    words[2 * i + PREFIX_WORD] = keyPrefix(bytes, keyStarts[pair]!, keyEnds[pair]! - 1, depth)
  }
}

/** Sorts what has the same prefix by the bytes after it. */
function sortTies (pairs: Entries, from: number, to: number, depth: number): void {
  const { words } = pairs
  let start = from
  for (let i = from + 1; i <= to; i++) {
    if (i < to && words[2 * i + PREFIX_WORD] === words[2 * start + PREFIX_WORD]) continue
    if (i - start > 1) sortTied(pairs, start, i, depth + PREFIX_BYTES)
    start = i
  }
}

/** Sorts pairs whose first `depth` bytes are equal and which are in order of position. */
function sortTied (pairs: Entries, from: number, to: number, depth: number): void {
  if (to - from <= FEW_PAIRS) return sortFew(pairs, from, to)
  if (allEqual(pairs, from, to)) return
  if (depth < MAX_DEPTH_BYTES) return sortByPrefix(pairs, from, to, depth)
  const { words } = pairs
  const sorted = Uint32Array.from({ length: to - from }, (_, i) => words[2 * (from + i) + INDEX_WORD]!)
  sorted.sort((a, b) => comparePairs(pairs, a, b))
  for (let i = from; i < to; i++) words[2 * i + INDEX_WORD] = sorted[i - from]!
}

function allEqual (pairs: Entries, from: number, to: number): boolean {
  const first = pairs.words[2 * from + INDEX_WORD]!
  for (let i = from + 1; i < to; i++) {
    if (compareWhole(pairs, first, pairs.words[2 * i + INDEX_WORD]!) !== 0) return false
  }
  return true
}

/** By insertion. */
function sortFew (pairs: Entries, from: number, to: number): void {
  const { words } = pairs
  for (let i = from + 1; i < to; i++) {
    const pair = words[2 * i + INDEX_WORD]!
    let place = i
    while (place > from && comparePairs(pairs, words[2 * (place - 1) + INDEX_WORD]!, pair) > 0) {
      words[2 * place + INDEX_WORD] = words[2 * (place - 1) + INDEX_WORD]!
      place--
    }
    words[2 * place + INDEX_WORD] = pair
  }
}

function comparePairs (pairs: PairIndex, a: number, b: number): number {
  return compareWhole(pairs, a, b) || a - b
}

function compareWhole ({ bytes, keyStarts, keyEnds }: PairIndex, a: number, b: number): number {
  return compareKeys(bytes, keyStarts[a]!, keyEnds[a]!, bytes, keyStarts[b]!, keyEnds[b]!)
}
