import { MERGE_BUFFER_BYTES } from '../constants.ts'
import { bytesPayload, compareKeys, decodeKey, decodeValue, intrinsics, isBytesKey, keyPrefix, readVarint, VARINT_MAX_BYTES, varintBytes } from '../datum/index.ts'
import { MapReduceError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import type { Datum } from '../program.ts'
import type { ScratchFile } from '../scratch.ts'
import { crc32 } from './checksum.ts'
import { CHECKSUM_BYTES, END_MARK, MAX_KEY_FIELD_BYTES, MAX_VALUE_FIELD_BYTES, MIN_RUN_BYTES, RUN_HEADER } from './format.ts'

/** A run in a scratch file, which may hold others beside it. */
export interface RunSection {
  file: ScratchFile
  start: number
  bytes: number
  /** What a message calls it, and the code of what is thrown where it is malformed. */
  label: string
  code?: ErrorCode
}

/** Smallest buffer: the header, or the footer. */
const MIN_BUFFER_BYTES = 16
/** Bytes copied at once for keys and values that are bytes: an array of its own takes ten times as long as a view of a copy. */
const SNAPSHOT_BYTES = 8 * 1024
/** Up to here they get a copy of their own, which V8 keeps inside of its heap. */
const SMALL_BYTES = 64

/**
 * Reads a run record by record, synchronously, through a buffer of `bufferBytes`. After `next` has returned true the
 * record is `bytes[recordStart, valueEnd)`, as it lies in the run: its key is `bytes[keyStart, keyEnd)`, tag last, its
 * value `bytes[valueStart, valueEnd)`. They stay until the next call; the key before it stays readable at
 * `bytes[previousStart, previousEnd)`.
 *
 * Throws a `MapReduceError` on bytes that are no run, that are cut off or damaged, or whose keys fall; and then
 * `next` throws it again.
 */
export class RunReader {
  bytes: Uint8Array
  recordStart = 0
  keyStart = 0
  keyEnd = 0
  valueStart = 0
  valueEnd = 0
  previousStart = 0
  previousEnd = 0
  /** `keyPrefix` of the key. */
  prefix = 0
  /** Whether the key is that of the record before. */
  repeats = false
  readonly #section: RunSection
  readonly #bufferBytes: number
  /** Bytes of the buffer that hold content; the next byte of the section to be read into it. */
  #filled = 0
  #position = 0
  #records = 0
  #checksum = 0
  #failure: MapReduceError | undefined
  #ended = false
  /** A copy of the buffer's bytes from `#snapshotStart` to `#snapshotEnd`, which keys and values are views of. */
  #snapshot: Uint8Array | undefined
  #snapshotStart = 0
  #snapshotEnd = 0

  constructor (section: RunSection, bufferBytes = MERGE_BUFFER_BYTES) {
    this.#section = section
    this.#bufferBytes = Math.max(MIN_BUFFER_BYTES, Math.min(bufferBytes, section.bytes))
    this.bytes = new Uint8Array(this.#bufferBytes)
  }

  /** Goes to the next record; false at the end. */
  next (): boolean {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#ended) return false
    if (this.#position === 0) this.#readHeader()
    this.previousStart = this.keyStart
    this.previousEnd = this.keyEnd
    const at = this.#have(this.valueEnd, VARINT_MAX_BYTES, this.valueEnd)
    const keyBytes = this.#readLength(at, MAX_KEY_FIELD_BYTES)
    if (keyBytes === END_MARK) return this.#readFooter(at + 1)
    const keyOffset = varintBytes(keyBytes)
    this.recordStart = at
    this.keyStart = this.#have(at + keyOffset, keyBytes + VARINT_MAX_BYTES, at)
    this.keyEnd = this.keyStart + keyBytes
    if (this.keyEnd > this.#filled) throw this.#fail('it is cut off')
    const valueBytes = this.#readLength(this.keyEnd, MAX_VALUE_FIELD_BYTES)
    this.valueStart = this.#have(this.keyEnd + varintBytes(valueBytes), valueBytes, this.recordStart)
    this.valueEnd = this.valueStart + valueBytes
    if (this.valueEnd > this.#filled) throw this.#fail('it is cut off')
    this.#checkOrder()
    this.#records++
    return true
  }

  /** The record's key. Bytes share memory with few others, and must not be changed. Throws as `next` does. */
  key (): Datum {
    const textEnd = this.keyEnd - 1
    if (isShareable(textEnd - this.keyStart) && isBytesKey(this.bytes, this.keyEnd)) return this.#view(this.keyStart, textEnd)
    try {
      return decodeKey(this.bytes, this.keyStart, this.keyEnd)
    } catch (cause) {
      throw this.#failure ?? this.#fail(String(cause), cause)
    }
  }

  /** The record's value. Bytes share memory with few others, and must not be changed. Throws as `next` does. */
  value (): Datum {
    if (isShareable(this.valueEnd - this.valueStart)) {
      const start = bytesPayload(this.bytes, this.valueStart, this.valueEnd)
      if (start >= 0) return this.#view(start, this.valueEnd)
    }
    try {
      return decodeValue(this.bytes, this.valueStart, this.valueEnd)
    } catch (cause) {
      throw this.#failure ?? this.#fail(String(cause), cause)
    }
  }

  #view (start: number, end: number): Uint8Array {
    if (start < this.#snapshotStart || end > this.#snapshotEnd) {
      this.#snapshotStart = start
      this.#snapshotEnd = Math.min(start + SNAPSHOT_BYTES, this.#filled)
      this.#snapshot = this.bytes.slice(start, this.#snapshotEnd)
    }
    return new intrinsics.Uint8Array(this.#snapshot!.buffer, start - this.#snapshotStart, end - start)
  }

  #checkOrder (): void {
    const before = this.prefix
    this.prefix = keyPrefix(this.bytes, this.keyStart, this.keyEnd - 1)
    this.repeats = false
    if (this.#records === 0 || this.prefix > before) return
    const order = this.prefix < before
      ? 1
      : compareKeys(this.bytes, this.previousStart, this.previousEnd, this.bytes, this.keyStart, this.keyEnd)
    if (order > 0) throw this.#fail('its keys are out of order')
    this.repeats = order === 0
  }

  #readHeader (): void {
    if (this.#section.bytes < MIN_RUN_BYTES) throw this.#fail('it is cut off')
    this.#have(0, RUN_HEADER.length, 0)
    if (RUN_HEADER.some((byte, i) => this.bytes[i] !== byte)) throw this.#fail('it does not start as a run of this version does')
    this.valueEnd = RUN_HEADER.length
  }

  #readFooter (from: number): boolean {
    let at = this.#have(from, VARINT_MAX_BYTES + CHECKSUM_BYTES, from)
    const records = this.#readLength(at, 0xffffffff)
    at += varintBytes(records)
    if (this.#filled - at !== CHECKSUM_BYTES || this.#position !== this.#section.bytes) throw this.#fail('it does not end where it should')
    if (records !== this.#records) throw this.#fail(`it has ${this.#records} records and was written with ${records}`)
    const stored = new DataView(this.bytes.buffer, at, CHECKSUM_BYTES).getUint32(0, true)
    if (stored !== this.#checksum) throw this.#fail('its checksum is wrong')
    this.#ended = true
    return false
  }

  #readLength (at: number, max: number): number {
    const first = at < this.#filled ? this.bytes[at]! : 0x80
    const length = first < 0x80 ? first : readVarint(this.bytes, at, this.#filled)
    if (length < 0 || length > max) throw this.#fail('a length in it is cut off or too large')
    return length
  }

  /**
   * Sees to it that `count` bytes at `at` are in the buffer, or all there are. What lies before `from` may be dropped,
   * except the previous key. Returns where `at` now is; the reader's own positions have moved with it.
   */
  #have (at: number, count: number, from: number): number {
    if (at + count <= this.#filled || this.#position === this.#section.bytes) return at
    const previousBytes = this.previousEnd - this.previousStart
    const shift = from - previousBytes
    const left = this.#section.bytes - this.#position
    const needed = Math.min(at - shift + count, this.#filled - shift + left)
    this.#makeRoom(needed, previousBytes, from)
    this.#snapshotEnd = 0
    this.previousStart = 0
    this.previousEnd = previousBytes
    this.recordStart -= shift
    this.keyStart -= shift
    this.keyEnd -= shift
    this.#filled -= shift
    while (this.#filled < needed) this.#fill()
    return at - shift
  }

  /** Moves the previous key and then the bytes from `from` to the front of a buffer of at least `needed` bytes. */
  #makeRoom (needed: number, previousBytes: number, from: number): void {
    const old = this.bytes
    const wanted = Math.max(needed, this.#bufferBytes)
    // A buffer that grew for a long record is not kept for the short ones after it.
    if (wanted > old.length || wanted < old.length / 2) this.bytes = new Uint8Array(wanted)
    const { previousStart, previousEnd } = this
    if (this.bytes === old) {
      old.copyWithin(0, previousStart, previousEnd)
      old.copyWithin(previousBytes, from, this.#filled)
    } else {
      this.bytes.set(old.subarray(previousStart, previousEnd))
      this.bytes.set(old.subarray(from, this.#filled), previousBytes)
    }
  }

  #fill (): void {
    const { file, start, bytes } = this.#section
    const room = Math.min(this.bytes.length - this.#filled, bytes - this.#position)
    const count = file.read(this.bytes.subarray(this.#filled, this.#filled + room), start + this.#position)
    if (count === 0) throw this.#fail('it is cut off')
    const summed = Math.min(count, bytes - CHECKSUM_BYTES - this.#position)
    if (summed > 0) this.#checksum = crc32(this.bytes, this.#filled, this.#filled + summed, this.#checksum)
    this.#filled += count
    this.#position += count
  }

  #fail (what: string, cause?: unknown): MapReduceError {
    const { label, code = 'STORAGE' } = this.#section
    this.#failure = new MapReduceError(code, `${label} is malformed: ${what}`, { cause })
    return this.#failure
  }
}

function isShareable (bytes: number): boolean {
  return bytes > SMALL_BYTES && bytes <= SNAPSHOT_BYTES
}
