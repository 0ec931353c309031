/** A copy with one bit flipped, at a place that `at`, 0 ≤ at < 1, chooses. Nothing stays nothing. */
export function damaged (bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice()
  const bit = Math.floor(at * bytes.length * 8)
  if (copy.length > 0) copy[bit >>> 3]! ^= 1 << (bit & 7)
  return copy
}
