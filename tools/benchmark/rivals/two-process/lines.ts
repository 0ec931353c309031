import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

const CHUNK_BYTES = 1024 * 1024
const NEWLINE = 0x0a

/** Told of each line without its newline; `offset` says where its first byte lies in the file. */
export type OnLine = (line: string, offset: () => number) => void

/** The lines of a file that begin in one of so many equal shares of it. */
export function eachLine (path: string, share: number, shares: number, onLine: OnLine): void {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const start = share === 0 ? 0 : lineStart(file, Math.floor(size * share / shares), size)
    const end = share === shares - 1 ? size : lineStart(file, Math.floor(size * (share + 1) / shares), size)
    linesBetween(file, start, end, onLine)
  } finally {
    closeSync(file)
  }
}

/** The first line's start at or after a position. */
function lineStart (file: number, from: number, size: number): number {
  if (from === 0) return 0
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  for (let at = from - 1; at < size;) {
    const read = readSync(file, chunk, 0, CHUNK_BYTES, at)
    const newline = chunk.subarray(0, read).indexOf(NEWLINE)
    if (newline >= 0) return at + newline + 1
    at += read
  }
  return size
}

function linesBetween (file: number, start: number, end: number, onLine: OnLine): void {
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  let kept = 0
  for (let at = start; at < end;) {
    // A line that is longer than the chunk makes the chunk grow.
    if (kept === chunk.length) chunk = Buffer.concat([chunk], 2 * chunk.length)
    const read = readSync(file, chunk, kept, Math.min(chunk.length - kept, end - at), at)
    if (read === 0) throw new RangeError('the file became shorter while it was read')
    const filled = kept + read
    const whole = at + read === end ? filled : chunk.lastIndexOf(NEWLINE, filled - 1) + 1
    if (whole > 0) linesIn(chunk.toString('utf8', 0, whole), at - kept, onLine)
    chunk.copyWithin(0, whole, filled)
    kept = filled - whole
    at += read
  }
}

function linesIn (text: string, base: number, onLine: OnLine): void {
  let from = 0
  const offset = (): number => base + Buffer.byteLength(text.slice(0, from))
  while (from < text.length) {
    const newline = text.indexOf('\n', from)
    const end = newline < 0 ? text.length : newline
    onLine(text.slice(from, end), offset)
    from = end + 1
  }
}
