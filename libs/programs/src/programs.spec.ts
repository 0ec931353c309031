import { describe, expect, it } from '@jest/globals'
import { sequential } from '@ipfs-mapreduce/mapreduce'
import type { Datum, InputFormat, Program } from '@ipfs-mapreduce/mapreduce'
import fc from 'fast-check'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { grep, invertedIndex, programs, wordCount } from './index.ts'

const texts = {
  'b.txt': "It's the END — of the end.\r\nnaïve Straße 𝒳𝒴\u0301 42\n",
  'a.txt': 'The end; ENDE\n'
}

async function outputOf<F extends InputFormat, K extends Datum, V extends Datum> (program: Program<F, K, V>, files: Record<string, string>, args: Record<string, string> = {}): Promise<string> {
  const input = Object.entries(files).map(([path, text]) => ({ path, content: new TextEncoder().encode(text) }))
  const { parts } = await sequential(program, input, { reducers: 1, args })
  return new TextDecoder().decode(parts[0])
}

describe('word-count', () => {
  it('counts runs of letters, case kept', async () => {
    expect(await outputOf(wordCount, texts)).toBe([
      'END 1', 'ENDE 1', 'It 1', 'Straße 1', 'The 1', 'end 2', 'naïve 1', 'of 1', 's 1', 'the 2', '𝒳𝒴 1', ''
    ].join('\n'))
  })

  it('finds the words that the regular expression finds', () => {
    const context = { args: {}, count: () => undefined }
    const wordsOf = (value: string): string[] => {
      const words: string[] = []
      wordCount.map({ value, file: '', offset: 0 }, word => words.push(word), context)
      return words
    }
    const characters = fc.oneof(
      fc.constantFrom('a', 'Z', ' ', '@', '[', '`', '{', '’', 'é', '\u0301', 'ª', '中', '\ud835', '\udcb3', '𝒳', '😀', '\uffff', 'ﬁ', '0'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })
    )
    fc.assert(fc.property(fc.array(characters, { maxLength: 20 }), parts => {
      const value = parts.join('')
      expect(wordsOf(value)).toEqual([...value.match(/\p{L}+/gu) ?? []])
    }), { numRuns: 2000 })
    const everyUnit = Array.from({ length: 0x10000 }, (_, unit) => `${String.fromCharCode(unit)} `).join('')
    expect(wordsOf(everyUnit)).toEqual(everyUnit.match(/\p{L}+/gu))
  })
})

describe('inverted-index', () => {
  it('lists the files of each word once, sorted', async () => {
    const index = await outputOf(invertedIndex, { ...texts, 'c.txt': 'end end end\n' })
    expect(index).toContain('\nend 3 a.txt,b.txt,c.txt\n')
    expect(index).toContain('\nENDE 1 a.txt\n')
    expect(index.split('\n')).toHaveLength(12)
  })

  it('sorts file names by their bytes', async () => {
    expect(await outputOf(invertedIndex, { '😀': 'x', '\ufb01': 'x', 'b/a': 'x', b: 'x' })).toBe('x 4 b,b/a,\ufb01,😀\n')
  })
})

describe('grep', () => {
  it('finds lines and where they begin', async () => {
    expect(await outputOf(grep, texts, { pattern: 'end' })).toBe("a.txt 0:The end; ENDE\nb.txt 0:It's the END — of the end.\n")
    expect(await outputOf(grep, texts, { pattern: '^NAÏVE', flags: 'gi' })).toBe('b.txt 30:naïve Straße 𝒳𝒴\u0301 42\n')
  })

  it('finds every line with the flag g too, which makes a RegExp go on where it stopped', async () => {
    expect(await outputOf(grep, { a: 'xx\nx\nxx\n' }, { pattern: 'x', flags: 'g' })).toBe('a 0:xx\na 3:x\na 5:xx\n')
  })

  it('says which argument is missing', async () => {
    await expect(outputOf(grep, texts)).rejects.toThrow('grep needs a regular expression: --arg pattern=EXPRESSION')
  })
})

describe('combine', () => {
  const emptyContext = { args: {}, count: () => undefined }

  it('changes no result: of counts', () => {
    fc.assert(fc.property(fc.array(fc.array(fc.nat(1000), { minLength: 1 }), { minLength: 1 }), groups => {
      expect(reduced(wordCount, groups.map(group => combined(wordCount, group)))).toEqual(reduced(wordCount, groups))
    }))
  })

  it('changes no result: of files', () => {
    fc.assert(fc.property(fc.array(fc.array(fc.constantFrom('a', 'b', 'c', '😀'), { minLength: 1 }), { minLength: 1 }), groups => {
      expect(reduced(invertedIndex, groups.map(group => combined(invertedIndex, group)))).toEqual(reduced(invertedIndex, groups))
    }))
  })

  function combined<V extends Datum> (program: Program<'lines', string, V>, values: V[]): V[] {
    const emitted: V[] = []
    program.combine?.('k', values.values(), (_key, value) => emitted.push(value), emptyContext)
    return emitted
  }

  function reduced<V extends Datum> (program: Program<'lines', string, V>, groups: V[][]): Datum[] {
    const emitted: Datum[] = []
    program.reduce('k', groups.flat().values(), (_key, value) => emitted.push(value), emptyContext)
    return emitted
  }
})

describe('programs', () => {
  it('lists a source module for each', () => {
    for (const [name, { file }] of Object.entries(programs)) {
      const path = fileURLToPath(new URL(`../${file}`, import.meta.url))
      expect(`${name} ${existsSync(path)}`).toBe(`${name} true`)
      const imported = [...readFileSync(path, 'utf8').matchAll(/ from '(.*)'/g)].map(match => match[1])
      expect(imported).toEqual(['@ipfs-mapreduce/mapreduce'])
    }
  })
})

const shared = process.env['IPMR_SHARED'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url))
const gutenberg = `${shared}/data/gutenberg`

if (existsSync(gutenberg)) {
  describe('over the eight Gutenberg texts', () => {
    const files = readdirSync(gutenberg).sort().map(path => ({ path, content: new Uint8Array(readFileSync(`${gutenberg}/${path}`)) }))

    it.each([['word-count', wordCount], ['inverted-index', invertedIndex]] as const)('%s gives what was computed elsewhere', async (name, program) => {
      const { parts } = await sequential(program as unknown as Program, files, { reducers: 3 })
      const lines = Buffer.concat(parts).toString('latin1').split('\n').slice(0, -1).sort()
      const expected = readFileSync(`${shared}/expected/gutenberg-${name}.txt`, 'latin1')
      expect(lines.map(line => `${line}\n`).join('') === expected).toBe(true)
    })
  })
} else {
  console.info(`The eight Gutenberg texts are not tested: there is no folder ${gutenberg} (set IPMR_SHARED to the folder that holds it).`)
}
