/**
 * Exponential backoff with full jitter over its upper half: `base·2^(n−1)`, cut to `max`, times 0.5…1.
 * The jitter is a hash of `seed` and `n`: spread over tasks, and the same in every replay.
 */
export function backoffMs (n: number, base: number, max: number, seed: string): number {
  const whole = Math.min(max, base * 2 ** Math.min(n - 1, 30))
  return Math.round(whole * (0.5 + hash01(`${seed}/${n}`) / 2))
}

/** FNV-1a with a final avalanche (MurmurHash3's), as a fraction 0 ≤ f < 1. */
function hash01 (text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32
}
