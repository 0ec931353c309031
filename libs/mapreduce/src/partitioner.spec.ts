import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { keyText } from './datum/index.ts'
import { ProgramError } from './errors.ts'
import { toHex } from './hex.ts'
import { defaultPartition, partitionerOf } from './partitioner.ts'
import type { Program } from './program.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const program = (partition: unknown): Program => ({ input: 'lines', map () {}, reduce () {}, partition }) as unknown as Program

function chosen (partition: unknown, reducers: number): number {
  return partitionerOf(program(partition), reducers)('whale', keyText('whale'), 0, 5)
}

describe('the default partition', () => {
  // FNV-1a test vectors of the algorithm's own page: http://www.isthe.com/chongo/src/fnv/test_fnv.c
  it.each([['', 0x811c9dc5], ['a', 0xe40c292c], ['b', 0xe70c2de5], ['foobar', 0xbf9cf968], ['chongo was here!\n', 0xd49930d5]])('of %j is by its FNV-1a hash', (text, hash) => {
    expect(defaultPartition(utf8(text), 4096)).toBe((hash & 0x7fffffff) % 4096)
    expect(defaultPartition(utf8(text), 0x7fffffff)).toBe((hash & 0x7fffffff) % 0x7fffffff)
  })

  it('is that of the bytes given, wherever they lie', () => {
    fc.assert(fc.property(fc.string(), fc.string(), fc.integer({ min: 1, max: 4096 }), (before, key, reducers) => {
      const all = utf8(before + key + before)
      const [start, end] = [utf8(before).length, utf8(before + key).length]
      const partition = defaultPartition(all, reducers, start, end)
      expect(partition).toBe(defaultPartition(keyText(key), reducers))
      expect(partition).toBeGreaterThanOrEqual(0)
      expect(partition).toBeLessThan(reducers)
    }))
  })
})

describe('a program\'s own partition', () => {
  it('is called with key and number of reducers, as a method', () => {
    expect(chosen(function (this: Program, key: string, reducers: number) { return this.input === 'lines' && key === 'whale' ? reducers - 1 : 0 }, 5)).toBe(4)
    expect(Object.is(chosen(() => -0, 5), 0)).toBe(true)
  })

  it.each([5, -1, 1.5, NaN, '0', undefined, null, 1n])('is refused where it is %p of 5', partition => {
    expect(() => chosen(() => partition, 5)).toThrow(ProgramError)
    expect(() => chosen(() => partition, 5)).toThrow('at key "whale": it must be an integer from 0 to 4')
  })

  it('names the key where it throws', () => {
    expect(() => chosen(() => { throw new TypeError('oh') }, 5)).toThrow('partition threw at key "whale": TypeError: oh')
  })
})

describe('the range partition', () => {
  const hex = (text: string): string => toHex(utf8(text))

  function partitionOf (key: string, bounds: string[]): number {
    const padded = utf8(`..${key}..`)
    return partitionerOf(program('range'), bounds.length + 1, bounds.map(hex))(key, padded, 2, padded.length - 2)
  }

  it('is the last that begins at or before the key', () => {
    const partitions = ['', 'a', 'aa', 'b', 'ba', 'c', '\u{10ffff}'].map(key => partitionOf(key, ['aa', 'b', 'c']))
    expect(partitions).toEqual([0, 0, 1, 2, 2, 3, 3])
  })

  it('leaves partitions between equal bounds empty', () => {
    expect(['a', 'b', 'c'].map(key => partitionOf(key, ['b', 'b', 'b']))).toEqual([0, 3, 3])
    expect(partitionOf('', ['', ''])).toBe(2)
  })

  it('is the number of bounds that are not greater, for any keys and bounds', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀', '\0'), maxLength: 4 })
    fc.assert(fc.property(word, fc.array(word, { maxLength: 9 }), (key, bounds) => {
      const sorted = bounds.sort((a, b) => Buffer.compare(utf8(a), utf8(b)))
      expect(partitionOf(key, sorted)).toBe(sorted.filter(bound => Buffer.compare(utf8(bound), utf8(key)) <= 0).length)
    }))
  })

  it('of one partition needs no bounds', () => {
    expect(partitionerOf(program('range'), 1)('whale', utf8('whale'), 0, 5)).toBe(0)
    expect(partitionerOf(program('range'), 1, [])('whale', utf8('whale'), 0, 5)).toBe(0)
  })

  it.each<[string, unknown, number, string[] | undefined, string]>([
    ['without bounds', 'range', 2, undefined, 'the program partitions by range, and the job does not say where'],
    ['too few bounds', 'range', 3, ['61'], '1 bounds of partitions: 3 reducers take 2'],
    ['too many bounds', 'range', 1, ['61'], '1 bounds of partitions: 1 reducers take 0'],
    ['bounds that fall', 'range', 3, ['62', '61'], 'bound 1 of the partitions is less than the one before it'],
    ['bounds that are no bytes', 'range', 2, ['6'], 'bound 0 of the partitions is no hexadecimal text: "6"'],
    ['bounds in capitals, which sort otherwise', 'range', 2, ['6A'], 'no hexadecimal text: "6A"'],
    ['bounds for the hash', undefined, 2, ['61'], 'its program does not partition by range'],
    ['bounds for a function', () => 0, 2, ['61'], 'its program does not partition by range']
  ])('refuses %s', (_, partition, reducers, bounds, message) => {
    expect(() => partitionerOf(program(partition), reducers, bounds)).toThrow(expect.objectContaining({ code: 'FATAL', message: expect.stringContaining(message) }))
  })
})
