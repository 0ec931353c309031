import { ByteSink, writeText } from './datum/index.ts'
import type { Datum } from './program.ts'
import type { ScratchFile, ScratchWriter } from './scratch.ts'

/** Bytes gathered before they are written to scratch. */
const WRITE_BUFFER_BYTES = 256 * 1024
const NEWLINE = 0x0a

/** Writes output lines: text of the key, separator, text of the value, newline. */
export class LineWriter {
  lines = 0
  readonly #buffer = new ByteSink(WRITE_BUFFER_BYTES)
  readonly #separator: Uint8Array
  readonly #out: ScratchWriter

  constructor (out: ScratchWriter, separator: string) {
    this.#out = out
    this.#separator = new TextEncoder().encode(separator)
  }

  /** Throws a `ProgramError` on what cannot be a key or value, and then has written nothing. */
  write (key: Datum, value: Datum): void {
    const buffer = this.#buffer
    const start = buffer.length
    try {
      writeText(buffer, key, 'key')
      buffer.append(this.#separator)
      writeText(buffer, value, 'value')
    } catch (error) {
      buffer.length = start
      throw error
    }
    buffer.byte(NEWLINE)
    this.lines++
    if (buffer.length >= WRITE_BUFFER_BYTES) this.#flush()
  }

  close (): ScratchFile {
    this.#flush()
    return this.#out.close()
  }

  #flush (): void {
    this.#out.write(this.#buffer.bytes.subarray(0, this.#buffer.length))
    this.#buffer.length = 0
  }
}
