import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Tally } from './counters.ts'
import { meetingKey } from './datum/datum.spec.support.ts'
import { encodeKey } from './datum/index.ts'
import { ProgramError } from './errors.ts'
import { Groups } from './groups.ts'
import { openMerge } from './merge-passes.ts'
import type { Datum, Emit, Program } from './program.ts'
import { sectionOf } from './run/run.spec.support.ts'
import { guardScratch } from './scratch-guard.ts'
import { memoryScratch } from './scratch-memory.ts'
import { SortBuffer } from './sort-buffer.ts'
import type { SortBufferOptions } from './sort-buffer.ts'
import { sum } from './sum.ts'

const plain: Program = { input: 'lines', map () {}, reduce () {} }
const summing: Program = { ...plain, combine: (key, values, emit) => emit(key, sum(values)) }
const joining: Program = { ...plain, combine: (key, values, emit) => emit(key, ([...values] as Datum[][]).flat()) }

function sortBuffer (program: Program, options: Partial<SortBufferOptions> = {}): { sort: SortBuffer, tally: Tally } {
  const tally = new Tally()
  const context = { args: {}, count: tally.count }
  return { tally, sort: new SortBuffer({ program, context, tally, reducers: 1, scratch: memoryScratch(), mergeBufferBytes: 64, ...options }) }
}

/** The groups of each partition's run, by encoded key. */
function groupsOf (sort: SortBuffer): Map<string, { partition: number, values: Datum[] }> {
  const found = new Map<string, { partition: number, values: Datum[] }>()
  let last = -1
  for (const { partition, records, file } of sort.finish()) {
    expect(partition).toBeGreaterThan(last)
    last = partition
    const groups = new Groups(openMerge([sectionOf(file)]))
    let count = 0
    while (groups.next()) {
      const values = [...groups.values]
      groups.values.close()
      const name = encodeKey(groups.key).join()
      expect(found.has(name)).toBe(false)
      found.set(name, { partition, values })
      count += values.length
    }
    expect(count).toBe(records)
  }
  return found
}

const setting = fc.record({
  keys: fc.array(meetingKey, { maxLength: 150 }),
  reducers: fc.integer({ min: 1, max: 3 }),
  bufferBytes: fc.constantFrom(1, 200, 1000, 5000, 1_000_000),
  fanIn: fc.integer({ min: 2, max: 5 })
})

describe('SortBuffer', () => {
  it('keeps the values of each key, in the order emitted, whatever its size', () => {
    fc.assert(fc.property(setting, ({ keys, ...options }) => {
      const { sort } = sortBuffer(plain, options)
      const expected = new Map<string, Datum[]>()
      keys.forEach((key, i) => {
        sort.emit(key, i)
        const name = encodeKey(key).join()
        expected.set(name, [...expected.get(name) ?? [], i])
      })
      expect(new Map([...groupsOf(sort)].map(([name, { values }]) => [name, values]))).toEqual(expected)
    }), { numRuns: 80 })
  })

  it('combines to the same sums, whatever its size', () => {
    fc.assert(fc.property(setting, ({ keys, ...options }) => {
      const { sort, tally } = sortBuffer(summing, options)
      const expected = new Map<string, number>()
      keys.forEach((key, i) => {
        sort.emit(key, i)
        const name = encodeKey(key).join()
        expected.set(name, (expected.get(name) ?? 0) + i)
      })
      expect(new Map([...groupsOf(sort)].map(([name, { values }]) => [name, sum(values)]))).toEqual(expected)
      expect(tally.toCounters()['map.output.records']).toBe(keys.length)
    }), { numRuns: 80 })
  })

  it('combines values in the order in which they were emitted, repeated or not', () => {
    const listing: Program = { ...plain, combine: (key, values, emit) => emit(key, [...values].flat()) }
    const runs = fc.array(fc.record({
      key: fc.constantFrom<Datum>('a', 'éclair', 'жук', 'a key of seventeen', '\ud83d\ude00', 7, null, ['a']),
      value: fc.constantFrom<Datum>(1, 1, 2, -1, 0, -0, 1.5, 2 ** 40, 'x', null, true),
      times: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 60, max: 200 }))
    }), { maxLength: 40 })
    fc.assert(fc.property(runs, fc.constantFrom(1000, 20_000, 1_000_000), (runs, bufferBytes) => {
      const { sort } = sortBuffer(listing, { bufferBytes })
      const expected = new Map<string, Datum[]>()
      for (const { key, value, times } of runs) {
        const name = encodeKey(key).join()
        const values = expected.get(name) ?? []
        expected.set(name, values)
        for (let i = 0; i < times; i++) {
          sort.emit(key, value)
          values.push(value)
        }
      }
      expect(new Map([...groupsOf(sort)].map(([name, { values }]) => [name, values.flat()]))).toEqual(expected)
    }), { numRuns: 60 })
  })

  it('keeps what combine emits under other keys', () => {
    const straying: Program = {
      ...plain,
      combine (key, values, emit) {
        const total = sum(values)
        if (Array.isArray(key)) return emit(key, total)
        emit(key, total - 1)
        emit([key], 1)
      }
    }
    fc.assert(fc.property(setting, ({ keys, ...options }) => {
      const { sort } = sortBuffer(straying, options)
      const texts = keys.map(key => encodeKey(key).join())
      for (const text of texts) sort.emit(text, 1)
      const groups = groupsOf(sort)
      const sumOf = (key: Datum): number => sum(groups.get(encodeKey(key).join())?.values ?? [])
      for (const text of texts) expect(sumOf(text) + sumOf([text])).toBe(texts.filter(other => other === text).length)
    }), { numRuns: 80 })
  })

  it('sends a key to one partition, with combine and without', () => {
    fc.assert(fc.property(setting, ({ keys, ...options }) => {
      const partitions = [plain, summing].map(program => {
        const { sort } = sortBuffer(program, options)
        for (const key of keys) sort.emit(key, 1)
        return [...groupsOf(sort)].map(([name, { partition }]) => `${name}:${partition}`).sort()
      })
      expect(partitions[0]).toEqual(partitions[1])
    }), { numRuns: 40 })
  })

  it('combines while it fills: many values of few keys need little memory', () => {
    let written = 0
    const scratch = memoryScratch()
    const { sort, tally } = sortBuffer(summing, {
      bufferBytes: 10_000,
      scratch: { create: () => {
        const out = scratch.create()
        return { write: bytes => { written += bytes.length; out.write(bytes) }, close: () => out.close() }
      } }
    })
    for (let i = 0; i < 50_000; i++) sort.emit(`key ${i % 10}`, 1)
    expect(written).toBe(0)
    expect([...groupsOf(sort).values()].map(({ values }) => values)).toEqual(Array(10).fill([5000]))
    expect(tally.toCounters()).toMatchObject({ 'map.output.records': 50_000, 'spilled.records': 10 })
    expect(tally.toCounters()['combine.input.records']).toBeGreaterThanOrEqual(50_000)
  })

  it.each([['plain', plain], ['combining', summing]])('spills when it is full of many keys: %s', (_, program) => {
    let files = 0
    const scratch = memoryScratch()
    const { sort } = sortBuffer(program, { bufferBytes: 20_000, scratch: { create: () => { files++; return scratch.create() } } })
    for (let i = 0; i < 3000; i++) sort.emit(i, 1)
    expect(files).toBeGreaterThan(2)
    expect(groupsOf(sort).size).toBe(3000)
  })

  it('calls combine seldom enough where values are joined to long ones', () => {
    const { sort, tally } = sortBuffer(joining)
    for (let i = 0; i < 20_000; i++) sort.emit('k', [i])
    const [group] = [...groupsOf(sort).values()]
    expect(group!.values).toHaveLength(1)
    expect(group!.values[0]).toEqual(Array.from({ length: 20_000 }, (_, i) => i))
    expect(tally.toCounters()['combine.output.records']).toBeLessThan(20)
  })

  it('keeps string values apart by key and in order, short and long, shared and seldom, 0 and -0', () => {
    const listing: Program = { ...plain, combine: (key, values, emit) => { for (const value of values) emit(key, value) } }
    const value = fc.oneof(fc.constantFrom<Datum>('a', 'src/some/file-1.txt', 'src/some/file-2.txt', 'x'.repeat(300), '', 0, -0, null, true, 7), fc.string({ unit: 'grapheme', maxLength: 30 }))
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('k', 'l', 'a key that may be a slice'), value), { maxLength: 400 }), fc.constantFrom(2000, 1_000_000), (pairs, bufferBytes) => {
      const { sort } = sortBuffer(listing, { bufferBytes })
      const expected = new Map<string, Datum[]>()
      for (const [key, value] of pairs) {
        sort.emit(key, value)
        const name = encodeKey(key).join()
        expected.set(name, [...expected.get(name) ?? [], value])
      }
      const sorted = (values: Datum[]): string[] => values.map(value => Object.is(value, -0) ? '-0' : JSON.stringify(value)).sort()
      const found = groupsOf(sort)
      expect([...found.keys()].sort()).toEqual([...expected.keys()].sort())
      for (const [name, { values }] of found) expect(sorted(values)).toEqual(sorted(expected.get(name)!))
    }), { numRuns: 60 })
  })

  it('holds more different strings than it shares', () => {
    const distinct: Program = { ...plain, combine: (key, values, emit) => { for (const value of new Set(values)) emit(key, value) } }
    const { sort } = sortBuffer(distinct)
    for (let round = 0; round < 2; round++) for (let i = 0; i < 6000; i++) sort.emit('k', `some/file/number-${i}`)
    const [group] = [...groupsOf(sort).values()]
    expect(new Set(group!.values).size).toBe(6000)
    expect(group!.values).toHaveLength(6000)
  })

  it('takes copies: what the program changes later is not changed here', () => {
    for (const program of [plain, joining]) {
      const { sort } = sortBuffer(program)
      const key = [1]
      const value = ['x']
      sort.emit(key, value)
      key[0] = 2
      value[0] = 'y'
      sort.emit(key, value)
      expect([...groupsOf(sort)].map(([name, { values }]) => [name, values])).toEqual([[encodeKey([1]).join(), [['x']]], [encodeKey([2]).join(), [['y']]]])
    }
  })

  it('goes on after a program catches a refusal', () => {
    for (const program of [plain, summing]) {
      const { sort, tally } = sortBuffer(program)
      sort.emit('a', 1)
      for (const [key, value] of [[undefined, 1], ['b', NaN], ['a', undefined], ['\ud800', 1], ['a', '\ud800'], ['c', 1n]]) {
        expect(() => sort.emit(key as Datum, value as Datum)).toThrow(ProgramError)
      }
      sort.emit('a', 2)
      const values = [...groupsOf(sort).values()].map(({ values }) => sum(values))
      expect(values).toEqual([3])
      expect(tally.toCounters()['map.output.records']).toBe(2)
    }
  })
})

describe('a SortBuffer of a program that is in its way', () => {
  const keyOf = (key: Datum): string => encodeKey(key).join()
  /** An object whose reading does something else first, and bears what that throws. */
  const meddling = (meddle: () => void): Datum => ({
    get a () {
      try {
        meddle()
      } catch (error) {
        if (!(error instanceof ProgramError)) throw error
      }
      return 1
    }
  })
  const sizes = [1, 1000, 1_000_000]

  it.each(sizes)('keeps pairs apart where reading one emits another, in %i bytes', bufferBytes => {
    for (const program of [plain, joining]) {
      const { sort } = sortBuffer(program, { bufferBytes })
      for (let n = 0; n < 100; n++) sort.emit('outer', [meddling(() => sort.emit(`inner ${n}`, [n]))])
      const { values } = groupsOf(sort).get(keyOf('outer'))!
      expect(values.flat()).toEqual(Array(100).fill({ a: 1 }))
    }
    const { sort } = sortBuffer(plain)
    expect(() => sort.emit({ get a () { sort.emit('inner', 1); return 1 } }, 1)).toThrow('emit was called within emit')
  })

  it.each(sizes)('keeps pairs apart where partition emits, in %i bytes', bufferBytes => {
    const { sort } = sortBuffer({
      ...plain,
      partition: () => {
        try {
          sort.emit('inner', 1)
        } catch (error) {
          if (!(error instanceof ProgramError)) throw error
        }
        return 0
      }
    }, { bufferBytes })
    for (let n = 0; n < 100; n++) sort.emit(n, n)
    expect([...groupsOf(sort).values()].map(({ values }) => values)).toEqual(Array.from({ length: 100 }, (_, n) => [n]).sort((a, b) => String(a[0]) < String(b[0]) ? -1 : 1))
  })

  it.each(sizes)('keeps pairs apart where reading what combine emits emits another, in %i bytes', bufferBytes => {
    const { sort } = sortBuffer({ ...plain, combine: (key, values, emit) => { for (const value of values) emit(key, [value, meddling(() => emit('inner', 1))]) } }, { bufferBytes })
    for (let n = 0; n < 200; n++) sort.emit('outer', n)
    const { values } = groupsOf(sort).get(keyOf('outer'))!
    expect(JSON.stringify(values).match(/\d+(?=[,\]])/g)!.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => n))
  })

  it.each(sizes)('keeps a key as it was emitted, whatever combine does to it, in %i bytes', bufferBytes => {
    const { sort } = sortBuffer({
      ...plain,
      combine: (key, values, emit) => {
        const [name, year] = key as [string, number]
        const total = sum(values)
        ;(key as Datum[]).reverse()
        emit([name, year], total)
      }
    }, { bufferBytes })
    for (let n = 0; n < 500; n++) sort.emit([`name ${n % 3}`, 2000], 1)
    const groups = groupsOf(sort)
    expect([...groups.keys()].sort()).toEqual([0, 1, 2].map(n => keyOf([`name ${n}`, 2000])).sort())
    expect([...groups.values()].map(({ values }) => sum(values as number[])).sort()).toEqual([166, 167, 167])
  })

  it('takes bytes for as many as they are, whatever they say', () => {
    const said = (bytes: number, length: unknown): Uint8Array => Object.defineProperties(new Uint8Array(bytes).fill(7), { length: { value: length }, buffer: { value: 1 }, byteOffset: { value: 0 } })
    for (const length of [1000, 1, -3, 2.5, '9', NaN]) {
      const { sort } = sortBuffer(plain)
      sort.emit('before', 1)
      sort.emit('bytes', said(30, length))
      sort.emit(said(3, length), 2)
      const groups = groupsOf(sort)
      expect(groups.get(keyOf('bytes'))!.values).toEqual([new Uint8Array(30).fill(7)])
      expect(groups.get(keyOf(new Uint8Array(3).fill(7)))!.values).toEqual([2])
      expect(groups.get(keyOf('before'))!.values).toEqual([1])
    }
  })
})

describe('a failing SortBuffer', () => {
  const emitAll = (sort: SortBuffer, pairs: Array<[Datum, Datum]>): void => { for (const [key, value] of pairs) sort.emit(key, value) }
  const many: Array<[Datum, Datum]> = Array.from({ length: 200 }, (_, i) => ['whale', i])

  it('names key and error where combine throws, and does not forget it', () => {
    const { sort } = sortBuffer({ ...plain, combine: () => { throw new TypeError('no sums today') } })
    const failure = expect.objectContaining({ name: 'ProgramError', message: 'combine threw at key "whale": TypeError: no sums today', programStack: expect.stringContaining('no sums') })
    expect(() => emitAll(sort, many)).toThrow(failure)
    expect(() => sort.emit('other', 1)).toThrow(failure)
    expect(() => sort.finish()).toThrow(failure)
  })

  it.each<[string, NonNullable<Program['combine']>, string]>([
    ['what is no value', (key, _, emit) => emit(key, undefined as unknown as Datum), 'combine threw at key "whale": ProgramError: undefined cannot be a value'],
    ['a promise', (async () => {}) as unknown as NonNullable<Program['combine']>, 'combine returned a promise at key "whale"'],
    ['an iterator', function * () {} as unknown as NonNullable<Program['combine']>, 'combine returned an iterator at key "whale"'],
    ['nothing, but iterates twice', (_, values) => { sum(values); sum(values) }, 'can be iterated only once']
  ])('refuses a combine that gives %s', (_, combine, message) => {
    const { sort } = sortBuffer({ ...plain, combine })
    expect(() => emitAll(sort, many)).toThrow(message)
  })

  it('refuses emits of the wrong kind or at the wrong time', () => {
    let late: Emit | undefined
    const { sort: within } = sortBuffer({ ...plain, combine: (key) => within.emit(key, 1) })
    expect(() => emitAll(within, many)).toThrow('combine must emit with its own emit')
    const { sort: after } = sortBuffer({ ...plain, combine: (key, values, emit) => { late = emit } })
    emitAll(after, many)
    expect(() => late!('whale', 1)).toThrow('after combine had returned')
    after.finish()
    expect(() => after.emit('a', 1)).toThrow('after map had returned')
  })

  it('says that scratch failed, and does not forget it', () => {
    const scratch = guardScratch({ create: () => ({ write: () => { throw new Error('ENOSPC') }, close: () => { throw new Error('not closed') } }) })
    const { sort } = sortBuffer(plain, { bufferBytes: 1, scratch })
    sort.emit('a', 1)
    const failure = expect.objectContaining({ code: 'STORAGE', message: expect.stringContaining('ENOSPC') })
    expect(() => sort.emit('b', 1)).toThrow(failure)
    expect(() => sort.emit('c', 1)).toThrow(failure)
    expect(() => sort.finish()).toThrow(failure)
  })
})
