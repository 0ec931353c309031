import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { wholeRecords } from '../sequential-records.ts'
import { recordsOfSplits, utf8 } from './chunked-content.spec.support.ts'

const chunkBytes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 })
const field = fc.array(fc.constantFrom('a', 'é', '😀', ' ', ',', '"', '\n', '\r\n', '\r', '\ufeff'), { maxLength: 6 }).map(parts => parts.join(''))
const rowEnd = fc.constantFrom('\n', '\r\n', '\n\n', '\r\n\r\n\n')
const table = fc.integer({ min: 1, max: 4 }).chain(columns => fc.array(
  fc.record({ fields: fc.array(field, { minLength: columns, maxLength: columns }), end: rowEnd, quoteAll: fc.boolean() }), { maxLength: 12 }
).map(rows => ({ header: ['w', 'x', 'y "z"', 'ü\nv'].slice(0, columns), rows })))

describe('csv', () => {
  it('gives back what was written, wherever chunks fall', async () => {
    await fc.assert(fc.asyncProperty(table, chunkBytes, fc.boolean(), async ({ header, rows }, chunkBytes, mark) => {
      const expected = []
      let text = `${mark ? '\ufeff' : ''}${write(header, true)}\n`
      for (const { fields, end, quoteAll } of rows) {
        expected.push({ value: Object.fromEntries(header.map((name, index) => [name, fields[index]])), offset: utf8(text).length })
        // A row of one empty field must be quoted: otherwise it is a blank line.
        text += write(fields, quoteAll || fields.join('') === '') + end
      }
      const content = utf8(text)
      expect(await recordsOfSplits('csv', content, [], chunkBytes)).toEqual(expected)
      expect([...wholeRecords('csv', content)]).toEqual(expected)
    }), { numRuns: 300 })
  })

  it('has no rows in an empty file or one with a header alone', async () => {
    for (const text of ['', '\n', '\ufeff', '\ufeff\r\n', 'a,b', 'a,b\r\n']) {
      expect(await recordsOfSplits('csv', utf8(text))).toEqual([])
    }
  })

  it('takes a last row without newline, quoted or not', async () => {
    expect(await recordsOfSplits('csv', utf8('a,b\n1,2'))).toEqual([{ value: { a: '1', b: '2' }, offset: 4 }])
    expect(await recordsOfSplits('csv', utf8('a,b\n1,"\n"'))).toEqual([{ value: { a: '1', b: '\n' }, offset: 4 }])
  })

  it('drops a byte order mark', async () => {
    expect(await recordsOfSplits('csv', utf8('\ufeff"a",b\n1,2\n'), [], [1])).toEqual([{ value: { a: '1', b: '2' }, offset: 9 }])
  })

  it.each([
    ['too many fields', 'a,b\n1,2\n\n1,2,3\n', 'the CSV row at offset 9 has 3 fields, its header has 2'],
    ['too few fields', 'a,b\n1\n', 'the CSV row at offset 4 has 1 fields, its header has 2'],
    ['a quote that is left open', 'a,b\n1,2\n1,"2\n3,4\n', 'the CSV row at offset 8 is malformed: Quote Not Closed'],
    ['a quote inside a field', 'a,b\n1,2\n1,x"2\n3,4\n', 'the CSV row at offset 8 is malformed: Invalid Opening Quote'],
    ['text after a closing quote', 'a,b\n1,2\n1,"2" \n', 'the CSV row at offset 8 is malformed: Invalid Closing Quote'],
    ['a column named twice', 'a,b,a\n', 'the CSV header at offset 0 names the column "a" twice'],
    ['a column that is no name', 'a,__proto__\n', 'the CSV header at offset 0 has a column __proto__; rename it']
  ])('refuses %s, wherever chunks fall', async (_what, text, message) => {
    await fc.assert(fc.asyncProperty(chunkBytes, async chunkBytes => {
      await expect(recordsOfSplits('csv', utf8(text), [], chunkBytes)).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining(`a.txt: ${message}`) })
    }), { numRuns: 20 })
  })

  it('refuses a row over the bound, and a part of a file', async () => {
    await expect(recordsOfSplits('csv', utf8(`a\n"${'x\n'.repeat(50)}`), [], [9], { maxRecordBytes: 40 })).rejects.toMatchObject({
      code: 'BAD_INPUT', message: 'a.txt: the row at offset 2 is longer than 40 bytes; is a quote left open?'
    })
    await expect(recordsOfSplits('csv', utf8('a\n1\n'), [2])).rejects.toMatchObject({ code: 'FATAL' })
  })
})

function write (fields: string[], quoteAll: boolean): string {
  return fields.map(field => quoteAll || /[",\r\n\ufeff]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field).join(',')
}
