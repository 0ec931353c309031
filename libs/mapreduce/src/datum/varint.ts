/** Unsigned LEB128 of 32 bits, as protobuf writes lengths. */

export const VARINT_MAX_BYTES = 5

/** Bytes that `value` (0 ≤ value < 2^32) takes. */
export function varintBytes (value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5
}

/** Writes `value` at `at`; returns the position after it. */
export function writeVarint (bytes: Uint8Array, at: number, value: number): number {
  while (value >= 0x80) {
    bytes[at++] = (value & 0x7f) | 0x80
    value >>>= 7
  }
  bytes[at++] = value
  return at
}

/**
 * Reads a varint at `at`, which may not reach `end`. Returns -1 where it is cut off or is longer than 32 bits;
 * the position after a good one is `at + varintBytes(value)`, because a longer form than needed is refused too.
 */
export function readVarint (bytes: Uint8Array, at: number, end: number): number {
  let value = 0
  for (let i = 0; i < VARINT_MAX_BYTES; i++) {
    if (at + i >= end) return -1
    const byte = bytes[at + i]!
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return value <= 0xffffffff && varintBytes(value) === i + 1 ? value : -1
  }
  return -1
}
