/** Heaps' law, distinct = K · words^½: a novel of 100,000 words has some 10,000 different ones, a gibibyte some 400,000. */
const HEAPS_K = 30
/** Of the made text, with the space or the punctuation behind each word. */
const BYTES_PER_WORD = 6
const FEWEST = 100

const ONSETS = ['b', 'c', 'd', 'f', 'g', 'h', 'l', 'm', 'n', 'p', 'r', 's', 't', 'w', 'th', 'sh', 'ch', 'st', 'tr', '']
/** One syllable in fourteen has a letter outside ASCII: a tenth of the words, somewhat less than French. */
const NUCLEI = [...'aaaaeeeeeiiiioooouuu', 'ea', 'ou', 'ai', 'ie', 'ee', 'oo', 'é', 'ü']
const CAPITALISED = 0.1

/** How many different words a text of this size has. */
export function vocabularySize (bytes: number): number {
  return Math.max(FEWEST, Math.round(HEAPS_K * Math.sqrt(bytes / BYTES_PER_WORD)))
}

/** Different words by rank, the frequent ones short; some with letters outside ASCII, none outside Latin-1. */
export function makeVocabulary (size: number, random: () => number): string[] {
  const pick = (from: string[]): string => from[Math.floor(random() * from.length)]!
  const words = new Set<string>()
  while (words.size < size) {
    const syllables = 1 + Math.floor(Math.log10(words.size + 1) * random() + random())
    let word = ''
    for (let i = 0; i < syllables; i++) word += pick(ONSETS) + pick(NUCLEI)
    words.add(random() < CAPITALISED ? word[0]!.toUpperCase() + word.slice(1) : word)
  }
  return [...words]
}
