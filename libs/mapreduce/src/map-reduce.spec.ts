import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { toHex } from './hex.ts'
import { runJob } from './map-reduce.spec.support.ts'
import type { Datum, Program } from './program.ts'
import { sequential } from './sequential.ts'
import { sum } from './sum.ts'

const words = (text: Datum): string[] => String(text).match(/\p{L}+/gu) ?? []

const wordCount: Program = {
  input: 'lines',
  map ({ value }, emit, { count }) {
    for (const word of words(value)) emit(word, 1)
    count('lines')
  },
  combine: (key, values, emit) => emit(key, sum(values)),
  reduce: (key, values, emit) => emit(key, sum(values))
}

/** Its output tells the order of values. */
const places: Program = {
  input: 'lines',
  map ({ value, offset }, emit) {
    for (const word of words(value)) emit(word.length % 2 === 0 ? word : [word], { offset, word })
  },
  reduce: (key, values, emit) => emit(key, [...values]),
  partition: (key, reducers) => JSON.stringify(key).length % reducers
}

/** Its combine emits under other keys too, and more pairs than it takes. */
const lengths: Program = {
  input: 'lines',
  map ({ value }, emit) { for (const word of words(value)) emit(word, 1) },
  combine (key, values, emit) {
    const total = sum(values)
    if (typeof key !== 'string') return emit(key, total)
    emit(key, total - 1)
    emit([key.length % 3], 0)
    emit(key, 1)
  },
  // What combining strays is zero, and shows nowhere.
  reduce (key, values, emit) { if (typeof key === 'string') emit(key, sum(values)) }
}

/** Its output is the input's lines, in total order. */
const sortLines: Program = {
  input: 'raw-lines',
  output: 'values',
  partition: 'range',
  map: ({ value }, emit) => emit(value, 1),
  reduce (line, times, emit) { for (let n = sum(times); n > 0; n--) emit(null, Uint8Array.of(...line as Uint8Array, 0x0a)) }
}

const text = fc.array(fc.constantFrom('a', 'aa', 'ab', 'é', '🐋x', 'whale', ' ', ' ', '\n', '\r\n', 'seas'), { maxLength: 120 }).map(parts => parts.join(''))
const job = fc.record({
  text,
  cuts: fc.array(fc.nat(200), { maxLength: 5 }),
  reducers: fc.integer({ min: 1, max: 4 }),
  bufferBytes: fc.constantFrom(1, 100, 1000, 100_000),
  fanIn: fc.integer({ min: 2, max: 4 })
})

describe('map and reduce tasks', () => {
  it.each<[string, Program]>([
    ['with combine', wordCount],
    ['without combine', places],
    ['with a combine that emits under other keys', lengths]
  ])('give the oracle\'s output for any splits, reducers, buffer and fan-in, %s', async (_, program) => {
    await fc.assert(fc.asyncProperty(job, async ({ text, ...rest }) => {
      const content = new TextEncoder().encode(text)
      const { reducers } = rest
      const { parts, counters } = await runJob({ program, content, ...rest })
      const expected = await sequential(program, [{ path: 'text.txt', content }], { reducers, separator: ' ' })
      expect(parts.map(part => new TextDecoder().decode(part))).toEqual(expected.parts.map(part => new TextDecoder().decode(part)))
      if (program === lengths) return
      expect(counters['reduce.input.groups'] ?? 0).toBe(expected.counters['reduce.input.groups'])
      expect(counters['reduce.output.records'] ?? 0).toBe(expected.counters['reduce.output.records'])
      if (text === '') return
      expect(counters['map.input.records']).toBe(expected.counters['map.input.records'])
      expect(counters['map.input.bytes']).toBe(content.length)
      expect(counters['map.output.records']).toBe(expected.counters['map.output.records'])
      expect(counters['user.lines']).toBe(expected.counters['user.lines'])
    }), { numRuns: 60 })
  })
})

describe('a range partition', () => {
  const bound = fc.constantFrom('', 'a', 'aa', 'ab', 'b', 'é', 'whale', '🐋').map(key => toHex(new TextEncoder().encode(key)))

  it('has the output in total order, whatever the bounds', async () => {
    await fc.assert(fc.asyncProperty(job, fc.array(bound, { maxLength: 5 }), async ({ text, ...rest }, bounds) => {
      const content = new TextEncoder().encode(text)
      bounds.sort()
      const reducers = bounds.length + 1
      const { parts } = await runJob({ program: sortLines, content, ...rest, reducers, bounds })
      const expected = await sequential(sortLines, [{ path: 'text.txt', content }], { reducers, bounds })
      expect(parts).toEqual(expected.parts)
      const lines = Buffer.concat(parts).toString('latin1')
      const sorted = Buffer.from(content).toString('latin1').replace(/\n$/, '').split('\n').sort()
      expect(lines).toBe(text === '' ? '' : `${sorted.join('\n')}\n`)
    }), { numRuns: 100 })
  })
})
