import type { Codec, Writer } from 'protons-runtime'

/** Bytes that are kept for the next message; what a larger one needed is given back. */
const KEPT_BYTES = 64 * 1024
const MIN_ROOM_BYTES = 256
/** Longest varint of a number up to 2^53. */
const VARINT_BYTES = 8
const DOUBLE_BYTES = 8
/** A length in one byte: those of nearly all texts and messages within others. */
const ONE_BYTE_LENGTHS = 0x80
const encoder = new TextEncoder()

/**
 * What protons' generated code writes on, straight into bytes that are kept, where the library's own writer makes a linked list of
 * operations first. It has the operations that our messages use; the others are missing, and throw. Not to be entered twice.
 */
class MessageWriter {
  #bytes = new Uint8Array(KEPT_BYTES)
  #view = new DataView(this.#bytes.buffer)
  #at = 0
  /** Where messages within others begin. */
  readonly #forks: number[] = []

  uint32 (value: number): this {
    this.#reserve(VARINT_BYTES)
    let rest = value >>> 0
    while (rest >= 0x80) {
      this.#bytes[this.#at++] = rest & 0x7f | 0x80
      rest >>>= 7
    }
    this.#bytes[this.#at++] = rest
    return this
  }

  /** Values of enums, which have no negative ones. */
  int32 (value: number): this {
    return this.uint32(value)
  }

  uint64Number (value: number): this {
    this.#reserve(VARINT_BYTES)
    let rest = value
    while (rest > 0x7fffffff) {
      this.#bytes[this.#at++] = rest % 0x80 | 0x80
      rest = Math.floor(rest / 0x80)
    }
    return this.uint32(rest)
  }

  bool (value: boolean): this {
    return this.uint32(value ? 1 : 0)
  }

  double (value: number): this {
    this.#reserve(DOUBLE_BYTES)
    this.#view.setFloat64(this.#at, value, true)
    this.#at += DOUBLE_BYTES
    return this
  }

  bytes (value: Uint8Array): this {
    this.uint32(value.length)
    this.#reserve(value.length)
    this.#bytes.set(value, this.#at)
    this.#at += value.length
    return this
  }

  string (value: string): this {
    return value.length < ONE_BYTE_LENGTHS && this.#ascii(value) ? this : this.bytes(encoder.encode(value))
  }

  /** A message within another begins, with a byte for its length. */
  fork (): this {
    this.#forks.push(this.#at)
    this.#reserve(1)
    this.#at++
    return this
  }

  ldelim (): this {
    const from = this.#forks.pop()!
    const bytes = this.#at - from - 1
    this.#at = from
    if (bytes < ONE_BYTE_LENGTHS) {
      this.#bytes[from] = bytes
    } else {
      this.#reserve(VARINT_BYTES + bytes)
      this.#bytes.copyWithin(from + varintBytes(bytes), from + 1, from + 1 + bytes)
      this.uint32(bytes)
    }
    this.#at = (bytes < ONE_BYTE_LENGTHS ? from + 1 : this.#at) + bytes
    return this
  }

  /** A copy of what was written. Ready for the next message. */
  finish (): Uint8Array {
    const written = this.#bytes.slice(0, this.#at)
    this.reset()
    return written
  }

  reset (): this {
    this.#at = 0
    this.#forks.length = 0
    if (this.#bytes.length > KEPT_BYTES) this.#room(KEPT_BYTES)
    return this
  }

  /** False where it is not ASCII: then nothing was written. */
  #ascii (text: string): boolean {
    this.#reserve(1 + text.length)
    const bytes = this.#bytes
    let at = this.#at
    bytes[at++] = text.length
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code >= 0x80) return false
      bytes[at++] = code
    }
    this.#at = at
    return true
  }

  #reserve (more: number): void {
    if (this.#at + more <= this.#bytes.length) return
    const before = this.#bytes
    this.#room(Math.max(2 * before.length, this.#at + more + MIN_ROOM_BYTES))
    this.#bytes.set(before.subarray(0, this.#at))
  }

  #room (bytes: number): void {
    this.#bytes = new Uint8Array(bytes)
    this.#view = new DataView(this.#bytes.buffer)
  }
}

const writer = new MessageWriter()

/** The bytes of a message, as protons' own `encode` makes them. */
export function write<T> (codec: Codec<T>, message: Partial<T>): Uint8Array {
  try {
    codec.encode(message, writer as unknown as Writer, { lengthDelimited: false })
    return writer.finish()
  } finally {
    writer.reset()
  }
}

/** Bytes of a length as a varint. */
function varintBytes (length: number): number {
  return length < 0x80 ? 1 : length < 0x4000 ? 2 : length < 0x20_0000 ? 3 : length < 0x1000_0000 ? 4 : 5
}
