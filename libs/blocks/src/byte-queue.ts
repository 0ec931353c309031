/** Bytes that came in pieces of any length, taken in the lengths that their reader wants. */
export class ByteQueue {
  readonly #pieces: Uint8Array[] = []
  /** Where the first piece's bytes that were not taken begin. */
  #at = 0
  #bytes = 0

  /** Bytes that wait to be taken. */
  get length (): number {
    return this.#bytes
  }

  /** Adds bytes, which must not change afterwards. */
  push (piece: Uint8Array): void {
    if (piece.byteLength === 0) return
    this.#pieces.push(piece)
    this.#bytes += piece.byteLength
  }

  /** The byte at a position, which must be there. */
  byteAt (position: number): number {
    let at = this.#at + position
    for (const piece of this.#pieces) {
      if (at < piece.byteLength) return piece[at]!
      at -= piece.byteLength
    }
    throw new RangeError(`byte ${position} of ${this.#bytes}`)
  }

  /** The next bytes, in memory of their own; as many must be there. */
  take (length: number): Uint8Array {
    const taken = Buffer.allocUnsafeSlow(length)
    let filled = 0
    while (filled < length) {
      const piece = this.#pieces[0]!
      const part = piece.subarray(this.#at, this.#at + length - filled)
      taken.set(part, filled)
      filled += part.byteLength
      this.#drop(part.byteLength)
    }
    return taken
  }

  /** Passes over the next bytes; as many must be there. */
  skip (length: number): void {
    for (let left = length; left > 0;) {
      const part = Math.min(left, this.#pieces[0]!.byteLength - this.#at)
      this.#drop(part)
      left -= part
    }
  }

  /** Drops bytes of the first piece. */
  #drop (length: number): void {
    this.#bytes -= length
    this.#at += length
    if (this.#at < this.#pieces[0]!.byteLength) return
    this.#pieces.shift()
    this.#at = 0
  }
}
