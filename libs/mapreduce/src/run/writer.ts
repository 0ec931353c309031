import { ByteSink } from '../datum/index.ts'
import type { ScratchWriter } from '../scratch.ts'
import { crc32 } from './checksum.ts'
import { CHECKSUM_BYTES, END_MARK, RUN_HEADER } from './format.ts'

/** Bytes gathered before they are written to scratch. */
const WRITE_BUFFER_BYTES = 64 * 1024
/** Records that come together are written as they are from here on; fewer bytes are gathered first. */
const DIRECT_BYTES = 16 * 1024

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

  /** Records as they lie in a run: `count` of them are `bytes[start, end)`. */
  records (bytes: Uint8Array, start: number, end: number, count: number): void {
    this.#records += count
    if (end - start < DIRECT_BYTES) {
      this.#buffer.append(bytes, start, end)
      if (this.#buffer.length >= WRITE_BUFFER_BYTES) this.#flush()
    } else {
      this.#flush()
      this.#write(bytes, start, end)
    }
  }

  /** A record in parts: its key, tag included, and its encoded value. */
  pair (key: Uint8Array, keyStart: number, keyEnd: number, value: Uint8Array, valueStart: number, valueEnd: number): void {
    const buffer = this.#buffer
    buffer.varint(keyEnd - keyStart)
    buffer.append(key, keyStart, keyEnd)
    buffer.varint(valueEnd - valueStart)
    buffer.append(value, valueStart, valueEnd)
    this.#records++
    if (buffer.length >= WRITE_BUFFER_BYTES) this.#flush()
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

  #flush (): void {
    const { bytes, length } = this.#buffer
    this.#write(bytes, 0, length)
    this.#buffer.length = 0
  }

  #write (bytes: Uint8Array, start: number, end: number): void {
    this.#checksum = crc32(bytes, start, end, this.#checksum)
    this.#out!.write(bytes.subarray(start, end))
    this.#bytes += end - start
  }
}
