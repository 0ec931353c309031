import { writeFile } from 'node:fs/promises'
import { generator } from './random.ts'
import { makeVocabulary, vocabularySize } from './vocabulary.ts'

/** What a rare search looks for: its letters q and x are in no other word. */
export const RARE_WORD = 'quixotic'
/** On average one line in so many bytes has it. */
const BYTES_PER_RARE_WORD = 4 * 1024 * 1024
/** A line ends at the first word past this, as those of printed books do. */
const LINE_BYTES = 66
const CHUNK_BYTES = 1024 * 1024
/** No line of the made text is longer. */
const MAX_LINE_BYTES = 256

const SPACE = 0x20
const NEWLINE = 0x0a
const COMMA = 0x2c
const STOP = 0x2e
/** A comma or a full stop follows one word in so many. */
const WORDS_PER_MARK = 8

export interface TextInit {
  bytes: number
  seed: number
}

/** Writes lines of words that follow Zipf's law (exponent 1) over a vocabulary of Heaps' law: the same bytes for the same seed and size. */
export async function writeText (path: string, init: TextInit): Promise<void> {
  await writeFile(path, textChunks(init))
}

/** The same in chunks of whole lines; the last line is cut to the size and ends as the others do. */
export function * textChunks ({ bytes, seed }: TextInit): Generator<Uint8Array> {
  const random = generator(seed)
  const words = makeVocabulary(vocabularySize(bytes), random).map(word => Buffer.from(word))
  const draw = (): Uint8Array => words[Math.floor(words.length ** random()) - 1] ?? words[0]!
  const rarePerLine = LINE_BYTES / BYTES_PER_RARE_WORD
  const rare = Buffer.from(RARE_WORD)
  for (let left = bytes; left > 0;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    let at = 0
    while (at < CHUNK_BYTES - MAX_LINE_BYTES) {
      const start = at
      if (random() < rarePerLine) at = append(chunk, at, rare, SPACE)
      do {
        const mark = random() * WORDS_PER_MARK
        if (mark < 1) {
          at = append(chunk, at, draw(), mark < 0.5 ? COMMA : STOP)
          chunk[at++] = SPACE
        } else at = append(chunk, at, draw(), SPACE)
      } while (at - start < LINE_BYTES)
      chunk[at - 1] = NEWLINE
    }
    yield at < left ? chunk.subarray(0, at) : endAt(chunk.subarray(0, left))
    left -= at
  }
}

function append (chunk: Uint8Array, at: number, word: Uint8Array, then: number): number {
  for (let i = 0; i < word.length; i++) chunk[at + i] = word[i]!
  chunk[at + word.length] = then
  return at + word.length + 1
}

/** A text that ends in a line's end, and in no half of a letter. */
function endAt (chunk: Uint8Array): Uint8Array {
  const last = chunk.lastIndexOf(SPACE)
  chunk.fill(STOP, last + 1)
  chunk[chunk.length - 1] = NEWLINE
  return chunk
}
