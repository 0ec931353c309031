import { concat } from '../concat.ts'
import { MapReduceError } from '../errors.ts'
import { NEWLINE } from './bytes.ts'
import { SEARCHED_BYTES } from './byte-search.ts'
import type { LineCutterInit } from './line-cutter.ts'

export interface LineWindowsInit extends LineCutterInit {
  /** Some whole lines, each with its `\n`, of up to SEARCHED_BYTES: a view of a chunk. `offset` is that of the first one's first byte in the file. */
  onLines: (lines: Uint8Array, offset: number) => void
  /** A line by itself, without its `\n`: one that does not lie in one chunk, or is long. The last of a file may have none. */
  onLine: (line: Uint8Array, offset: number, newlineBytes: 0 | 1) => void
}

/** Cuts bytes that come in chunks of any size into lines, many of which are told of at once. */
export class LineWindows {
  readonly #init: LineWindowsInit
  /** Offset of the first byte of the line that is being read. */
  #lineStart: number
  #pending: Uint8Array[] = []
  #pendingBytes = 0

  constructor (init: LineWindowsInit) {
    this.#init = init
    this.#lineStart = init.offset
  }

  /** Whether bytes were pushed of a line whose end was not. */
  get unfinished (): boolean {
    return this.#pendingBytes > 0
  }

  /** Tells of the lines that end in this chunk. Throws `BAD_INPUT` on a line that is too long. */
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
      if (end - start <= this.#windowBytes) this.#tell(chunk.subarray(start, end))
      else {
        this.#keep(chunk.subarray(start, end - 1))
        this.#endPending(1)
      }
      start = end
    }
  }

  /** Tells of a last line that has no newline. */
  finish (): void {
    if (this.unfinished) this.#endPending(0)
  }

  /** What is told of at a time; a line that is as long may be too long. */
  get #windowBytes (): number {
    return Math.min(SEARCHED_BYTES, this.#init.maxRecordBytes)
  }

  /** Where whole lines from `start` on end that are as many as can be told of at a time, at least one; `undefined` where none ends here. */
  #windowEnd (chunk: Uint8Array, start: number): number | undefined {
    const last = chunk.lastIndexOf(NEWLINE, start + this.#windowBytes - 1)
    if (last >= start) return last + 1
    const newline = chunk.indexOf(NEWLINE, start)
    return newline < 0 ? undefined : newline + 1
  }

  #tell (lines: Uint8Array): void {
    this.#init.onLines(lines, this.#lineStart)
    this.#lineStart += lines.length
  }

  #endPending (newlineBytes: 0 | 1): void {
    const line = concat(this.#pending, this.#pendingBytes)
    const start = this.#lineStart
    this.#lineStart += line.length + newlineBytes
    this.#pending = []
    this.#pendingBytes = 0
    this.#init.onLine(line, start, newlineBytes)
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
