/**
 * A source of chance that a seed, a whole number below 2^32, decides: 0 ≤ result < 1, in steps of 2^-32.
 * A Weyl sequence through MurmurHash3's finaliser, as SplitMix (Steele, Lea and Flood 2014) has it for 64 bits.
 */
export function seededRandom (seed: number): () => number {
  let weyl = seed | 0
  return () => {
    weyl = (weyl + 0x9e3779b9) | 0
    let z = weyl
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return ((z ^ (z >>> 16)) >>> 0) / 0x1_0000_0000
  }
}
