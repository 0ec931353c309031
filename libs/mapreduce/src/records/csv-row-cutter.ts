import { MapReduceError } from '../errors.ts'
import { concat } from '../concat.ts'
import { CARRIAGE_RETURN, NEWLINE, QUOTE } from './bytes.ts'

/** Whole rows that lie one after the other, and the offset in the file of each that is not blank. */
export type OnRows = (rows: Uint8Array, offsets: number[]) => void

/** Where the cut rows lie, and how long one may be. */
export interface CsvRowCutterInit {
  /** Named in errors. */
  file: string
  /** Offset in the file of the first byte pushed. */
  offset: number
  maxRecordBytes: number
}

/**
 * Finds where CSV rows end, in bytes that come in chunks of any size: at a newline with an even number of
 * quotes before it. In what RFC 4180 allows, that is every newline outside quotes (a quote inside quotes is
 * written twice); anything else, the parser of the rows refuses.
 */
export class CsvRowCutter {
  readonly #init: CsvRowCutterInit
  readonly #onRows: OnRows
  #quoted = false
  #rowStart: number
  #position: number
  #lastByte = 0
  #pending: Uint8Array[] = []
  #pendingBytes = 0

  constructor (init: CsvRowCutterInit, onRows: OnRows) {
    this.#init = init
    this.#onRows = onRows
    this.#rowStart = init.offset
    this.#position = init.offset
  }

  /** Delivers the rows that end in this chunk. Throws `BAD_INPUT` on a row that is too long. */
  push (chunk: Uint8Array): void {
    const offsets: number[] = []
    const end = this.#scan(chunk, offsets)
    if (end > 0) {
      this.#pending.push(chunk.subarray(0, end))
      this.#deliver(this.#pendingBytes + end, offsets)
    }
    if (end < chunk.length) {
      this.#pending.push(chunk.subarray(end))
      this.#pendingBytes += chunk.length - end
    }
    this.#position += chunk.length
    this.#lastByte = chunk.at(-1) ?? this.#lastByte
    this.#check(this.#pendingBytes)
  }

  /** Delivers a last row that has no newline. */
  finish (): void {
    if (this.#pendingBytes > 0) {
      this.#deliver(this.#pendingBytes, [this.#rowStart])
    }
  }

  /** Collects the offsets of the rows that end in the chunk; returns the place after the last of them. */
  #scan (chunk: Uint8Array, offsets: number[]): number {
    let end = 0
    let quote = chunk.indexOf(QUOTE)
    let newline = chunk.indexOf(NEWLINE)
    for (;;) {
      const rowEnd = this.#quoted ? -1 : newline
      let next: number
      if (quote >= 0 && (rowEnd < 0 || quote < rowEnd)) {
        this.#quoted = !this.#quoted
        next = quote + 1
      } else if (rowEnd >= 0) {
        this.#endRow(rowEnd, rowEnd === 0 ? this.#lastByte : chunk[rowEnd - 1], offsets)
        next = end = rowEnd + 1
      } else {
        break
      }
      quote = nextOf(chunk, QUOTE, quote, next)
      newline = nextOf(chunk, NEWLINE, newline, next)
    }
    return end
  }

  #endRow (newline: number, before: number | undefined, offsets: number[]): void {
    const bytes = this.#position + newline - this.#rowStart
    this.#check(bytes)
    const blank = bytes === 0 || (bytes === 1 && before === CARRIAGE_RETURN)
    if (!blank) {
      offsets.push(this.#rowStart)
    }
    this.#rowStart = this.#position + newline + 1
  }

  #deliver (bytes: number, offsets: number[]): void {
    const rows = concat(this.#pending, bytes)
    this.#pending = []
    this.#pendingBytes = 0
    if (offsets.length > 0) {
      this.#onRows(rows, offsets)
    }
  }

  #check (rowBytes: number): void {
    const { file, maxRecordBytes } = this.#init
    if (rowBytes > maxRecordBytes) {
      throw new MapReduceError('BAD_INPUT', `${file}: the row at offset ${this.#rowStart} is longer than ${maxRecordBytes} bytes; is a quote left open?`)
    }
  }
}

/** The first place of `byte` from `start` on, where `found` is the last answer: looks again only past it. */
function nextOf (chunk: Uint8Array, byte: number, found: number, start: number): number {
  return found >= 0 && found < start ? chunk.indexOf(byte, start) : found
}
