import { describe, expect, it } from '@jest/globals'
import { defineProgram } from './define-program.ts'
import { defaultPartition } from './partitioner.ts'
import type { Datum, InputFormat } from './program.ts'
import { sequential } from './sequential.ts'
import type { SequentialFile, SequentialOptions } from './sequential.ts'
import { sum } from './sum.ts'

const countWords = defineProgram({
  input: 'lines',
  map ({ value }, emit, { count }) {
    for (const word of value.split(' ')) emit(word, 1)
    count('lines')
  },
  combine () {
    throw new Error('the oracle must not combine')
  },
  reduce: (key, values, emit) => emit(key, sum(values))
})

function filesOf (texts: Record<string, string>): SequentialFile[] {
  return Object.entries(texts).map(([path, text]) => ({ path, content: new TextEncoder().encode(text) }))
}

/** The parts, as text, of a program that emits each record as `emits` says and writes the values of each key as they come. */
async function partsOf (emits: Array<[Datum, Datum]>, options: Partial<SequentialOptions> = {}): Promise<string[]> {
  const program = defineProgram({
    input: 'text',
    map (_record, emit) {
      for (const [key, value] of emits) emit(key, value)
    },
    reduce (key, values, emit) {
      for (const value of values) emit(key, value)
    }
  })
  return textOf((await sequential(program, filesOf({ a: '' }), { reducers: 1, ...options })).parts)
}

function textOf (parts: Uint8Array[]): string[] {
  return parts.map(part => new TextDecoder().decode(part))
}

describe('sequential', () => {
  it('counts words, each in the partition of its key, sorted', async () => {
    const files = filesOf({ a: 'to be or\nnot to be', b: 'be\n' })
    const { parts, counters } = await sequential(countWords, files, { reducers: 3 })
    const expected: string[][] = [[], [], []]
    for (const line of ['be 3', 'not 1', 'or 1', 'to 2']) {
      expected[defaultPartition(new TextEncoder().encode(line.split(' ')[0]), 3)]?.push(`${line}\n`)
    }
    expect(textOf(parts)).toEqual(expected.map(lines => lines.join('')))
    expect(counters).toEqual({
      'map.input.records': 3, 'map.output.records': 7, 'reduce.input.groups': 4, 'reduce.output.records': 4, 'user.lines': 3
    })
  })

  it('sorts keys by their bytes, not by UTF-16 code units', async () => {
    expect(await partsOf(['\ufb01', '😀', 'b', 'aa', 'a', 'B', ''].map(key => [key, '']))).toEqual([' \nB \na \naa \nb \n\ufb01 \n😀 \n'])
  })

  it('keeps keys of different kinds apart, and values in the order of the input', async () => {
    expect(await partsOf([['1', 'z'], [1, 'c'], ['1', 'a'], [true, 'x'], [[1], 'p'], ['true', 'y'], [1, 'b'], [[1], 'o']])).toEqual([
      '1 c\n1 b\n1 z\n1 a\n[1] p\n[1] o\ntrue x\ntrue y\n'
    ])
  })

  it('prints every kind of value, after the separator', async () => {
    expect(await partsOf([
      ['a', 1.5], ['b', null], ['c', false], ['d', 'text'], ['e', { b: [1], a: 'x' }], ['f', new Uint8Array([0x68, 0x69])]
    ], { separator: '\t' })).toEqual(['a\t1.5\nb\tnull\nc\tfalse\nd\ttext\ne\t{"a":"x","b":[1]}\nf\thi\n'])
  })

  it('is not changed by what a program does to a value that it has emitted', async () => {
    const program = defineProgram({
      input: 'lines',
      map ({ value }, emit) {
        const seen = [value]
        emit('k', seen)
        seen.push('later')
      },
      reduce (key, values, emit) {
        for (const value of values) emit(key, value)
      }
    })
    expect(textOf((await sequential(program, filesOf({ a: '1\n2\n' }), { reducers: 1 })).parts)).toEqual(['k ["1"]\nk ["2"]\n'])
  })

  it('asks the partition it is given before that of the program', async () => {
    const program = defineProgram({ ...countWords, partition: (key: Datum) => String(key).length - 1 })
    const files = filesOf({ a: 'a bb ccc' })
    expect(textOf((await sequential(program, files, { reducers: 3 })).parts)).toEqual(['a 1\n', 'bb 1\n', 'ccc 1\n'])
    expect(textOf((await sequential(program, files, { reducers: 2, partition: () => 1 })).parts)).toEqual(['', 'a 1\nbb 1\nccc 1\n'])
    await expect(sequential(program, files, { reducers: 2 })).rejects.toMatchObject({ code: 'PROGRAM', message: 'partition gave 2, not a whole number from 0 to 1' })
  })

  it.each<[InputFormat, string, unknown[]]>([
    ['lines', 'a\r\n\nb', ['a', '', 'b']],
    ['text', 'a\r\n\nb', ['a\r\n\nb']],
    ['ndjson', '{"a":1}\n\n2\n', [{ a: 1 }, 2]],
    ['csv', 'x,y\n1,"2\n3"\n', [{ x: '1', y: '2\n3' }]],
    [{ bytes: 2 }, 'abc', [new Uint8Array([97, 98]), new Uint8Array([99])]]
  ])('cuts %p into records', async (input, text, expected) => {
    const records: unknown[] = []
    const program = defineProgram({ input, map: record => records.push(record), reduce: () => undefined })
    await sequential(program, filesOf({ 'dir/a': text }), { reducers: 1 })
    expect(records).toEqual(expected.map(value => ({ value, file: 'dir/a', offset: expect.any(Number) })))
  })

  it('throws what a program throws, and refuses what cannot be a key or a value', async () => {
    const program = defineProgram({ ...countWords, map: () => { throw new RangeError('from map') } })
    await expect(sequential(program, filesOf({ a: 'x' }), { reducers: 1 })).rejects.toThrow('from map')
    for (const [key, value] of [[NaN, 1], ['\ud800', 1], ['k', Infinity], ['k', '\udc00']] as const) {
      await expect(partsOf([[key, value]])).rejects.toMatchObject({ code: 'PROGRAM' })
    }
  })
})
