import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { KEY_BYTES, RECORD_BYTES, recordChunks } from './records.ts'
import { smallFileSizes, writeSmallFiles } from './small-files.ts'
import { RARE_WORD, textChunks } from './text.ts'
import { vocabularySize } from './vocabulary.ts'

const MIB = 1024 * 1024
const FILES = 60
const text = (bytes: number, seed = 1): Buffer => Buffer.concat([...textChunks({ bytes, seed })])
const records = (bytes: number, seed = 1): Buffer => Buffer.concat([...recordChunks({ bytes, seed })])

describe('the made text', () => {
  it('is the same for the same seed and another for another', () => {
    expect(text(300_000).equals(text(300_000))).toBe(true)
    expect(text(300_000).equals(text(300_000, 2))).toBe(false)
  })

  it.each([1, 50, 1_000, 581_000, MIB + 7])('has %i bytes, valid, with a line end last', bytes => {
    const made = text(bytes)
    expect(made.length).toBe(bytes)
    expect(made.at(-1)).toBe(0x0a)
    expect(Buffer.from(made.toString()).equals(made)).toBe(true)
  })

  it('has the frequencies of a natural language', () => {
    const words = text(MIB).toString().match(/\p{L}+/gu)!
    const counts = new Map<string, number>()
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
    const sorted = [...counts.values()].sort((a, b) => b - a)
    // Zipf: rank times frequency stays about the same. Heaps: of the vocabulary most was used.
    expect(sorted[9]! * 10).toBeGreaterThan(sorted[99]! * 100 / 2)
    expect(sorted[9]! * 10).toBeLessThan(sorted[99]! * 100 * 2)
    expect(counts.size).toBeGreaterThan(vocabularySize(MIB) / 2)
    expect(counts.size).toBeLessThanOrEqual(vocabularySize(MIB) + 1)
    expect(words.some(word => /[éü]/.test(word))).toBe(true)
  })

  it('has the rare word rarely', () => {
    const found = text(6 * MIB, 3).toString('latin1').split(RARE_WORD).length - 1
    expect(found).toBeGreaterThan(0)
    expect(found).toBeLessThan(10)
  })
})

describe('the made records', () => {
  it('are the same for the same seed, whole, and with different keys', () => {
    const made = records(200_000)
    expect(made.equals(records(200_000))).toBe(true)
    expect(made.equals(records(200_000, 2))).toBe(false)
    expect(made.length).toBe(200_000)
    expect(records(1_099).length).toBe(1_000)
    const lines = made.toString('latin1').trimEnd().split('\n')
    expect(lines).toHaveLength(made.length / RECORD_BYTES)
    expect(lines.every(line => line.length === RECORD_BYTES - 1 && /^[ -~]+$/.test(line))).toBe(true)
    expect(new Set(lines.map(line => line.slice(0, KEY_BYTES))).size).toBe(lines.length)
  })
})

describe('the made small files', () => {
  it('are as many as asked for, of whole lines, and the same for the same seed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ipmr-inputs-'))
    try {
      for (const name of ['a', 'b']) await writeSmallFiles(join(directory, name), { files: FILES, seed: 3 })
      const files = (await readdir(join(directory, 'a'), { recursive: true })).filter(name => name.endsWith('.txt')).sort()
      expect(files).toHaveLength(FILES)
      let bytes = 0
      for (const file of files) {
        const content = await readFile(join(directory, 'a', file))
        expect(content.equals(await readFile(join(directory, 'b', file)))).toBe(true)
        if (content.length > 0) expect(content.at(-1)).toBe(0x0a)
        bytes += content.length
      }
      expect(bytes).toBe(smallFileSizes({ files: FILES, seed: 3 }).reduce((sum, size) => sum + size, 0))
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
