import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a workload reads: text whose words follow Zipf's law, or records of 100 bytes that begin with a random key of 10. */
export type InputKind = 'text' | 'records'

export const RECORD_BYTES = 100
export const KEY_BYTES = 10
/** A word that one line in some hundred thousand has. */
export const RARE_WORD = 'zyzzyva'
const RARE_EVERY_LINES = 100_000
const VOCABULARY = 50_000
const WORDS_PER_LINE = 12
const PIECE_BYTES = 4 * 2 ** 20

/** Makes an input of `mib` MiB unless it is there from before; the same bytes each time. Returns its path. */
export function makeInput (kind: InputKind, mib: number): string {
  const directory = join(tmpdir(), 'ipmr-benchmark-mapreduce')
  const path = join(directory, `${kind}-${mib}`)
  if (existsSync(path)) return path
  mkdirSync(directory, { recursive: true })
  const fd = openSync(`${path}.part`, 'w')
  const pieces = kind === 'text' ? textPieces() : recordPieces()
  for (let left = mib * 2 ** 20; left > 0;) {
    const piece = pieces.next().value.subarray(0, left)
    writeSync(fd, piece)
    left -= piece.length
  }
  closeSync(fd)
  renameSync(`${path}.part`, path)
  return path
}

/** mulberry32: uniform on 0 ≤ r < 1. */
function generator (seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function * textPieces (): Generator<Uint8Array, never> {
  const random = generator(1)
  const words = vocabulary(random)
  for (let line = 0; ;) {
    const lines: string[] = []
    for (let characters = 0; characters < PIECE_BYTES; line++) {
      const drawn = Array.from({ length: WORDS_PER_LINE }, () => words[Math.floor(VOCABULARY ** random()) - 1]!)
      if (line % RARE_EVERY_LINES === RARE_EVERY_LINES - 1) drawn.push(RARE_WORD)
      const text = `${drawn.join(' ')}.`
      lines.push(text)
      characters += text.length
    }
    yield Buffer.from(`${lines.join('\n')}\n`)
  }
}

/** Words by rank, frequent ones short; one in some ten has a letter outside of ASCII. */
function vocabulary (random: () => number): string[] {
  const onsets = ['b', 'c', 'd', 'f', 'g', 'h', 'l', 'm', 'n', 'p', 'r', 's', 't', 'w', 'th', 'sh', 'ch', 'st', 'tr', '']
  const nuclei = ['a', 'e', 'i', 'o', 'u', 'ea', 'ou', 'ee', 'ai', 'oa', 'ie', 'ue', 'au', 'oi', 'y', 'ay', 'ow', 'ey', 'oo', 'é']
  const pick = (from: string[]): string => from[Math.floor(random() * from.length)]!
  const words = new Set<string>()
  while (words.size < VOCABULARY) {
    const syllables = 1 + Math.floor(Math.log10(words.size + 1) * random() + random())
    words.add(Array.from({ length: syllables }, () => pick(onsets) + pick(nuclei)).join(''))
  }
  return [...words]
}

function * recordPieces (): Generator<Uint8Array, never> {
  const random = generator(2)
  const records = Math.floor(PIECE_BYTES / RECORD_BYTES)
  for (;;) {
    const piece = new Uint8Array(records * RECORD_BYTES).fill(0x2e)
    for (let start = 0; start < piece.length; start += RECORD_BYTES) {
      for (let i = 0; i < KEY_BYTES; i++) piece[start + i] = 0x20 + Math.floor(random() * 95)
    }
    yield piece
  }
}
