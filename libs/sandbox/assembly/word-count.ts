// Word count in AssemblyScript: words are runs of the letters of Latin alphabets. `npx asc libs/sandbox/assembly/word-count.ts --runtime stub
// --outFile word-count.wasm -O`, then `npx ipmr run word-count.wasm book.txt`.
import { emit, next, read } from './ipmr'

let held: usize = 0
let heldBytes: i32 = 0

/** Words are looked at eight bytes at a time, of which the last may be behind the record. */
const WIDTH: i32 = 8

/** Where the executor writes what a call is given. */
export function room (bytes: i32): usize {
  if (bytes + WIDTH > heldBytes) {
    heldBytes = bytes + WIDTH
    held = heap.alloc(heldBytes)
  }
  return held
}

// A table of counts, open addressing, which doubles when half of its rows are taken. A row is free while its count is 0.
const FIRST_ROWS: usize = 1 << 14
const MOST_ROWS: usize = 1 << 19
const HEAD: usize = 0 // u64: the first bytes of the word, the others 0
const COUNT: usize = 8 // u64
const WORD: usize = 16 // u32: where it is kept
const BYTES: usize = 20 // u32
const ROW_BYTES: usize = 24
let rows = FIRST_ROWS
let table = newTable()
let taken: usize = 0
/** The words of the table, one behind the other. */
const WORDS_BYTES: i32 = 8 << 20
const words = heap.alloc(WORDS_BYTES + WIDTH)
let wordsBytes = 0

function isLetter (byte: u8): bool {
  return (byte | 0x20) - 0x61 < 26
}

/** Bytes of a letter between U+00C0 and U+024F in UTF-8, all of which are letters but × and ÷; 0 of anything else. */
function letterBytes (at: usize, end: usize): i32 {
  const lead = load<u8>(at)
  if (lead < 0x80) return isLetter(lead) ? 1 : 0
  if (at + 1 >= end || lead < 0xc3 || lead > 0xc9) return 0
  const next = load<u8>(at + 1)
  if (next < 0x80 || next > 0xbf) return 0
  if (lead === 0xc3 && (next === 0x97 || next === 0xb7)) return 0
  return lead === 0xc9 && next > 0x8f ? 0 : 2
}

export function map (offset: f64, record: usize, bytes: i32): void {
  const end = record + bytes
  let start = record
  for (let at = record; at < end;) {
    const letter = letterBytes(at, end)
    if (letter > 0) {
      at += letter
      continue
    }
    if (at > start) add(start, i32(at - start))
    start = ++at
  }
  if (end > start) add(start, i32(end - start))
}

/** No word goes on behind the end of a line. */
export function mapLines (offset: f64, lines: usize, bytes: i32): void {
  map(offset, lines, bytes)
}

function headOf (word: usize, bytes: i32): u64 {
  return bytes >= WIDTH ? load<u64>(word) : load<u64>(word) & ((u64(1) << (u64(bytes) * 8)) - 1)
}

const GOLDEN: u64 = 0x9e3779b97f4a7c15

function hashOf (word: usize, bytes: i32, head: u64): u32 {
  let hash = head * GOLDEN
  for (let at = WIDTH; at < bytes; at += WIDTH) hash = (hash ^ (hash >> 32) ^ headOf(word + at, bytes - at)) * GOLDEN
  return u32((hash ^ (hash >> 29)) >> 32)
}

function newTable (): usize {
  const made = heap.alloc(rows * ROW_BYTES)
  memory.fill(made, 0, rows * ROW_BYTES)
  return made
}

/** The row of a word, or the free one where it belongs. */
function rowOf (word: usize, bytes: i32, head: u64): usize {
  let at = usize(hashOf(word, bytes, head))
  let row = table + (at & (rows - 1)) * ROW_BYTES
  while (load<u64>(row, COUNT) > 0 && !isOf(row, word, bytes, head)) row = table + (++at & (rows - 1)) * ROW_BYTES
  return row
}

function isOf (row: usize, word: usize, bytes: i32, head: u64): bool {
  return load<u64>(row, HEAD) === head && load<i32>(row, BYTES) === bytes && (bytes <= WIDTH || memory.compare(load<u32>(row, WORD), word, bytes) === 0)
}

function add (word: usize, bytes: i32): void {
  const head = headOf(word, bytes)
  const row = rowOf(word, bytes, head)
  const count = load<u64>(row, COUNT)
  if (count > 0) store<u64>(row, count + 1, COUNT)
  else open(row, word, bytes, head)
}

/** A word's first time. One that the table has no room for counts as a table of its own. */
function open (row: usize, word: usize, bytes: i32, head: u64): void {
  if (taken === MOST_ROWS / 4 * 3 || wordsBytes + bytes > WORDS_BYTES) {
    finish()
    emitCount(word, bytes, 1)
    return
  }
  memory.copy(words + wordsBytes, word, bytes)
  store<u64>(row, head, HEAD)
  store<u64>(row, 1, COUNT)
  store<u32>(row, u32(words + wordsBytes), WORD)
  store<i32>(row, bytes, BYTES)
  wordsBytes += bytes
  if (++taken > rows / 2 && rows < MOST_ROWS) grow()
}

function grow (): void {
  const old = table
  const end = old + rows * ROW_BYTES
  rows *= 2
  table = newTable()
  for (let row = old; row < end; row += ROW_BYTES) {
    if (load<u64>(row, COUNT) > 0) memory.copy(rowOf(load<u32>(row, WORD), load<i32>(row, BYTES), load<u64>(row, HEAD)), row, ROW_BYTES)
  }
}

/** Emits the table's counts, and is empty. */
export function finish (): void {
  const end = table + rows * ROW_BYTES
  for (let row = table; row < end; row += ROW_BYTES) {
    const count = load<u64>(row, COUNT)
    if (count > 0) emitCount(load<u32>(row, WORD), load<i32>(row, BYTES), count)
  }
  memory.fill(table, 0, rows * ROW_BYTES)
  taken = 0
  wordsBytes = 0
}

/** Counts travel as decimal digits, as they are printed. */
const DIGITS = memory.data(20)

function emitCount (word: usize, bytes: i32, count: u64): void {
  let at = 20
  do {
    store<u8>(DIGITS + --at, u8(0x30 + count % 10))
    count /= 10
  } while (count > 0)
  emit(word, bytes, DIGITS + at, 20 - at)
}

export function reduce (word: usize, bytes: i32): void {
  let sum: u64 = 0
  for (let length = next(); length >= 0; length = next()) {
    read(DIGITS)
    let n: u64 = 0
    for (let at = 0; at < length; at++) n = n * 10 + (load<u8>(DIGITS + at) - 0x30)
    sum += n
  }
  emitCount(word, bytes, sum)
}
