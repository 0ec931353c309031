import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { runJob } from './map-reduce.spec.support.ts'
import { soughtText } from './must-contain.ts'
import type { Program } from './program.ts'
import { chunkedContent, rangeOf, recordsOfSplits, utf8 } from './records/chunked-content.spec.support.ts'
import { ByteSearch, MAX_SOUGHT_BYTES, SEARCHED_BYTES } from './records/byte-search.ts'
import { readRecords } from './records/read-records.ts'
import { sequential } from './sequential.ts'

const bytes = fc.array(fc.oneof(
  fc.constantFrom('\n', '\n', '\r\n', '\r', 'a', 'ab', 'é', '€', '😀').map(utf8),
  // What is no text: parts of characters, and the bytes of others cut short.
  fc.constantFrom([0xc3], [0xa9], [0xf0, 0x9f], [0xff]).map(numbers => Uint8Array.from(numbers))
), { maxLength: 60 }).map(parts => Uint8Array.from(parts.flatMap(part => [...part])))
const cuts = fc.array(fc.nat(120), { maxLength: 5 })
const chunkBytes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 })
const sought = fc.constantFrom('a', 'ab', 'ba', 'é', 'aé', '€', '😀', 'a😀b')

describe('lines that must contain a text', () => {
  const select = async (content: Uint8Array, text: string, cuts: number[], chunks: number[], maxRecordBytes?: number) => {
    let passed = 0
    const selection = { search: new ByteSearch(utf8(text)), onPassed: (lines: number) => { passed += lines } }
    const records = await recordsOfSplits('lines', content, cuts, chunks, { selection, ...maxRecordBytes !== undefined && { maxRecordBytes } })
    return { records, passed }
  }

  it('are those of all that have it, wherever splits and chunks are cut; the others are counted', async () => {
    await fc.assert(fc.asyncProperty(bytes, sought, cuts, chunkBytes, fc.constantFrom(undefined, 300, 1000), async (content, text, cuts, chunkBytes, maxRecordBytes) => {
      const all = await recordsOfSplits('lines', content, cuts, chunkBytes)
      const { records, passed } = await select(content, text, cuts, chunkBytes, maxRecordBytes)
      expect(records).toEqual(all.filter(({ value }) => String(value).includes(text)))
      expect(records.length + passed).toBe(all.length)
    }), { numRuns: 1000 })
  })

  it('may be longer than what is looked through at once, and many windows apart', async () => {
    const long = `${'x'.repeat(SEARCHED_BYTES - 3)}needle${'y'.repeat(SEARCHED_BYTES)}`
    const lines = [...Array.from({ length: 20_000 }, (_, n) => `line ${n}${n % 6000 === 0 ? ' needle' : ''}`), long, `${long.replace('needle', 'noodle')}`, 'a needle\r', 'end']
    const content = utf8(lines.join('\n'))
    for (const chunks of [[content.length], [65_536], [300_000, 1, 5]]) {
      const { records, passed } = await select(content, 'needle', [100_000], chunks)
      expect(records.map(({ value }) => value)).toEqual(['line 0 needle', 'line 6000 needle', 'line 12000 needle', 'line 18000 needle', long, 'a needle'])
      expect(passed).toBe(lines.length - 6)
    }
  })

  it('are as long as others may be', async () => {
    const read = async (text: string, maxRecordBytes: number, selection?: object) => {
      const content = utf8(text)
      await readRecords('lines', rangeOf(content), chunkedContent(content, [8]).read, () => undefined, { maxRecordBytes, ...selection })
    }
    const selecting = { selection: { search: new ByteSearch(utf8('z')), onPassed: () => undefined } }
    for (const [text, max] of [['aaaa\nbbbbb\ncc', 5], ['aaaa\nbbbbb\ncc', 4], ['aaaaaaaaaaaaaaaaaaaa', 19], ['aaaaaaaaaaaaaaaaaaaa\n', 20]] as const) {
      const wanted = await read(text, max).catch((error: Error) => error.message)
      expect(await read(text, max, selecting).catch((error: Error) => error.message)).toBe(wanted)
    }
  })

  it('give what the oracle gives, and are counted as records', async () => {
    const program: Program = {
      input: 'lines',
      mustContain: ({ args }) => args['text'],
      map ({ value, offset }, emit, { count }) {
        count('mapped')
        emit(String(value), offset)
      },
      reduce: (key, values, emit) => emit(key, [...values])
    }
    const text = fc.array(fc.constantFrom('a', 'b', 'é', ' ', '\n', '\r\n'), { minLength: 1, maxLength: 60 }).map(parts => parts.join(''))
    await fc.assert(fc.asyncProperty(text, cuts, fc.constantFrom('a', 'ab', 'é', '', '\n', 'a\r'), async (content, cuts, sought) => {
      const args = { text: sought }
      const { parts, counters } = await runJob({ program, content: utf8(content), cuts, reducers: 2, bufferBytes: 1000, args })
      const oracle = await sequential(program, [{ path: 'file', content: utf8(content) }], { reducers: 2, args })
      expect(parts.map(part => Buffer.from(part).toString())).toEqual(oracle.parts.map(part => Buffer.from(part).toString()))
      expect(counters).toMatchObject(oracle.counters)
    }), { numRuns: 200 })
  })
})

describe('the text that lines must contain', () => {
  const told = (text: unknown) => soughtText({ mustContain: () => text as string }, { args: {}, count: () => undefined })

  it('is none where bytes could not tell it', () => {
    expect(told('é')).toBe('é')
    for (const text of [undefined, '', 'a\n', 'a\r', '\ufffd', '\ud800', 'x'.repeat(MAX_SOUGHT_BYTES + 1), 'é'.repeat(MAX_SOUGHT_BYTES / 2 + 1)]) expect(told(text)).toBeUndefined()
    expect(soughtText({}, { args: {}, count: () => undefined })).toBeUndefined()
  })

  it('is the program\'s to say, and its fault where that is none', () => {
    expect(() => told(7)).toThrow('mustContain returned a value of type number, and not a text or undefined')
    expect(() => told(Promise.resolve('x'))).toThrow('mustContain returned a value of type object')
    expect(() => soughtText({ mustContain: () => { throw new Error('no idea') } }, { args: {}, count: () => undefined })).toThrow('mustContain threw at the beginning of a task: Error: no idea')
  })
})
