/** A copy with one byte changed; the bytes themselves where there is none. */
export function flipByte (bytes: Uint8Array, random: () => number): Uint8Array {
  if (bytes.length === 0) return bytes
  // Not slice: of a Buffer that is no copy.
  const flipped = new Uint8Array(bytes)
  flipped[Math.floor(random() * bytes.length)]! ^= 1 + Math.floor(random() * 255)
  return flipped
}
