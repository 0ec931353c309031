import { ByteSink, encodeValue, readVarint, writeKey } from './datum/index.ts'
import { RECORD_FRAME_BYTES } from './record-frame.ts'
import type { RecordFrame } from './record-frame.ts'
import { orderPairs } from './pair-order.ts'
import type { Datum } from './program.ts'

/** Bytes that a pair takes beside its record: its index entry, and its place in the order. */
const INDEX_BYTES = 4 * 4 + 8
/** Entries that the index starts with. */
const FIRST_ENTRIES = 1024
/** Where sorted records are gathered: the first bytes of the buffer, because a copy within an array makes no object. */
const STAGE_BYTES = 32 * 1024

/** Told of pairs in sorted order, many at once: `count` records (run format) of a partition are `bytes[start, end)`. */
export type OnRecords = (partition: number, bytes: Uint8Array, start: number, end: number, count: number) => void

/** The partition of a valid key, whose text is `bytes[start, end)`. */
export type PartitionOf = (key: Datum, bytes: Uint8Array, start: number, end: number) => number

/**
 * Pairs as records in one flat buffer, in the order they came, beside an index in typed arrays: ten million pairs
 * are a dozen objects to the garbage collector.
 */
export class PairBuffer {
  readonly #sink: ByteSink
  #count = 0
  #partitions = new Uint32Array(FIRST_ENTRIES)
  #keyStarts = new Uint32Array(FIRST_ENTRIES)
  #keyEnds = new Uint32Array(FIRST_ENTRIES)
  #recordStarts = new Uint32Array(FIRST_ENTRIES)
  readonly #capacityBytes: number
  /** The string that was the last pair's key, and the pair: what empties a table emits many values under one key. */
  #lastKey: string | undefined

  /** `expectedBytes` of pairs will come, as far as is known. */
  constructor (capacityBytes: number, expectedBytes = 0) {
    this.#capacityBytes = capacityBytes
    this.#sink = new ByteSink(2 * STAGE_BYTES, Math.max(2 * STAGE_BYTES, STAGE_BYTES + capacityBytes), STAGE_BYTES + expectedBytes)
    this.#sink.length = STAGE_BYTES
  }

  get count (): number {
    return this.#count
  }

  /** Whether it should be spilled before the next pair. */
  get full (): boolean {
    return this.#sink.length - STAGE_BYTES + this.#count * INDEX_BYTES >= this.#capacityBytes
  }

  /**
   * Adds a pair. Throws a `ProgramError` on what cannot be
   * a key or value, and what `partitionOf` throws, and then has added nothing.
   */
  add (key: Datum, value: Datum, partitionOf: PartitionOf): void {
    const sink = this.#sink
    const start = sink.length
    try {
      const partition = typeof key === 'string' && key === this.#lastKey ? this.#repeatKey() : this.#writeKey(key, partitionOf)
      const keyEnd = sink.length
      sink.byte(0)
      encodeValue(sink, value)
      sink.sealLength(keyEnd)
      this.#index(partition, start, keyEnd)
    } catch (error) {
      sink.length = start
      throw error
    }
    this.#lastKey = typeof key === 'string' ? key : undefined
  }

  /**
   * Adds records that lie one after another in `records[start…)` as `add` would their keys and values, until it is full or has what fits in
   * the stage: one at least. Throws what `partitionOf` throws, of a whole key text. Returns where the next one begins.
   */
  addRecords (records: Uint8Array, start: number, frame: RecordFrame, partitionOf: PartitionOf): number {
    const sink = this.#sink
    const { recordBytes } = frame
    const staged = Math.min(records.length - start, STAGE_BYTES - STAGE_BYTES % recordBytes)
    sink.reserve(staged + Math.ceil(staged / recordBytes) * RECORD_FRAME_BYTES)
    sink.bytes.set(records.subarray(start, start + staged))
    let at = 0
    do at = this.#addStaged(at, Math.min(at + recordBytes, staged), frame, partitionOf)
    while (at < staged && !this.full)
    this.#lastKey = undefined
    return start + at
  }

  /** Adds the record `bytes[at, end)` of the stage; returns its end. */
  #addStaged (at: number, end: number, frame: RecordFrame, partitionOf: PartitionOf): number {
    const sink = this.#sink
    const { bytes } = sink
    const { head, middle } = end - at === frame.recordBytes ? frame.whole : frame.shorter(end - at)
    const start = sink.length
    const split = Math.min(at + frame.keyBytes, end)
    let to = start
    for (const byte of head) bytes[to++] = byte
    for (let i = at; i < split; i++) bytes[to++] = bytes[i]!
    const partition = partitionOf(null, bytes, start + head.length, to)
    const keyEnd = to + 1
    for (const byte of middle) bytes[to++] = byte
    bytes.copyWithin(to, split, end)
    sink.length = to + end - split
    this.#index(partition, start, keyEnd)
    return end
  }

  #writeKey (key: Datum, partitionOf: PartitionOf): number {
    const sink = this.#sink
    const start = sink.length
    sink.byte(0)
    writeKey(sink, key)
    const partition = partitionOf(key, sink.bytes, start + 1, sink.length - 1)
    sink.sealLength(start)
    return partition
  }

  /** Writes the last pair's key once more. */
  #repeatKey (): number {
    const last = this.#count - 1
    this.#sink.append(this.#sink.bytes, this.#recordStarts[last]!, this.#keyEnds[last]!)
    return this.#partitions[last]!
  }

  #index (partition: number, recordStart: number, keyEnd: number): void {
    const at = this.#count
    const { bytes } = this.#sink
    const keyBytes = bytes[recordStart]! < 0x80 ? bytes[recordStart]! : readVarint(bytes, recordStart, keyEnd)
    if (at === this.#partitions.length) this.#growIndex()
    this.#partitions[at] = partition
    this.#recordStarts[at] = recordStart
    this.#keyStarts[at] = keyEnd - keyBytes
    this.#keyEnds[at] = keyEnd
    this.#count = at + 1
  }

  #growIndex (): void {
    const grown = (column: Uint32Array): Uint32Array<ArrayBuffer> => {
      const longer = new Uint32Array(column.length * 2)
      longer.set(column)
      return longer
    }
    this.#partitions = grown(this.#partitions)
    this.#recordStarts = grown(this.#recordStarts)
    this.#keyStarts = grown(this.#keyStarts)
    this.#keyEnds = grown(this.#keyEnds)
  }

  /** Gives all pairs by partition, then key, then in the order they came; then is empty. The bytes given are overwritten afterwards. */
  drain (onRecords: OnRecords): void {
    const { bytes, length } = this.#sink
    const count = this.#count
    const order = orderPairs({ count, bytes, partitions: this.#partitions, keyStarts: this.#keyStarts, keyEnds: this.#keyEnds })
    let current = 0
    let staged = 0
    let records = 0
    const giveStaged = (): void => {
      if (records > 0) onRecords(current, bytes, 0, staged, records)
      staged = 0
      records = 0
    }
    for (let i = 0; i < count; i++) {
      const pair = order(i)
      const partition = this.#partitions[pair]!
      const start = this.#recordStarts[pair]!
      const end = pair + 1 < count ? this.#recordStarts[pair + 1]! : length
      if (partition !== current || staged + end - start > STAGE_BYTES) giveStaged()
      current = partition
      if (end - start > STAGE_BYTES) {
        onRecords(partition, bytes, start, end, 1)
        continue
      }
      bytes.copyWithin(staged, start, end)
      staged += end - start
      records++
    }
    giveStaged()
    this.#sink.length = STAGE_BYTES
    this.#count = 0
    this.#lastKey = undefined
  }
}
