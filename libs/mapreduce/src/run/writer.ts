import { ByteSink } from '../datum/index.ts'
import type { ScratchWriter } from '../scratch.ts'
import { crc32 } from './checksum.ts'
import { CHECKSUM_BYTES, END_MARK, RUN_HEADER } from './format.ts'

/** Bytes gathered before they are written to scratch. */
const WRITE_BUFFER_BYTES = 64 * 1024

/**
 * Writes runs, one after another; several may share a scratch file. The caller gives records in the order of
 * `compareKeys`, and closes the scratch files.
 */
export class RunWriter {
  readonly #buffer = new ByteSink(WRITE_BUFFER_BYTES)
  #out: ScratchWriter | undefined
  #records = 0
  #bytes = 0
  #checksum = 0

  begin (out: ScratchWriter): void {
    this.#out = out
    this.#records = 0
    this.#bytes = 0
    this.#checksum = 0
    this.#buffer.length = 0
    this.#buffer.append(RUN_HEADER)
  }

  /** A record as `recordOf` lays it out: `bytes[start, end)`. */
  record (bytes: Uint8Array, start: number, end: number): void {
    this.#buffer.append(bytes, start, end)
    this.#wrote()
  }

  /** A record in parts: its key, tag included, and its encoded value. */
  pair (key: Uint8Array, keyStart: number, keyEnd: number, value: Uint8Array, valueStart: number, valueEnd: number): void {
    const buffer = this.#buffer
    buffer.varint(keyEnd - keyStart)
    buffer.append(key, keyStart, keyEnd)
    buffer.varint(valueEnd - valueStart)
    buffer.append(value, valueStart, valueEnd)
    this.#wrote()
  }

  /** Ends the run; says how long it is. */
  end (): { bytes: number, records: number } {
    this.#buffer.byte(END_MARK)
    this.#buffer.varint(this.#records)
    this.#flush()
    const checksum = this.#checksum
    for (let shift = 0; shift < 8 * CHECKSUM_BYTES; shift += 8) this.#buffer.byte((checksum >>> shift) & 0xff)
    this.#flush()
    this.#out = undefined
    return { bytes: this.#bytes, records: this.#records }
  }

  #wrote (): void {
    this.#records++
    if (this.#buffer.length >= WRITE_BUFFER_BYTES) this.#flush()
  }

  #flush (): void {
    const { bytes, length } = this.#buffer
    this.#checksum = crc32(bytes, 0, length, this.#checksum)
    this.#out!.write(bytes.subarray(0, length))
    this.#bytes += length
    this.#buffer.length = 0
  }
}
