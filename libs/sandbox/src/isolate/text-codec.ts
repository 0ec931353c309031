import { TEXT_CODEC_WASM } from './text-codec-wasm.ts'
import { Instance, Module } from './webassembly.ts'

/** What text-codec.wat exports. `decode` and `encode` leave and find the bytes at the start of `memory`. */
interface TextCodec {
  memory: { buffer: ArrayBuffer }
  /** Whether the last bytes decoded were not UTF-8. */
  malformed: { value: number }
  decode: (bytes: number) => string
  encode: (text: string) => number
}

/** Characters that the module converts at a time; the bytes of one decoding are as many at most. */
export const MAX_CHARS = 65_536

const codec = new Instance(new Module(TEXT_CODEC_WASM, { builtins: ['js-string'] })).exports as unknown as TextCodec
const memory = new Uint8Array(codec.memory.buffer)

/** `TextDecoder` of UTF-8, for whole texts. A byte order mark is always kept: no one here asks for its removal. */
export class TextDecoder {
  readonly #fatal: boolean

  /** Throws a `RangeError` on any other encoding. */
  constructor (label = 'utf-8', { fatal = false }: { fatal?: boolean } = {}) {
    if (!/^utf-?8$/i.test(label)) throw new RangeError(`text is UTF-8 here, not ${label}`)
    this.#fatal = fatal
  }

  decode (bytes: Uint8Array): string {
    if (bytes.length <= MAX_CHARS) return this.#decodePiece(bytes)
    let text = ''
    for (let start = 0; start < bytes.length;) {
      const end = pieceEnd(bytes, start)
      text += this.#decodePiece(bytes.subarray(start, end))
      start = end
    }
    return text
  }

  #decodePiece (bytes: Uint8Array): string {
    memory.set(bytes)
    const text = codec.decode(bytes.length)
    if (this.#fatal && codec.malformed.value !== 0) throw new TypeError('the bytes are not UTF-8')
    return text
  }
}

/** Where a piece may end so that no character is cut: before a byte that continues none, or that three others go before. */
function pieceEnd (bytes: Uint8Array, start: number): number {
  const end = start + MAX_CHARS
  if (end >= bytes.length) return bytes.length
  for (let back = 0; back <= 3; back++) {
    if ((bytes[end - back]! & 0xc0) !== 0x80) return end - back
  }
  return end
}

/** `TextEncoder`. */
export class TextEncoder {
  encode (text: string): Uint8Array<ArrayBuffer> {
    if (text.length <= MAX_CHARS) return memory.slice(0, codec.encode(text))
    const parts: Uint8Array[] = []
    let bytes = 0
    for (let start = 0; start < text.length;) {
      const end = textPieceEnd(text, start)
      const part = this.encode(text.slice(start, end))
      parts.push(part)
      bytes += part.length
      start = end
    }
    const whole = new Uint8Array(bytes)
    let at = 0
    for (const part of parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }

  /** As the standard's: writes the characters that fit whole, and says how many UTF-16 units and bytes they are. */
  encodeInto (text: string, target: Uint8Array): { read: number, written: number } {
    const bytes = text.length <= MAX_CHARS ? memory.subarray(0, codec.encode(text)) : this.encode(text)
    if (bytes.length <= target.length) {
      target.set(bytes)
      return { read: text.length, written: bytes.length }
    }
    let written = target.length
    while (written > 0 && (bytes[written]! & 0xc0) === 0x80) written--
    const fitting = bytes.slice(0, written)
    target.set(fitting)
    return { read: new TextDecoder().decode(fitting).length, written }
  }
}

/** Where a piece of a text may end so that no surrogate pair is cut. */
function textPieceEnd (text: string, start: number): number {
  const end = start + MAX_CHARS
  if (end >= text.length) return text.length
  return (text.charCodeAt(end - 1) & 0xfc00) === 0xd800 ? end - 1 : end
}
