import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatBytes, parseArg, parseBytes, parseChunkBytes, parseDuration, parseReducers, parseSeparator, parseSortBuffer } from './parse.ts'

describe('bytes', () => {
  it.each([
    ['16384', 16384], ['16k', 16384], ['16K', 16384], ['16kb', 16384], ['16KiB', 16384], ['1MiB', 1048576], ['1.5m', 1572864], ['2g', 2 ** 31], ['7b', 7], ['0', 0]
  ])('reads %s as %i', (text, bytes) => { expect(parseBytes(text)).toBe(bytes) })

  it.each(['', 'k', '-1', '1.0001', '16 kibble', '1e3', '0x10', 'NaN'])('refuses %j', text => {
    expect(() => parseBytes(text)).toThrow('It is a number of bytes')
  })

  it('reads back what it writes of whole units', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1023 }), fc.constantFrom(1, 1024, 1024 ** 2, 1024 ** 3), (n, unit) => {
      expect(parseBytes(formatBytes(n * unit))).toBe(n * unit)
    }))
  })

  it('keeps chunks within what IPFS peers accept', () => {
    expect(parseChunkBytes('1k')).toBe(1024)
    expect(parseChunkBytes('1MiB')).toBe(1048576)
    expect(() => parseChunkBytes('1023')).toThrow('1 KiB to 1 MiB')
    expect(() => parseChunkBytes('2MiB')).toThrow('1 KiB to 1 MiB')
  })

  it('keeps a sort buffer within what workers take', () => {
    expect(parseSortBuffer('128MiB')).toBe(2 ** 27)
    expect(() => parseSortBuffer('1000k')).toThrow('1 MiB to 128 MiB')
    expect(() => parseSortBuffer('1g')).toThrow('1 MiB to 128 MiB')
  })
})

describe('numbers', () => {
  it('counts reducers from 1 to 4096', () => {
    expect(parseReducers('10')).toBe(10)
    for (const text of ['0', '4097', '-1', '1.5', 'ten', '']) expect(() => parseReducers(text)).toThrow('whole number from 1 to 4096')
  })

  it.each([['30', 30_000], ['0.5', 500], ['90s', 90_000], ['10m', 600_000], ['10 min', 600_000], ['1.5h', 5_400_000]])('turns %s into %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each(['0', '-1', 'soon', '', '10 monkeys', '2d', '1000h'])('refuses a time of %j', text => {
    expect(() => parseDuration(text)).toThrow('number of seconds')
  })
})

describe('arguments of a program', () => {
  it('are collected by name; a value may hold an equals sign', () => {
    expect(parseArg('flags=i', parseArg('pattern=a=b', {}))).toEqual({ pattern: 'a=b', flags: 'i' })
  })

  it('refuses what is no pair, and a name given twice', () => {
    expect(() => parseArg('pattern')).toThrow('name=value')
    expect(() => parseArg('=x')).toThrow('name=value')
    expect(() => parseArg('a=2', { a: '1' })).toThrow('a is given twice')
  })

  it('takes a separator as it is typed, \\t for a tab, but no newline', () => {
    expect(parseSeparator('\\t')).toBe('\t')
    expect(parseSeparator(': ')).toBe(': ')
    expect(parseSeparator('\\\\')).toBe('\\')
    expect(() => parseSeparator('\\n')).toThrow('another separator')
  })
})
