import { MapReduceError } from '../errors.ts'
import { concat } from '../concat.ts'
import { CARRIAGE_RETURN, decodeText, NEWLINE } from './bytes.ts'

/**
 * Lines are decoded together up to about this many bytes: four times as fast as one by one, and small enough
 * that a word which a program keeps (V8 keeps the text it is a slice of) does not hold a whole block.
 */
const PIECE_BYTES = 4096

/** Where the cut lines lie, and how long one may be. */
export interface LineCutterInit {
  /** Named in errors. */
  file: string
  /** Offset in the file of the first byte pushed. */
  offset: number
  maxRecordBytes: number
}

/**
 * Cuts bytes that come in chunks of any size into lines. A line ends with `\n`, which is dropped, as is one
 * `\r` before it; it need not end in the chunk in which it starts.
 */
export class LineCutter {
  readonly #init: LineCutterInit
  readonly #onLine: (line: string, offset: number) => void
  /** Offset of the first byte of the line that is being read. */
  #lineStart: number
  #pending: Uint8Array[] = []
  #pendingBytes = 0

  constructor (init: LineCutterInit, onLine: (line: string, offset: number) => void) {
    this.#init = init
    this.#onLine = onLine
    this.#lineStart = init.offset
  }

  /** Whether bytes were pushed of a line whose end was not. */
  get unfinished (): boolean {
    return this.#pendingBytes > 0
  }

  /** Delivers the lines that end in this chunk. Throws `BAD_INPUT` on a line that is too long. */
  push (chunk: Uint8Array): void {
    const newline = chunk.indexOf(NEWLINE)
    let start = 0
    if (this.#pendingBytes > 0) {
      this.#keep(newline < 0 ? chunk : chunk.subarray(0, newline))
      if (newline < 0) {
        return
      }
      this.#deliverPending(1)
      start = newline + 1
    } else if (newline < 0) {
      this.#keep(chunk)
      return
    }
    const rest = this.#cut(chunk, start)
    if (rest < chunk.length) {
      this.#keep(chunk.subarray(rest))
    }
  }

  /** Delivers a last line that has no newline. */
  finish (): void {
    if (this.unfinished) {
      this.#deliverPending(0)
    }
  }

  /** Cuts the lines that lie whole in the chunk from `start` on; returns where the last of them ended. */
  #cut (chunk: Uint8Array, start: number): number {
    const last = chunk.lastIndexOf(NEWLINE)
    const base = this.#lineStart - start
    let from = start
    while (from <= last) {
      let end = chunk.indexOf(NEWLINE, Math.min(from + PIECE_BYTES, last))
      if (end - from > this.#init.maxRecordBytes) {
        end = chunk.indexOf(NEWLINE, from)
        this.#check(end - from)
      }
      this.#deliverPiece(chunk, from, end, base)
      from = end + 1
      this.#lineStart = base + from
    }
    return from
  }

  /** Delivers the lines of `chunk[from..end]`, which starts with a line and ends with a newline; chunk[0] is at `base`. */
  #deliverPiece (chunk: Uint8Array, from: number, end: number, base: number): void {
    const text = decodeText(chunk.subarray(from, end + 1))
    // As many characters as bytes means one byte each: then a line's place in the text is its place in the file.
    const oneByteEach = text.length === end + 1 - from
    let offset = from
    let start = 0
    for (let newline = text.indexOf('\n'); newline >= 0; newline = text.indexOf('\n', start)) {
      this.#onLine(text.slice(start, text.charCodeAt(newline - 1) === CARRIAGE_RETURN ? newline - 1 : newline), base + offset)
      // A character takes one byte at least.
      offset += newline - start
      if (!oneByteEach) while (chunk[offset] !== NEWLINE) offset++
      offset++
      start = newline + 1
    }
  }

  #deliverPending (newlineBytes: 0 | 1): void {
    const bytes = concat(this.#pending, this.#pendingBytes)
    const start = this.#lineStart
    this.#lineStart += bytes.length + newlineBytes
    this.#pending = []
    this.#pendingBytes = 0
    // Without a newline a last \r is part of the line.
    const strip = newlineBytes === 1 && bytes.at(-1) === CARRIAGE_RETURN
    this.#onLine(decodeText(strip ? bytes.subarray(0, -1) : bytes), start)
  }

  #keep (part: Uint8Array): void {
    this.#pending.push(part)
    this.#pendingBytes += part.length
    this.#check(this.#pendingBytes)
  }

  #check (lineBytes: number): void {
    const { file, maxRecordBytes } = this.#init
    if (lineBytes > maxRecordBytes) {
      throw new MapReduceError('BAD_INPUT', `${file}: the line at offset ${this.#lineStart} is longer than ${maxRecordBytes} bytes; is this a file of lines?`)
    }
  }
}
