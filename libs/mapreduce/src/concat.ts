/** Joins parts whose lengths sum to `bytes`; a single part is returned as it is. */
export function concat (parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) {
    return only
  }
  const joined = new Uint8Array(bytes)
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
