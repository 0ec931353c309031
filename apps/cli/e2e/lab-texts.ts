/** Texts of the lab's cases: made from a seed, with the frequencies of words that Zipf found in real ones. */

/** Distinct words; a chapter of a novel has one to three thousand. */
const VOCABULARY = 3_000
const WORDS_PER_LINE = 12
const MAX_SYLLABLES = 4
const SYLLABLES = ['a', 'the', 'o', 'ne', 'ka', 'ri', 'mé', 'shu', 'ton', 'ü', 'sel', 'va', 'ing', 'der', 'lo', 'ß']
const ENDS = ['. ', ', ', ' — ', '; ', '\' ']
const END_SHARE = 0.15

/** mulberry32: uniform on 0 ≤ r < 1, the same for the same seed. */
export function seededRandom (seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Files by name, each of at least so many bytes, in the order of a directory. */
export function labTexts (files: number, bytes: number, seed: number): Array<{ path: string, text: string }> {
  const random = seededRandom(seed)
  const words = vocabulary(random)
  const width = String(files).length
  return Array.from({ length: files }, (_, n) => ({ path: `text-${String(n + 1).padStart(width, '0')}.txt`, text: textOf(bytes, words, random) }))
}

/** By rank: frequent words are short, as they are in every language. */
function vocabulary (random: () => number): string[] {
  const words = new Set<string>()
  while (words.size < VOCABULARY) {
    const syllables = 1 + Math.floor(random() * Math.min(MAX_SYLLABLES, 1 + Math.log10(words.size + 1)))
    words.add(Array.from({ length: syllables }, () => pick(SYLLABLES, random)).join(''))
  }
  return [...words]
}

function textOf (bytes: number, words: string[], random: () => number): string {
  let text = ''
  for (let written = 0; written < bytes; written = Buffer.byteLength(text)) {
    for (let n = 0; n < WORDS_PER_LINE; n++) {
      const word = words[Math.floor(words.length ** random()) - 1] ?? ''
      const starts = n === 0 ? word.slice(0, 1).toUpperCase() + word.slice(1) : word
      text += starts + (random() < END_SHARE ? pick(ENDS, random) : ' ')
    }
    text += '\n'
  }
  return text
}

function pick<T> (items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)]!
}
