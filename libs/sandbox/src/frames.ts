/** What a frame carries: a JSON control message, or bytes of the read that the frame's id names. */
export const FRAME_CONTROL = 0
export const FRAME_DATA = 1

/** `[u32 payload bytes][u8 type][u32 id]`, big endian. */
export const FRAME_HEADER_BYTES = 9

export interface Frame {
  type: number
  id: number
  payload: Uint8Array
}

/** The header that goes before a payload. */
export function frameHeader (type: number, id: number, payloadBytes: number): Uint8Array {
  const header = new Uint8Array(FRAME_HEADER_BYTES)
  const view = new DataView(header.buffer)
  view.setUint32(0, payloadBytes)
  view.setUint8(4, type)
  view.setUint32(5, id)
  return header
}

/** Cuts a byte stream into frames. Throws a `RangeError` on an unknown type or a payload over `maxBytes`, before it is held. */
export class FrameDecoder {
  readonly #maxBytes: number
  readonly #parts: Uint8Array[] = []
  #held = 0
  #header: { type: number, id: number, bytes: number } | undefined

  constructor (maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Yields the frames that are whole once `chunk` has arrived. A payload may share its memory with the chunk. */
  * push (chunk: Uint8Array): Generator<Frame> {
    this.#parts.push(chunk)
    this.#held += chunk.length
    for (;;) {
      if (this.#header === undefined) {
        if (this.#held < FRAME_HEADER_BYTES) return
        this.#header = this.#parse(this.#take(FRAME_HEADER_BYTES))
      }
      const { type, id, bytes } = this.#header
      if (this.#held < bytes) return
      this.#header = undefined
      yield { type, id, payload: this.#take(bytes) }
    }
  }

  #parse (header: Uint8Array): { type: number, id: number, bytes: number } {
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
    const [bytes, type, id] = [view.getUint32(0), view.getUint8(4), view.getUint32(5)]
    if (type !== FRAME_CONTROL && type !== FRAME_DATA) throw new RangeError(`a frame of unknown type ${type}`)
    if (bytes > this.#maxBytes) throw new RangeError(`a frame of ${bytes} bytes, more than ${this.#maxBytes}`)
    return { type, id, bytes }
  }

  #take (bytes: number): Uint8Array {
    this.#held -= bytes
    const first = this.#parts[0]
    if (first !== undefined && first.length > bytes) {
      this.#parts[0] = first.subarray(bytes)
      return first.subarray(0, bytes)
    }
    if (first?.length === bytes) return this.#parts.shift()!
    return this.#gather(bytes)
  }

  /** Joins what several chunks hold, and keeps the rest of the last. */
  #gather (bytes: number): Uint8Array {
    const whole = new Uint8Array(bytes)
    let used = 0
    let at = 0
    while (at < bytes) {
      const part = this.#parts[used]!
      const piece = part.subarray(0, bytes - at)
      whole.set(piece, at)
      at += piece.length
      if (piece.length < part.length) {
        this.#parts[used] = part.subarray(piece.length)
        break
      }
      used++
    }
    this.#parts.splice(0, used)
    return whole
  }
}
