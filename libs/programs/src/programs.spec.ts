import { describe, expect, it } from '@jest/globals'
import { sequential } from '@ipfs-mapreduce/mapreduce'
import type { Datum, InputFormat, Program, WrittenProgram } from '@ipfs-mapreduce/mapreduce'
import fc from 'fast-check'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { grep, invertedIndex, programs, sort, sortRecords, wordCount } from './index.ts'

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
      fc.nat(0x10ffff).map(code => String.fromCodePoint(code))
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

  it('finds what a search without its required text finds', async () => {
    const { mustContain, ...mapsAll } = grep
    const text = fc.array(fc.constantFrom('need', 'needle', 'NEEDLE', 'hay', ' ', '.', '\n', '\r\n', 'é'), { maxLength: 40 }).map(parts => parts.join(''))
    const pattern = fc.constantFrom('needle', '^needle', 'needle$', 'need.*y', '(needle|hay)', '(needle|hay)\\.', 'né*edle', '[.]need', 'hay\\s+needle', '(?<!hay)needle')
    expect(mustContain).toBeDefined()
    await fc.assert(fc.asyncProperty(text, pattern, fc.constantFrom('', 'i', 'g', 'u', 's', 'm'), async (text, pattern, flags) => {
      const args = { pattern, flags }
      expect(await outputOf(grep, { a: text }, args)).toBe(await outputOf(mapsAll, { a: text }, args))
    }), { numRuns: 500 })
  })

  it('says which argument is missing', async () => {
    await expect(outputOf(grep, texts)).rejects.toThrow('grep needs a regular expression: --arg pattern=EXPRESSION')
  })
})

describe('sort', () => {
  const line = fc.oneof(fc.constantFrom('', '\r', 'a', 'a\r', 'ab', 'é').map(text => Buffer.from(text)), fc.uint8Array({ maxLength: 4 }).map(bytes => Buffer.from(bytes.filter(byte => byte !== 0x0a))))

  it('has the lines by their bytes, whatever they are, as often as they occur', async () => {
    await fc.assert(fc.asyncProperty(fc.array(line, { maxLength: 30 }), fc.boolean(), fc.array(line.map(bytes => bytes.toString('hex')), { maxLength: 3 }), async (lines, ended, bounds) => {
      const content = Buffer.concat(lines.flatMap((bytes, i) => i < lines.length - 1 || ended || bytes.length === 0 ? [bytes, Buffer.from('\n')] : [bytes]))
      const half = lines.slice(0, 3).map(bytes => Buffer.concat([bytes, Buffer.from('\n')]))
      const { parts } = await sequential(sort, [{ path: 'a', content }, { path: 'b', content: Buffer.concat(half) }], { reducers: bounds.length + 1, bounds: bounds.sort() })
      const sorted = [...lines, ...lines.slice(0, 3)].sort((a, b) => Buffer.compare(a, b))
      expect(Buffer.concat(parts)).toEqual(Buffer.concat(sorted.flatMap(bytes => [bytes, Buffer.from('\n')])))
    }))
  })
})

describe('sort-records', () => {
  it('has the records by their first 10 bytes, unchanged, and those of equal keys in the order of the input', async () => {
    const key = fc.constantFrom('aaaaaaaaaa', 'aaaaaaaaab', '\0'.repeat(10), '\u00ff'.repeat(10)).map(text => Buffer.from(text, 'latin1'))
    await fc.assert(fc.asyncProperty(fc.array(key, { maxLength: 30 }), fc.integer({ min: 0, max: 99 }), async (keys, rest) => {
      const records = keys.map((key, i) => Buffer.concat([key, Buffer.alloc(90, i)]))
      const last = Buffer.alloc(rest, 'b')
      const { parts } = await sequential(sortRecords, [{ path: 'a', content: Buffer.concat([...records, last]) }], { reducers: 2, bounds: ['61'] })
      const sorted = [...records, ...rest > 0 ? [last] : []].map((record, i) => ({ record, i }))
        .sort((a, b) => Buffer.compare(a.record.subarray(0, 10), b.record.subarray(0, 10)) || a.i - b.i)
      expect(Buffer.concat(parts)).toEqual(Buffer.concat(sorted.map(({ record }) => record)))
    }))
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

  function reduced<V extends Datum> (program: WrittenProgram<'lines', string, V>, groups: V[][]): Datum[] {
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
      expect(imported.filter(module => !module!.startsWith('./'))).toEqual(['@ipfs-mapreduce/mapreduce'])
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
