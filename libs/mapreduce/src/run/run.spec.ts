import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MAX_KEY_BYTES } from '../constants.ts'
import { encodeKey } from '../datum/index.ts'
import { anyValue, meetingKey } from '../datum/datum.spec.support.ts'
import { MapReduceError } from '../errors.ts'
import type { Datum } from '../program.ts'
import { memoryScratch } from '../scratch-memory.ts'
import type { ScratchFile } from '../scratch.ts'
import { crc32 } from './checksum.ts'
import { RunReader, RunWriter } from './index.ts'
import type { RunSection } from './index.ts'
import { inKeyOrder, runFile, runOf, sectionOf } from './run.spec.support.ts'
import type { Pair } from './run.spec.support.ts'

const pairs = fc.array(fc.tuple(meetingKey, anyValue), { maxLength: 30 }).map(inKeyOrder)
const bufferBytes = fc.constantFrom(1, 17, 64, 1000, 65536)

function readAll (section: RunSection, buffer?: number): Pair[] {
  const reader = new RunReader(section, buffer)
  const read: Pair[] = []
  while (reader.next()) {
    read.push([reader.key(), reader.value()])
  }
  return read
}

function fileOf (bytes: Uint8Array): ScratchFile {
  const out = memoryScratch().create()
  out.write(bytes)
  return out.close()
}

/** Equal for equal bytes. */
function checksum (bytes: Datum): string {
  return `${(bytes as Uint8Array).length} bytes, ${crc32(bytes as Uint8Array)}`
}

describe('a run', () => {
  it('gives back what was written, through buffers of any size', () => {
    fc.assert(fc.property(pairs, bufferBytes, (pairs, buffer) => {
      const read = readAll(sectionOf(fileOf(runOf(pairs))), buffer)
      expect(read.map(([key]) => encodeKey(key))).toEqual(pairs.map(([key]) => encodeKey(key)))
      expect(read.map(([, value]) => value)).toEqual(pairs.map(([, value]) => value))
    }), { numRuns: 200 })
  })

  it('tells repeated keys, and keeps the key before in reach', () => {
    fc.assert(fc.property(pairs, bufferBytes, (pairs, buffer) => {
      const reader = new RunReader(sectionOf(fileOf(runOf(pairs))), buffer)
      let before: Uint8Array | undefined
      while (reader.next()) {
        const key = reader.bytes.slice(reader.keyStart, reader.keyEnd)
        if (before !== undefined) expect(reader.bytes.subarray(reader.previousStart, reader.previousEnd)).toEqual(before)
        expect(reader.repeats).toBe(before !== undefined && Buffer.compare(key, before) === 0)
        before = key
      }
      if (before !== undefined) expect(reader.bytes.subarray(reader.previousStart, reader.previousEnd)).toEqual(before)
    }), { numRuns: 200 })
  })

  it('may lie among others in a file, and be read in short pieces', () => {
    const runs = [runOf([['a', 1]]), runOf([]), runOf([['b', 2], ['c', 'x'.repeat(500)]])]
    const file = fileOf(Uint8Array.from(runs.flatMap(run => [...run])))
    const stingy: ScratchFile = { bytes: file.bytes, remove () {}, read: (into, position) => file.read(into.subarray(0, 3), position) }
    let start = 0
    const read = runs.map(run => {
      start += run.length
      return readAll({ ...sectionOf(stingy), start: start - run.length, bytes: run.length })
    })
    expect(read).toEqual([[['a', 1]], [], [['b', 2], ['c', 'x'.repeat(500)]]])
  })

  it('gives keys and values that are bytes, of any length, that later reading does not change', () => {
    const lengths = fc.oneof(fc.nat(300), fc.constantFrom(64, 65, 8188, 8189, 8190, 8191, 8192, 8193, 30_000))
    fc.assert(fc.property(fc.array(lengths, { maxLength: 60 }), fc.constantFrom(100, 1000, 9000, 100_000), (lengths, bufferBytes) => {
      const bytes = lengths.map((length, i) => Uint8Array.from({ length }, (_, at) => at * 31 + i))
      const pairs = inKeyOrder(bytes.map((value, i): Pair => [bytes[bytes.length - 1 - i]!, value]))
      const reader = new RunReader(sectionOf(runFile(pairs)), bufferBytes)
      const read: Datum[] = []
      while (reader.next()) read.push(reader.key(), reader.value())
      expect(read.map(checksum)).toEqual(pairs.flat().map(checksum))
    }), { numRuns: 40 })
  })

  it('takes records that come together, few bytes and many', () => {
    const pairs = Array.from({ length: 3000 }, (_, i): Pair => [`${10_000 + i}`, i])
    const whole = runOf(pairs)
    for (const perCall of [1, 7, 3000]) {
      const out = memoryScratch().create()
      const writer = new RunWriter()
      writer.begin(out)
      for (let i = 0; i < pairs.length; i += perCall) {
        const part = runOf(pairs.slice(i, i + perCall))
        const count = Math.min(perCall, pairs.length - i)
        const footer = part.length - (count < 128 ? 6 : 7)
        writer.records(part, 5, footer, count)
      }
      writer.end()
      const file = out.close()
      const written = new Uint8Array(file.bytes)
      file.read(written, 0)
      expect(checksum(written)).toBe(checksum(whole))
    }
  })

  it('says its length', () => {
    const writer = new RunWriter()
    const out = memoryScratch().create()
    writer.begin(out)
    expect(writer.end()).toEqual({ bytes: 11, records: 0 })
    expect(out.close().bytes).toBe(11)
  })

  it('is as RUN-FORMAT.md shows it', () => {
    expect([...runOf([['abc', 1]])]).toEqual([0x49, 0x50, 0x4d, 0x52, 1, 4, 0x61, 0x62, 0x63, 3, 2, 3, 2, 0, 1, 0x15, 0xe0, 0x3f, 0x57])
  })

  it('lets go of a buffer that one long record needed', () => {
    const reader = new RunReader(sectionOf(fileOf(runOf([['a', 'x'.repeat(1_000_000)], ['b', 1], ['c', 'y'.repeat(5000)], ['d', 1]]))), 1000)
    const sizes: number[] = []
    while (reader.next()) sizes.push(reader.bytes.length)
    expect(sizes[0]).toBeGreaterThan(1_000_000)
    expect(sizes.at(-1)).toBeLessThan(20_000)
  })
})

describe('a malformed run', () => {
  const run = runOf([['a', 1], ['b', { x: [1.5, 'é'] }], ['b', null]])

  function failureOf (bytes: Uint8Array): unknown {
    const reader = new RunReader(sectionOf(fileOf(bytes)))
    try {
      while (reader.next()) {
        reader.key()
        reader.value()
      }
    } catch (error) {
      expect(() => reader.next()).toThrow(error as Error)
      return error
    }
    return undefined
  }

  it('is found wherever it is cut off', () => {
    for (let length = 0; length < run.length; length++) expect(failureOf(run.subarray(0, length))).toBeInstanceOf(MapReduceError)
  })

  it('is found whatever byte was changed', () => {
    for (let at = 0; at < run.length; at++) {
      const damaged = run.slice()
      damaged[at]! ^= 0x11
      expect(failureOf(damaged)).toBeInstanceOf(MapReduceError)
    }
  })

  it('is found with bytes after its end', () => {
    expect(failureOf(Uint8Array.of(...run, 0))).toMatchObject({ code: 'STORAGE', message: 'a run is malformed: it does not end where it should' })
  })

  it('is found when its file ends before it should', () => {
    const section = { ...sectionOf(fileOf(run)), bytes: run.length + 10 }
    expect(() => readAll(section)).toThrow('cut off')
  })

  it('is found if its keys fall', () => {
    expect(failureOf(runOf([['b', 1], ['a', 1]]))).toMatchObject({ message: 'a run is malformed: its keys are out of order' })
    expect(failureOf(runOf([['long prefix b', 1], ['long prefix a', 1]]))).toMatchObject({ message: 'a run is malformed: its keys are out of order' })
  })

  it('takes no memory for lengths that are not there', () => {
    const header = [...run.subarray(0, 5)]
    const huge = [0xff, 0xff, 0xff, 0x1f] // 2^26 - 1
    expect(failureOf(Uint8Array.of(...header, 2, 97, 3, ...huge, 0, 0, 0, 0, 0, 0))).toMatchObject({ message: 'a run is malformed: it is cut off' })
    expect(failureOf(Uint8Array.of(...header, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0, 0, 0))).toMatchObject({ message: expect.stringContaining('too large') })
  })

  it('of any bytes gives a MapReduceError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, headed) => {
      const hostile = headed ? Uint8Array.of(...run.subarray(0, 5), ...bytes) : bytes
      expect(failureOf(hostile)).toBeInstanceOf(MapReduceError)
    }), { numRuns: 1000 })
  })

  it('of damaged bytes with a right checksum gives a MapReduceError or records', () => {
    fc.assert(fc.property(fc.nat(run.length - 5), fc.nat(255), fc.nat(run.length - 5), fc.nat(255), (at, byte, at2, byte2) => {
      const hostile = run.slice()
      hostile[at] = byte
      hostile[at2] = byte2
      new DataView(hostile.buffer).setUint32(hostile.length - 4, crc32(hostile, 0, hostile.length - 4), true)
      const failure = failureOf(hostile)
      if (failure !== undefined) expect(failure).toBeInstanceOf(MapReduceError)
    }), { numRuns: 1000 })
  })

  it('is named, with the code it was given', () => {
    const section: RunSection = { ...sectionOf(fileOf(run.subarray(1))), label: 'run bafy of map task 3', code: 'INPUT_LOST' }
    expect(() => readAll(section)).toThrow(expect.objectContaining({ code: 'INPUT_LOST', message: expect.stringContaining('run bafy of map task 3 is malformed') }))
  })
})

describe('long keys', () => {
  it('are read through small buffers', () => {
    const key: Datum = 'k'.repeat(MAX_KEY_BYTES)
    expect(readAll(sectionOf(fileOf(runOf([[key, 1], [key, 2]]))), 64)).toEqual([[key, 1], [key, 2]])
  })
})

describe('the checksum', () => {
  it('is CRC-32', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  })

  it('goes on from part to part', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 50 }), fc.nat(50), (bytes, cut) => {
      const at = Math.min(cut, bytes.length)
      expect(crc32(bytes, at, bytes.length, crc32(bytes, 0, at))).toBe(crc32(bytes))
    }))
  })
})
