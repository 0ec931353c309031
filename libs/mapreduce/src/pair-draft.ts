import { DRAFT_BYTES } from './constants.ts'
import { ByteSink, decodeKey, decodeValue, encodeKey, encodeValue, readVarint, snapshot, varintBytes, writeKey } from './datum/index.ts'
import { ProgramError } from './errors.ts'
import type { Datum, Emit } from './program.ts'
import { readFully } from './scratch-read.ts'
import type { Scratch, ScratchWriter } from './scratch.ts'

/** Characters of a string that is within every bound. */
const SHORT_TEXT = 4096
/** Estimated heap of a pair beside its strings, arrays and objects. */
const PAIR_BYTES = 32
/** Estimated heap of an array's or object's part, by the byte that encodes it. */
const COMPOUND_BYTES_PER_BYTE = 8

/**
 * The pairs of one call of `map`, kept back until it has returned: none of them counts if it throws. What a program
 * does to a value later does not reach them. Where they are many, they go to scratch.
 */
export class PairDraft {
  readonly #scratch: Scratch
  readonly #capacityBytes: number
  readonly #keys: Datum[] = []
  readonly #values: Datum[] = []
  /** Estimated heap of these. */
  #bytes = 0
  #open = false
  #overflow: Overflow | undefined

  constructor (scratch: Scratch, capacityBytes = DRAFT_BYTES) {
    this.#scratch = scratch
    this.#capacityBytes = capacityBytes
  }

  /** `emit` of `map`. Throws a `ProgramError` on what cannot be a key or value, and what scratch throws. */
  readonly emit: Emit = (key, value) => {
    if (!this.#open) throw new ProgramError('emit was called after map had returned', '')
    const heldKey = isPlain(key) ? key : this.#copyKey(key)
    const heldValue = isPlain(value) ? value : this.#copyValue(value)
    this.#keys.push(heldKey)
    this.#values.push(heldValue)
    this.#bytes += PAIR_BYTES + textBytes(heldKey) + textBytes(heldValue)
    if (this.#bytes >= this.#capacityBytes) this.#spill()
  }

  begin (): void {
    this.#open = true
  }

  /** Gives the call's pairs to `out`, in their order. Throws what `out` and scratch throw. */
  keep (out: Emit): void {
    this.#open = false
    this.#overflow?.replay(out)
    for (const [i, key] of this.#keys.entries()) out(key, this.#values[i]!)
    this.#forget()
  }

  /** Forgets the call's pairs. Throws what scratch throws. */
  drop (): void {
    this.#open = false
    this.#overflow?.remove()
    this.#forget()
  }

  #copyKey (key: Datum): Datum {
    const encoded = encodeKey(key)
    this.#bytes += encoded.length * COMPOUND_BYTES_PER_BYTE
    return decodeKey(encoded)
  }

  #copyValue (value: Datum): Datum {
    const copy = snapshot(value)
    this.#bytes += copy.bytes * COMPOUND_BYTES_PER_BYTE
    return copy.value
  }

  #spill (): void {
    this.#overflow ??= new Overflow(this.#scratch)
    this.#overflow.write(this.#keys, this.#values)
    this.#clear()
  }

  #forget (): void {
    this.#overflow = undefined
    this.#clear()
  }

  #clear (): void {
    this.#keys.length = 0
    this.#values.length = 0
    this.#bytes = 0
  }
}

/** Whether a datum is one, within every bound, and cannot be changed. */
function isPlain (datum: Datum): boolean {
  switch (typeof datum) {
    case 'string': return datum.length <= SHORT_TEXT && datum.isWellFormed()
    case 'number': return Number.isFinite(datum)
    default: return typeof datum === 'boolean' || datum === null
  }
}

function textBytes (datum: Datum): number {
  return typeof datum === 'string' ? 2 * datum.length : 0
}

/** Pairs in a scratch file, in pieces that each end where a pair does. */
class Overflow {
  readonly #out: ScratchWriter
  readonly #sink = new ByteSink(64 * 1024)
  readonly #pieceBytes: number[] = []

  constructor (scratch: Scratch) {
    this.#out = scratch.create()
  }

  write (keys: Datum[], values: Datum[]): void {
    const sink = this.#sink
    sink.length = 0
    for (const [i, key] of keys.entries()) {
      const keyAt = sink.length
      sink.byte(0)
      writeKey(sink, key)
      sink.sealLength(keyAt)
      const valueAt = sink.length
      sink.byte(0)
      encodeValue(sink, values[i])
      sink.sealLength(valueAt)
    }
    this.#out.write(sink.bytes.subarray(0, sink.length))
    this.#pieceBytes.push(sink.length)
  }

  /** Ends it. */
  replay (out: Emit): void {
    const file = this.#out.close()
    let position = 0
    for (const bytes of this.#pieceBytes) {
      replayPiece(readFully(file, position, bytes), out)
      position += bytes
    }
    file.remove()
  }

  /** Ends it. */
  remove (): void {
    this.#out.close().remove()
  }
}

function replayPiece (bytes: Uint8Array, out: Emit): void {
  const end = bytes.length
  for (let at = 0; at < end;) {
    const keyBytes = readVarint(bytes, at, end)
    const keyStart = at + varintBytes(keyBytes)
    const keyEnd = keyStart + keyBytes
    const valueBytes = readVarint(bytes, keyEnd, end)
    const valueStart = keyEnd + varintBytes(valueBytes)
    at = valueStart + valueBytes
    out(decodeKey(bytes, keyStart, keyEnd), decodeValue(bytes, valueStart, at))
  }
}
