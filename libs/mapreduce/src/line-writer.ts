import { ByteSink, bytesPayload, writeText } from './datum/index.ts'
import type { Datum, OutputFormat } from './program.ts'
import type { RunReader } from './run/index.ts'
import { readFully } from './scratch-read.ts'
import type { Scratch, ScratchFile, ScratchWriter } from './scratch.ts'

/** Bytes gathered before they are written to scratch. */
const WRITE_BUFFER_BYTES = 256 * 1024
const NEWLINE = 0x0a

/**
 * Writes output lines: text of the key, separator, text of the value, newline; or what else the format says. What is written between `begin` and
 * `keep` or `drop` is a draft; where it is long, it waits in a scratch file of its own.
 */
export class LineWriter {
  lines = 0
  readonly #buffer = new ByteSink(WRITE_BUFFER_BYTES)
  readonly #format: OutputFormat
  readonly #separator: Uint8Array
  readonly #scratch: Scratch
  readonly #out: ScratchWriter
  /** Where the draft begins in the buffer, and the lines before it. */
  #draftStart: number | undefined
  #linesBefore = 0
  /** The draft's bytes before those in the buffer. */
  #overflow: ScratchWriter | undefined

  constructor (scratch: Scratch, separator: string, format: OutputFormat = 'lines') {
    this.#format = format
    this.#scratch = scratch
    this.#out = scratch.create()
    this.#separator = new TextEncoder().encode(separator)
  }

  /** Throws a `ProgramError` on what cannot be a key or value, and then has written nothing. */
  write (key: Datum, value: Datum): void {
    const buffer = this.#buffer
    const start = buffer.length
    try {
      writeText(buffer, key, 'key')
      if (this.#format === 'lines') buffer.append(this.#separator)
      else if (this.#format === 'values') buffer.length = start
      writeText(buffer, value, 'value')
    } catch (error) {
      buffer.length = start
      throw error
    }
    if (this.#format === 'lines') buffer.byte(NEWLINE)
    this.lines++
    if (buffer.length >= WRITE_BUFFER_BYTES) this.#flush()
  }

  /** Writes the record at which a reader stands: what `write` of its key and value writes, without making either where the value is bytes. */
  pass (record: RunReader): void {
    const { bytes, keyStart, keyEnd, valueStart, valueEnd } = record
    const payload = bytesPayload(bytes, valueStart, valueEnd)
    if (payload < 0) return this.write(record.key(), record.value())
    const buffer = this.#buffer
    // A key's text is what is in the run, before its tag.
    if (this.#format !== 'values') buffer.append(bytes, keyStart, keyEnd - 1)
    if (this.#format === 'lines') buffer.append(this.#separator)
    buffer.append(bytes, payload, valueEnd)
    if (this.#format === 'lines') buffer.byte(NEWLINE)
    this.lines++
    if (buffer.length >= WRITE_BUFFER_BYTES) this.#flush()
  }

  begin (): void {
    this.#draftStart = this.#buffer.length
    this.#linesBefore = this.lines
  }

  keep (): void {
    if (this.#overflow !== undefined) this.#copyOverflow(this.#overflow)
    this.#draftStart = undefined
  }

  drop (): void {
    this.#buffer.length = this.#draftStart ?? this.#buffer.length
    this.lines = this.#linesBefore
    this.#draftStart = undefined
    this.#overflow?.close().remove()
    this.#overflow = undefined
  }

  close (): ScratchFile {
    this.#flush()
    return this.#out.close()
  }

  #flush (): void {
    const { bytes, length } = this.#buffer
    const settled = this.#draftStart ?? length
    this.#out.write(bytes.subarray(0, settled))
    if (this.#draftStart !== undefined) {
      this.#overflow ??= this.#scratch.create()
      this.#overflow.write(bytes.subarray(settled, length))
      this.#draftStart = 0
    }
    this.#buffer.length = 0
  }

  #copyOverflow (overflow: ScratchWriter): void {
    const file = overflow.close()
    for (let position = 0; position < file.bytes;) {
      const piece = readFully(file, position, Math.min(WRITE_BUFFER_BYTES, file.bytes - position))
      this.#out.write(piece)
      position += piece.length
    }
    file.remove()
    this.#overflow = undefined
  }
}
