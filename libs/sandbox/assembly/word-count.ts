// Word count in AssemblyScript: words are runs of ASCII letters. `npx asc libs/sandbox/assembly/word-count.ts --runtime stub
// --outFile word-count.wasm -O`, then `npx ipmr run word-count.wasm book.txt`.
import { emit, next, read } from './ipmr'

let held: usize = 0
let heldBytes: i32 = 0

/** Where the executor writes the record or the key of a call. */
export function room (bytes: i32): usize {
  if (bytes > heldBytes) {
    held = heap.alloc(bytes)
    heldBytes = bytes
  }
  return held
}

const ONE = memory.data<u8>([0x31])

function isLetter (byte: u8): bool {
  return (byte | 0x20) - 0x61 < 26
}

export function map (offset: f64, record: usize, bytes: i32): void {
  let start = 0
  for (let at = 0; at <= bytes; at++) {
    if (at < bytes && isLetter(load<u8>(record + at))) continue
    if (at > start) emit(record + start, at - start, ONE, 1)
    start = at + 1
  }
}

/** Counts travel as decimal digits, as they are printed. */
const DIGITS = memory.data(20)

function emitSum (key: usize, bytes: i32): void {
  let sum: u64 = 0
  for (let length = next(); length >= 0; length = next()) {
    read(DIGITS)
    let n: u64 = 0
    for (let at = 0; at < length; at++) n = n * 10 + (load<u8>(DIGITS + at) - 0x30)
    sum += n
  }
  let at = 20
  do {
    store<u8>(DIGITS + --at, u8(0x30 + sum % 10))
    sum /= 10
  } while (sum > 0)
  emit(key, bytes, DIGITS + at, 20 - at)
}

export function combine (key: usize, bytes: i32): void {
  emitSum(key, bytes)
}

export function reduce (key: usize, bytes: i32): void {
  emitSum(key, bytes)
}
