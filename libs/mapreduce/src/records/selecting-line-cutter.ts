import { concat } from '../concat.ts'
import { MapReduceError } from '../errors.ts'
import { CARRIAGE_RETURN, decodeText, NEWLINE } from './bytes.ts'
import { SEARCHED_BYTES } from './byte-search.ts'
import type { ByteSearch } from './byte-search.ts'
import type { LineCutterInit } from './line-cutter.ts'

export interface SelectingLineCutterInit extends LineCutterInit {
  search: ByteSearch
  onLine: (line: string, offset: number) => void
  /** Told of lines that were passed over. */
  onPassed: (lines: number) => void
}

/**
 * Delivers those lines that `LineCutter` would in which certain bytes occur, none of them `\r` or `\n`. The others are counted,
 * and neither cut nor decoded.
 */
export class SelectingLineCutter {
  readonly #init: SelectingLineCutterInit
  /** Offset of the first byte of the line that is being read. */
  #lineStart: number
  #pending: Uint8Array[] = []
  #pendingBytes = 0

  constructor (init: SelectingLineCutterInit) {
    this.#init = init
    this.#lineStart = init.offset
  }

  /** Whether bytes were pushed of a line whose end was not. */
  get unfinished (): boolean {
    return this.#pendingBytes > 0
  }

  /** Delivers lines that end in this chunk. Throws `BAD_INPUT` on a line that is too long. */
  push (chunk: Uint8Array): void {
    let start = 0
    if (this.#pendingBytes > 0) {
      const newline = chunk.indexOf(NEWLINE)
      this.#keep(newline < 0 ? chunk : chunk.subarray(0, newline))
      if (newline < 0) return
      this.#endPending(1)
      start = newline + 1
    }
    while (start < chunk.length) {
      const end = this.#windowEnd(chunk, start)
      if (end === undefined) return this.#keep(chunk.subarray(start))
      if (end - start <= this.#windowBytes) this.#select(chunk, start, end)
      else {
        this.#keep(chunk.subarray(start, end - 1))
        this.#endPending(1)
      }
      start = end
    }
  }

  /** Delivers a last line that has no newline. */
  finish (): void {
    if (this.unfinished) this.#endPending(0)
  }

  /** What can be looked through at a time; a line that is as long may be too long. */
  get #windowBytes (): number {
    return Math.min(SEARCHED_BYTES, this.#init.maxRecordBytes)
  }

  /** Where whole lines from `start` on end that are as many as can be looked through at a time, at least one; `undefined` where none ends here. */
  #windowEnd (chunk: Uint8Array, start: number): number | undefined {
    const last = chunk.lastIndexOf(NEWLINE, start + this.#windowBytes - 1)
    if (last >= start) return last + 1
    const newline = chunk.indexOf(NEWLINE, start)
    return newline < 0 ? undefined : newline + 1
  }

  /** Looks through whole lines. */
  #select (chunk: Uint8Array, start: number, end: number): void {
    const { search, onPassed } = this.#init
    search.load(chunk.subarray(start, end))
    let passed = search.newlines
    for (let at = search.find(0); at >= 0;) {
      const newline = chunk.indexOf(NEWLINE, start + at)
      const first = chunk.lastIndexOf(NEWLINE, start + at) + 1
      this.#deliver(chunk.subarray(first, newline), this.#lineStart + first - start, true)
      passed--
      at = search.find(newline + 1 - start)
    }
    if (passed > 0) onPassed(passed)
    this.#lineStart += end - start
  }

  #endPending (newlineBytes: 0 | 1): void {
    const line = concat(this.#pending, this.#pendingBytes)
    const start = this.#lineStart
    this.#lineStart += line.length + newlineBytes
    this.#pending = []
    this.#pendingBytes = 0
    if (this.#init.search.isIn(line)) this.#deliver(line, start, newlineBytes === 1)
    else this.#init.onPassed(1)
  }

  /** Without a newline a last \r is part of the line. */
  #deliver (line: Uint8Array, offset: number, hasNewline: boolean): void {
    this.#init.onLine(decodeText(hasNewline && line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line), offset)
  }

  #keep (part: Uint8Array): void {
    this.#pending.push(part)
    this.#pendingBytes += part.length
    const { file, maxRecordBytes } = this.#init
    if (this.#pendingBytes > maxRecordBytes) {
      throw new MapReduceError('BAD_INPUT', `${file}: the line at offset ${this.#lineStart} is longer than ${maxRecordBytes} bytes; is this a file of lines?`)
    }
  }
}
