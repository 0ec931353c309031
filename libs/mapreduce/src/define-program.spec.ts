import { describe, expect, it } from '@jest/globals'
import { checkProgram, defineProgram } from './define-program.ts'
import type { Datum } from './program.ts'
import { sum } from './sum.ts'

const map = (): void => undefined
const reduce = map

describe('defineProgram', () => {
  it('types value by input format, and lets combine and reduce emit sums', () => {
    const lines = defineProgram({
      input: 'lines',
      map ({ value, file, offset }, emit) {
        const text: string = value + file
        for (const word of value.match(/\p{L}+/gu) ?? []) emit(word, text.length + offset)
      },
      combine: (key, values, emit) => emit(key, sum(values)),
      reduce: (key, values, emit) => emit(key, sum(values))
    })
    const format: 'lines' = lines.input
    expect(format).toBe('lines')

    expect(defineProgram({ input: { bytes: 100 }, map: ({ value }, emit) => emit(value.subarray(0, 10), value), reduce }).input.bytes).toBe(100)
    expect(defineProgram({ input: 'csv', map: ({ value }, emit) => emit(value['name'] ?? '', 1), reduce }).input).toBe('csv')
    expect(defineProgram({ input: 'ndjson', map: ({ value }, emit) => emit(value, null), reduce }).input).toBe('ndjson')
    expect(defineProgram({ input: 'text', map: ({ value }, emit) => emit(value.length, [true]), reduce, partition: (key, reducers) => String(key).length % reducers }).input).toBe('text')
  })

  it('types keys and values where they are given', () => {
    const typed = defineProgram<'lines', string, number>({
      input: 'lines',
      map ({ value }, emit) {
        emit(value, value.length)
        // @ts-expect-error a key is a string here
        const wrongKey: () => void = () => emit(1, 1)
        // @ts-expect-error a value is a number here
        const wrongValue: () => void = () => emit('', '')
        expect([wrongKey, wrongValue]).toHaveLength(2)
      },
      reduce: (key, values, emit) => emit(key.toUpperCase(), Math.max(...values))
    })
    const emitted: Datum[] = []
    typed.reduce('a', [1, 3, 2], (key, value) => emitted.push(key, value), { args: {}, count: map })
    typed.map({ value: 'abc', file: '', offset: 0 }, (key, value) => emitted.push(key, value), { args: {}, count: map })
    expect(emitted).toEqual(['A', 3, 'abc', 3])
  })

  it('refuses what is not typed right', () => {
    // @ts-expect-error a line is no number
    defineProgram({ input: 'lines', map: ({ value }, emit) => emit(value.toFixed(), 1), reduce })
    // @ts-expect-error a function is no value
    defineProgram({ input: 'lines', map: ({ value }, emit) => emit(value, map), reduce })
    // @ts-expect-error there is no such format
    expect(() => defineProgram({ input: 'xml', map, reduce })).toThrow()
    // @ts-expect-error reduce is missing
    expect(() => defineProgram({ input: 'lines', map })).toThrow()
  })
})

describe('checkProgram', () => {
  it.each([
    [undefined, 'a program is an object with input, map and reduce, not undefined'],
    [null, 'not null'],
    [map, 'not function'],
    [{ map, reduce }, "the program's input: unknown input format undefined: use 'lines', 'raw-lines', 'text', 'ndjson', 'csv' or { bytes: N }"],
    [{ input: 'xml', map, reduce }, 'unknown input format "xml"'],
    [{ input: null, map, reduce }, 'unknown input format null'],
    [{ input: { bytes: 0 }, map, reduce }, '{ bytes: 0 }: N must be a whole number from 1 to 268435456'],
    [{ input: { bytes: '5' }, map, reduce }, '{ bytes: "5" }: N must be'],
    [{ input: { bytes: 1.5 }, map, reduce }, 'N must be'],
    [{ input: { bytes: 2 ** 40 }, map, reduce }, 'N must be'],
    [{ input: 'lines', reduce }, 'a program needs a function map, which is missing'],
    [{ input: 'lines', map, reduce: 3 }, 'a program needs a function reduce, which is of type number'],
    [{ input: 'lines', map, reduce, combine: {} }, "a program's combine must be a function, but is of type object"],
    [{ input: 'lines', map, reduce, combiner: reduce }, 'a program has no combiner; it has input, map, reduce, mapLines, finish, mustContain, combine, partition, output, deterministic'],
    [{ input: 'lines', map, reduce, mapLines: map }, 'a program\'s mapLines is for an input of raw-lines'],
    [{ input: 'csv', map, reduce, mustContain: map }, 'a program\'s mustContain is for an input of lines'],
    [{ input: 'lines', map, reduce, deterministic: 'no' }, 'a program\'s deterministic is true or false, but is of type string'],
    [{ input: 'lines', map, reduce, partition: 'hash' }, "a program's partition must be a function or 'range', but is of type string"],
    [{ input: 'lines', map, reduce, combine: 'range' }, "a program's combine must be a function, but is of type string"],
    [{ input: 'lines', map: 'identity', reduce }, "a program whose map is 'identity' needs input: { bytes: N, keyBytes: K }"],
    [{ input: { bytes: 9 }, map: 'identity', reduce }, "a program whose map is 'identity' needs input: { bytes: N, keyBytes: K }"],
    [{ input: { bytes: 9, keyBytes: 3 }, map, reduce }, "keyBytes of a program's input is for a map that is 'identity'"],
    [{ input: { bytes: 9, keyBytes: 10 }, map: 'identity', reduce }, 'keyBytes must be a whole number from 0 to 9'],
    [{ input: { bytes: 9, keyBytes: -1 }, map: 'identity', reduce }, 'keyBytes must be a whole number from 0 to 9'],
    [{ input: { bytes: 2 ** 24, keyBytes: 2 ** 24 }, map: 'identity', reduce }, 'keyBytes must be a whole number from 0 to 1048576'],
    [{ input: 'lines', map, reduce: 'sum' }, 'a program needs a function reduce, which is of type string'],
    [{ input: 'lines', map, reduce, output: 'bytes' }, "a program's output is 'lines', 'values' or 'joined', not \"bytes\""],
    [{ input: 'lines', map, reduce, output: map }, 'not of type function']
  ])('refuses %p', (candidate, message) => {
    const refused = expect(() => checkProgram(candidate))
    refused.toThrow(message)
    refused.toThrow(expect.objectContaining({ name: 'ProgramError', code: 'PROGRAM' }))
  })

  it('takes a program that leaves out what is optional', () => {
    expect(() => checkProgram({ input: 'lines', map, reduce, combine: undefined })).not.toThrow()
    expect(() => checkProgram({ input: 'raw-lines', map, reduce, partition: 'range', output: 'values' })).not.toThrow()
    expect(() => checkProgram({ input: { bytes: 9, keyBytes: 9 }, map: 'identity', reduce: 'identity', output: 'joined' })).not.toThrow()
  })
})

describe('sum', () => {
  it('adds numbers of any iterable', () => {
    expect(sum([])).toBe(0)
    expect(sum(new Set([1, 2.5, -4]).values())).toBe(-0.5)
  })

  it.each([['1', '"1"'], [null, 'null'], [[1], '[1]'], [new Uint8Array(3), '3 bytes']])('refuses %p', (value, shown) => {
    expect(() => sum([1, value])).toThrow(expect.objectContaining({ name: 'ProgramError', message: `sum: a value is not a number but ${shown}` }))
  })
})
