/** xoshiro128** (Blackman and Vigna, 2018): numbers in [0, 1) of 32 bits that four words of 32 bits decide, not all zero. */
export function seededRandom (seed: number[]): () => number {
  let [a, b, c, d] = seed.map(word => word >>> 0) as [number, number, number, number]
  return () => {
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result / 2 ** 32
  }
}
