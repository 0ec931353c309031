import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { InputFormat } from '../program.ts'
import { wholeRecords } from '../sequential-records.ts'
import { chunkedContent, rangeOf, recordsOfSplits, utf8 } from './chunked-content.spec.support.ts'
import { readRecords } from './read-records.ts'

/** Content rich in what goes wrong at edges: newlines of both kinds, sequences of 2, 3 and 4 bytes, and what is no UTF-8. */
const text = fc.array(fc.constantFrom('\n', '\r\n', '\r', 'a', 'word ', 'é', '€', '😀', '\ufeff').map(utf8), { maxLength: 40 })
const notText = fc.array(fc.oneof(fc.uint8Array({ maxLength: 4 }), fc.constantFrom('\n', '\r\n', '😀').map(utf8)), { maxLength: 40 })
const bytes = fc.oneof(text, notText).map(join)
const cuts = fc.array(fc.nat(120), { maxLength: 6 })
const chunkBytes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 })
const json = fc.array(fc.oneof(
  fc.tuple(fc.jsonValue(), fc.constantFrom('\n', '\r\n', ' \n', '\n\n', '\n \t\r\n')).map(([value, end]) => utf8(JSON.stringify(value) + end)),
  fc.constant(utf8('\n'))
), { maxLength: 12 }).map(join)

function join (parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap(part => [...part]))
}

describe('records of splits', () => {
  it('are the records of the whole file: lines', async () => {
    await fc.assert(fc.asyncProperty(bytes, cuts, chunkBytes, (content, cuts, chunkBytes) => sameAsWhole('lines', content, cuts, chunkBytes)), { numRuns: 500 })
  })

  it('are the records of the whole file: raw-lines', async () => {
    await fc.assert(fc.asyncProperty(bytes, cuts, chunkBytes, (content, cuts, chunkBytes) => sameAsWhole('raw-lines', content, cuts, chunkBytes)), { numRuns: 500 })
  })

  it('are the records of the whole file: ndjson', async () => {
    await fc.assert(fc.asyncProperty(json, cuts, chunkBytes, (content, cuts, chunkBytes) => sameAsWhole('ndjson', content, cuts, chunkBytes)), { numRuns: 200 })
  })

  it('are the records of the whole file: bytes', async () => {
    await fc.assert(fc.asyncProperty(bytes, fc.integer({ min: 1, max: 30 }), cuts, chunkBytes, (content, recordBytes, cuts, chunkBytes) =>
      sameAsWhole({ bytes: recordBytes }, content, cuts, chunkBytes)), { numRuns: 300 })
  })

  it('are the records of the whole file: text', async () => {
    await fc.assert(fc.asyncProperty(bytes, chunkBytes, (content, chunkBytes) => sameAsWhole('text', content, [], chunkBytes)), { numRuns: 100 })
  })

  it('are the same where lines are many times longer than the pieces decoded at once', async () => {
    const content = utf8(Array.from({ length: 300 }, (_, line) => `${line} ${'é€😀x'.repeat(line * 7 % 900)}\r\n`).join(''))
    await sameAsWhole('lines', content, [1, 5000, 5001, 90_000, 500_000], [65_536, 1, 300_000])
    await sameAsWhole('lines', content.filter(byte => byte < 0x80), [1, 5000, 5001], [4096])
  })

  async function sameAsWhole (format: InputFormat, content: Uint8Array, cuts: number[], chunkBytes: number[]): Promise<void> {
    expect(await recordsOfSplits(format, content, cuts, chunkBytes)).toEqual([...wholeRecords(format, content)])
  }
})

describe('lines', () => {
  it('drops one newline, and one carriage return before it', async () => {
    expect(await recordsOfSplits('lines', utf8('a\nb\r\n\nc\r\r\n\r\nd\re\n\r'))).toEqual([
      { value: 'a', offset: 0 },
      { value: 'b', offset: 2 },
      { value: '', offset: 5 },
      { value: 'c\r', offset: 6 },
      { value: '', offset: 10 },
      { value: 'd\re', offset: 12 },
      { value: '\r', offset: 16 }
    ])
  })

  it('are bytes where they are raw, a carriage return and what is no UTF-8 too', async () => {
    const content = Uint8Array.of(0xff, 0x0d, 0x0a, 0x0a, 0xc3, 0x0a, 0x61)
    expect(await recordsOfSplits('raw-lines', content, [1, 4])).toEqual([
      { value: Uint8Array.of(0xff, 0x0d), offset: 0 },
      { value: new Uint8Array(0), offset: 3 },
      { value: Uint8Array.of(0xc3), offset: 4 },
      { value: Uint8Array.of(0x61), offset: 6 }
    ])
  })

  it('counts a last line without newline, and no empty one after a final newline', async () => {
    expect(await recordsOfSplits('lines', utf8('a\nb'))).toEqual([{ value: 'a', offset: 0 }, { value: 'b', offset: 2 }])
    expect(await recordsOfSplits('lines', utf8('a\nb\n'))).toHaveLength(2)
    expect(await recordsOfSplits('lines', utf8(''))).toEqual([])
  })

  it('keeps a byte order mark, at the start and in the middle of a file', async () => {
    const records = await recordsOfSplits('lines', utf8('\ufeffa\n\ufeffb\n'), [3])
    expect(records.map(({ value }) => value)).toEqual(['\ufeffa', '\ufeffb'])
  })

  it('reads no further than it must', async () => {
    const content = utf8(`${'x'.repeat(99)}\n`.repeat(1000))
    const whole = chunkedContent(content, [512])
    await readRecords('lines', rangeOf(content, 0, 50_000), whole.read, () => undefined)
    expect(whole.asked).toEqual([[0, 50_000]])
    const broken = chunkedContent(content, [512])
    await readRecords('lines', rangeOf(content, 50_050, 50_150), broken.read, () => undefined)
    expect(broken.asked).toEqual([[50_049, 50_150], [50_150, 50_150 + 16 * 1024]])
  })

  it('finishes a line of many blocks, reading on in growing reads', async () => {
    const content = utf8(`short\n${'long '.repeat(40_000)}\nlast`)
    const { read, asked } = chunkedContent(content, [1024])
    const offsets: number[] = []
    await readRecords('lines', rangeOf(content, 0, 10), read, (_value, offset) => offsets.push(offset))
    expect(offsets).toEqual([0, 6])
    expect(asked.map(([from, to]) => to - from)).toEqual([10, 16_384, 32_768, 65_536, 200_011 - 10 - 7 * 16_384])
  })

  it('fails on a line over the bound alike, however chunks and splits fall', async () => {
    const content = utf8(`1234567890\nab\n12345678901\n`)
    await fc.assert(fc.asyncProperty(cuts, chunkBytes, async (cuts, chunkBytes) => {
      await expect(recordsOfSplits('lines', content, cuts, chunkBytes, { maxRecordBytes: 10 })).rejects.toMatchObject({
        code: 'BAD_INPUT', message: 'a.txt: the line at offset 14 is longer than 10 bytes; is this a file of lines?'
      })
      expect(await recordsOfSplits('lines', content, cuts, chunkBytes, { maxRecordBytes: 11 })).toHaveLength(3)
    }))
  })
})

describe('ndjson', () => {
  it('parses each line that is not blank, after a byte order mark', async () => {
    expect(await recordsOfSplits('ndjson', utf8('\ufeff{"a":"é"}\r\n \t\r\n[1,null]\n"x"'), [8, 16])).toEqual([
      { value: { a: 'é' }, offset: 0 },
      { value: [1, null], offset: 19 },
      { value: 'x', offset: 28 }
    ])
  })

  it('drops a byte order mark at the start of the file alone', async () => {
    await expect(recordsOfSplits('ndjson', utf8('1\n\ufeff2\n'))).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('offset 2') })
  })

  it('names file, offset and reason of a line that is not JSON', async () => {
    await expect(recordsOfSplits('ndjson', utf8('{}\n{"a":\n{}\n'))).rejects.toMatchObject({
      code: 'BAD_INPUT', message: expect.stringMatching(/^a\.txt: the line at offset 3 is not JSON: .*end of JSON input/)
    })
  })
})

describe('text', () => {
  it('makes an empty file one record', async () => {
    expect(await recordsOfSplits('text', utf8(''))).toEqual([{ value: '', offset: 0 }])
  })

  it('refuses a part of a file, and a file over the bound', async () => {
    const content = utf8('0123456789')
    await expect(recordsOfSplits('text', content, [5])).rejects.toMatchObject({ code: 'FATAL' })
    await expect(recordsOfSplits('text', content, [], [4], { maxRecordBytes: 9 })).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('a.txt: 10 bytes') })
  })
})

describe('reading', () => {
  it('fails where content ends early, instead of taking it for a shorter file', async () => {
    const content = utf8('1\n2\n')
    const { read } = chunkedContent(content)
    for (const format of ['lines', 'ndjson', 'text', 'csv', { bytes: 3 }] as const) {
      await expect(readRecords(format, { ...rangeOf(content), length: 9, fileBytes: 9 }, read, () => undefined)).rejects.toMatchObject({
        code: 'TRANSIENT', message: expect.stringContaining('ended at 4')
      })
    }
  })

  it('stops at the next chunk once it is aborted', async () => {
    const content = utf8('line\n'.repeat(100))
    const { read } = chunkedContent(content, [10])
    const controller = new AbortController()
    const enough = new Error('enough')
    let seen = 0
    await expect(readRecords('lines', rangeOf(content), read, () => {
      if (++seen === 4) controller.abort(enough)
    }, { signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED', cause: enough })
    expect(seen).toBe(4)
  })

  it('passes on what onRecord throws', async () => {
    await expect(readRecords('lines', rangeOf(utf8('a\n')), chunkedContent(utf8('a\n')).read, () => {
      throw new RangeError('from map')
    })).rejects.toThrow('from map')
  })
})
