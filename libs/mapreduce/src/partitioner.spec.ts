import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { keyText } from './datum/index.ts'
import { ProgramError } from './errors.ts'
import { defaultPartition, partitions, programPartition } from './partitioner.ts'
import type { Program } from './program.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const program = (partition: unknown): Program => ({ input: 'lines', map () {}, reduce () {}, partition }) as unknown as Program

function chosen (partition: unknown, reducers: number): number {
  const custom = program(partition)
  if (!partitions(custom)) throw new Error('it has no partition')
  return programPartition(custom, 'whale', reducers)
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
