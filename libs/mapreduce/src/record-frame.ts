import { BYTES_KEY_TAG, BYTES_VALUE_TAG, ByteSink } from './datum/index.ts'
import type { Program } from './program.ts'
import { isKeyed } from './records/input-format.ts'

/** Records up to here are worth a way of their own: what a call for each costs is lost beside longer ones. */
const MAX_FRAMED_BYTES = 4 * 1024
/** The most that a pair takes in a run beside its key's text and its value's bytes. */
export const RECORD_FRAME_BYTES = 16

/** What lies in a run before and after the text of a key, of a pair of bytes. */
interface Frame {
  head: Uint8Array
  middle: Uint8Array
}

/** How records of one length become pairs of a run: a key of their first bytes, and a value of the others. */
export interface RecordFrame {
  recordBytes: number
  keyBytes: number
  /** Around a record of `recordBytes`. */
  whole: Frame
  /** Around a shorter one, as the last of a file may be. */
  shorter: (bytes: number) => Frame
}

/** The frame of a program whose map tasks only sort: its `map` is `'identity'`, it neither combines nor partitions by itself, and its records are not long. */
export function recordFrameOf ({ input, map, combine, finish, partition }: Program): RecordFrame | undefined {
  if (map !== 'identity' || combine !== undefined || finish !== undefined || typeof partition === 'function') return undefined
  if (!isKeyed(input) || input.bytes > MAX_FRAMED_BYTES) return undefined
  const { bytes: recordBytes, keyBytes } = input
  const shorter = (bytes: number): Frame => frameOf(Math.min(keyBytes, bytes), bytes - Math.min(keyBytes, bytes))
  return { recordBytes, keyBytes, whole: shorter(recordBytes), shorter }
}

function frameOf (keyBytes: number, valueBytes: number): Frame {
  const head = new ByteSink(RECORD_FRAME_BYTES)
  head.varint(keyBytes + 1)
  const value = new ByteSink(RECORD_FRAME_BYTES)
  value.byte(BYTES_VALUE_TAG)
  value.varint(valueBytes)
  const middle = new ByteSink(RECORD_FRAME_BYTES)
  middle.byte(BYTES_KEY_TAG)
  middle.varint(value.length + valueBytes)
  middle.append(value.toBytes())
  return { head: head.toBytes(), middle: middle.toBytes() }
}
