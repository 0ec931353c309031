import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MAX_SPLIT_BYTES, SORT_BUFFER_BYTES } from './constants.ts'
import { compareKeys, decodeKey, decodeValue, encodeKey, readVarint, varintBytes } from './datum/index.ts'
import { meetingKey } from './datum/datum.spec.support.ts'
import { ProgramError } from './errors.ts'
import { PairBuffer } from './pair-buffer.ts'
import type { PartitionOf } from './pair-buffer.ts'
import type { Datum } from './program.ts'

interface Sorted { partition: number, key: Datum, value: Datum }

const byLength = (reducers: number): PartitionOf => (_key, _bytes, start, end) => (end - start) % reducers

function drained (pairs: PairBuffer): Sorted[] {
  const sorted: Sorted[] = []
  pairs.drain((partition, bytes, start, end, count) => {
    let at = start
    for (let i = 0; i < count; i++) {
      const keyBytes = readVarint(bytes, at, end)
      const keyEnd = at + varintBytes(keyBytes) + keyBytes
      const valueBytes = readVarint(bytes, keyEnd, end)
      at = keyEnd + varintBytes(valueBytes) + valueBytes
      sorted.push({ partition, key: decodeKey(bytes, keyEnd - keyBytes, keyEnd), value: decodeValue(bytes, at - valueBytes, at) })
    }
    expect(at).toBe(end)
  })
  return sorted
}

/** Sorts pairs whose values are their positions. */
function sortedPairs (keys: Datum[], reducers: number, pairs = new PairBuffer(1)): Sorted[] {
  keys.forEach((key, position) => pairs.add(key, position, byLength(reducers)))
  expect(pairs.count).toBe(keys.length)
  return drained(pairs)
}

/** The same by a comparator over the encoded keys. */
function expectedPairs (keys: Datum[], reducers: number): Sorted[] {
  return keys
    .map((key, value) => ({ encoded: encodeKey(key), value }))
    .map(({ encoded, value }) => ({ partition: (encoded.length - 1) % reducers, encoded, value }))
    .sort((a, b) => a.partition - b.partition || compareKeys(a.encoded, 0, a.encoded.length, b.encoded, 0, b.encoded.length))
    .map(({ partition, encoded, value }) => ({ partition, key: decodeKey(encoded), value }))
}

describe('PairBuffer', () => {
  it('refuses undefined as a key, first and after a key that is no string', () => {
    const pairs = new PairBuffer(1)
    expect(() => pairs.add(undefined as never, 1, byLength(1))).toThrow(/undefined cannot be a key/)
    pairs.add(5, 1, byLength(1))
    expect(() => pairs.add(undefined as never, 1, byLength(1))).toThrow(/undefined cannot be a key/)
    expect(pairs.count).toBe(1)
  })

  it('sorts by partition, key and position', () => {
    const keys = fc.oneof(fc.array(meetingKey, { maxLength: 20 }), fc.array(meetingKey, { minLength: 30, maxLength: 200 }))
    fc.assert(fc.property(keys, fc.integer({ min: 1, max: 5 }), (keys, reducers) => {
      expect(sortedPairs(keys, reducers)).toEqual(expectedPairs(keys, reducers))
    }), { numRuns: 150 })
  })

  it('sorts many keys with long common beginnings, zeros and equal texts of other kinds', () => {
    const long = 'x'.repeat(70)
    const keys = Array.from({ length: 3000 }, (_, i): Datum => {
      const n = (i * 7919) % 40
      return [`${long}${n}`, long.slice(0, n), `\u0000`.repeat(n), n, String(n), `${long}\u0000${n % 3}`][i % 6]!
    })
    expect(sortedPairs(keys, 1)).toEqual(expectedPairs(keys, 1))
  })

  it('can be filled again', () => {
    const pairs = new PairBuffer(1)
    expect(sortedPairs(['b', 'a'], 1, pairs)).toEqual(expectedPairs(['b', 'a'], 1))
    expect(sortedPairs(['d', 'c', 'e'], 1, pairs)).toEqual(expectedPairs(['d', 'c', 'e'], 1))
    expect(drained(pairs)).toEqual([])
  })

  it('adds nothing where it refuses', () => {
    const pairs = new PairBuffer(1000)
    expect(() => pairs.add(undefined as unknown as Datum, 1, () => 0)).toThrow(ProgramError)
    pairs.add('a', 1, () => 0)
    expect(() => pairs.add(undefined as unknown as Datum, 1, () => 0)).toThrow(ProgramError)
    expect(() => pairs.add('b', [1, NaN], () => 0)).toThrow(ProgramError)
    expect(() => pairs.add('b', 1, () => { throw new RangeError('no partition') })).toThrow('no partition')
    pairs.add('c', 2, () => 0)
    expect(drained(pairs)).toEqual([{ partition: 0, key: 'a', value: 1 }, { partition: 0, key: 'c', value: 2 }])
  })

  it('is full by the bytes of pairs and index', () => {
    const pairs = new PairBuffer(1000)
    let added = 0
    while (!pairs.full) pairs.add('0123456789', added++, () => 0)
    // 10 text, tag, 2 lengths, 2 of the value, 24 of the index.
    expect(added).toBe(Math.ceil(1000 / 39))
  })

  it('holds a split of the largest size chosen, in records of 100 bytes with keys of their own', () => {
    const pairs = new PairBuffer(SORT_BUFFER_BYTES, MAX_SPLIT_BYTES)
    const record = new Uint8Array(100)
    for (let bytes = record.length; bytes <= MAX_SPLIT_BYTES; bytes += record.length) pairs.add(record.subarray(0, 10), record, () => 0)
    expect(pairs.full).toBe(false)
  })
})
