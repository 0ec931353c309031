/** A seeded source of chance. The same seed gives the same values on every machine. */
export interface SeededRandom {
  /** 0 ≤ result < 1, in steps of 2^-32. */
  random: () => number
  /** An integer, 0 ≤ result < n, for 1 ≤ n ≤ 2^32. */
  int: (n: number) => number
  /** True with the probability given. */
  chance: (probability: number) => boolean
  /** An item of a list that is not empty. */
  pick: <T>(items: readonly T[]) => T
  /** A shuffled copy (Fisher and Yates). */
  shuffle: <T>(items: readonly T[]) => T[]
  /**
   * An independent source that depends on this one's seed and the label alone, not on what was drawn before:
   * a new consumer of chance leaves what the others see as it was.
   */
  fork: (label: string) => SeededRandom
}

/**
 * xoshiro128** 1.1 (Blackman and Vigna 2018, https://prng.di.unimi.it/xoshiro128starstar.c), its state filled
 * from the seed by MurmurHash3's finaliser over a Weyl sequence (SplitMix32).
 */
export function createRandom (seed: number | string): SeededRandom {
  const name = String(seed)
  const next = xoshiro128(stateOf(name))
  const random = (): number => next() / 0x1_0000_0000
  const int = (n: number): number => {
    if (!(Number.isInteger(n) && n >= 1 && n <= 0x1_0000_0000)) throw new RangeError(`int(n) wants 1 ≤ n ≤ 2^32, got ${n}`)
    return Math.floor(random() * n)
  }
  return {
    random,
    int,
    chance: probability => random() < probability,
    pick (items) {
      if (items.length === 0) throw new RangeError('pick from an empty list')
      return items[int(items.length)]!
    },
    shuffle (items) {
      const copy = [...items]
      for (let last = copy.length - 1; last > 0; last--) {
        const other = int(last + 1)
        const held = copy[last]!
        copy[last] = copy[other]!
        copy[other] = held
      }
      return copy
    },
    fork: label => createRandom(`${name}/${label}`)
  }
}

/** The generator itself: each call gives the next 32 bits. The state must not be all zero. */
export function xoshiro128 (state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state
  return () => {
    const result = Math.imul(rotl(Math.imul(b, 5), 7), 9) >>> 0
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotl(d, 11)
    return result
  }
}

function rotl (x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits))
}

function stateOf (seed: string): [number, number, number, number] {
  // FNV-1a over the UTF-16 code units; seeds that differ in one character differ in all of the state by the finaliser.
  let weyl = 0x811c9dc5
  for (let i = 0; i < seed.length; i++) weyl = Math.imul(weyl ^ seed.charCodeAt(i), 0x01000193)
  const word = (): number => {
    weyl = (weyl + 0x9e3779b9) | 0
    let z = weyl
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return z ^ (z >>> 16)
  }
  return [word(), word(), word(), word() | 1]
}
