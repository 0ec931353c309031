import { createWriteStream } from 'node:fs'
import { once } from 'node:events'

/** Distinct words of the made text; an English novel has 10 to 20 thousand, a corpus more. */
const VOCABULARY = 50_000
const WORDS_PER_LINE = 12
const MIB = 1024 * 1024

/** mulberry32: a small seeded generator, uniform on 0 ≤ r < 1. */
function generator (seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Words by rank, frequent ones short, as Zipf found; some with letters outside ASCII. */
function vocabulary (random: () => number): string[] {
  const onsets = ['b', 'c', 'd', 'f', 'g', 'h', 'l', 'm', 'n', 'p', 'r', 's', 't', 'w', 'th', 'sh', 'ch', 'st', 'tr', '']
  const nuclei = ['a', 'e', 'i', 'o', 'u', 'ea', 'ou', 'é', 'ü']
  const pick = (from: string[]): string => from[Math.floor(random() * from.length)]!
  const words = new Set<string>()
  while (words.size < VOCABULARY) {
    const syllables = 1 + Math.floor(Math.log10(words.size + 1) * random() + random())
    let word = ''
    for (let i = 0; i < syllables; i++) word += pick(onsets) + pick(nuclei)
    words.add(random() < 0.1 ? word[0]!.toUpperCase() + word.slice(1) : word)
  }
  return [...words]
}

/** Writes `mib` MiB of lines whose words follow Zipf's law (exponent 1): the same bytes for the same seed. */
export async function writeText (path: string, mib: number, seed = 1): Promise<void> {
  const random = generator(seed)
  const words = vocabulary(random)
  const draw = (): string => words[Math.min(VOCABULARY - 1, Math.floor(VOCABULARY ** random()) - 1)] ?? words[0]!
  const out = createWriteStream(path)
  let left = Math.round(mib * MIB)
  while (left > 0) {
    const lines: string[] = []
    for (let line = 0; line < 4096; line++) {
      let text = draw()
      for (let word = 1; word < WORDS_PER_LINE; word++) text += ` ${draw()}`
      lines.push(text)
    }
    const bytes = Buffer.from(`${lines.join('.\n')}.\n`).subarray(0, left)
    left -= bytes.length
    if (!out.write(bytes)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
}
