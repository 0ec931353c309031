import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { bytesOf, FILE, runJob, splitsOf } from './map-reduce.spec.support.ts'
import { runMapTask } from './map-task.ts'
import type { Datum, OutputFormat, Program, WrittenProgram } from './program.ts'
import { memoryScratch } from './scratch-memory.ts'
import { sequential } from './sequential.ts'

/** The same program in functions of its own. */
function written ({ input, ...program }: Program & { input: { bytes: number, keyBytes: number } }): WrittenProgram {
  const { bytes, keyBytes } = input
  return {
    ...program,
    input: { bytes },
    map: ({ value }, emit) => { emit((value as Uint8Array).slice(0, keyBytes), (value as Uint8Array).slice(keyBytes)) },
    reduce: (key, values, emit) => { for (const value of values) emit(key, value) }
  }
}

/** Few keys, so that they repeat, and lengths of which some take two bytes. */
const shape = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 120, max: 140 }), fc.constantFrom(4096, 4097))
  .chain(bytes => fc.record({ bytes: fc.constant(bytes), keyBytes: fc.oneof(fc.integer({ min: 0, max: Math.min(3, bytes) }), fc.integer({ min: 0, max: bytes })) }))
const job = fc.record({
  input: shape,
  records: fc.nat(40),
  rest: fc.nat(4000),
  alphabet: fc.integer({ min: 1, max: 4 }),
  cuts: fc.array(fc.nat(3000), { maxLength: 4 }),
  reducers: fc.integer({ min: 1, max: 3 }),
  bufferBytes: fc.constantFrom(1, 300, 100_000),
  output: fc.constantFrom<OutputFormat | undefined>(undefined, 'values', 'joined'),
  skipBadRecords: fc.constantFrom(0, 3),
  partition: fc.constantFrom<'range' | undefined | 'function'>('range', undefined, 'function'),
  combine: fc.boolean()
})
  .map(({ input, records, rest, alphabet, partition, combine, output, ...more }) => {
    const content = Uint8Array.from({ length: records * input.bytes + rest % input.bytes }, (_, i) => 0x61 + (i * 7 + (i >>> 3)) % alphabet)
    const program = {
      input,
      map: 'identity' as const,
      reduce: 'identity' as const,
      output,
      ...partition !== undefined && { partition: partition === 'range' ? partition : (key: Datum, reducers: number) => (key as Uint8Array).length % reducers },
      ...combine && { combine: (key: Datum, values: Iterable<Datum>, emit: (key: Datum, value: Datum) => void) => { for (const value of values) emit(key, value) } }
    }
    return { program, content, ...more, ...partition === 'range' && { bounds: ['6162', '63'].slice(0, more.reducers - 1) } }
  })

describe('the identity', () => {
  it('of map and reduce is the oracle\'s, and what functions that say it would give', async () => {
    await fc.assert(fc.asyncProperty(job, async ({ program, ...rest }) => {
      const { parts, counters } = await runJob({ program, ...rest })
      const byFunctions = await runJob({ program: written(program), ...rest })
      const { bounds, reducers, content } = rest
      const expected = await sequential(program, [{ path: FILE, content }], { reducers, bounds })
      expect(parts).toEqual(expected.parts)
      expect({ parts, counters }).toEqual({ parts: byFunctions.parts, counters: byFunctions.counters })
      for (const [name, value] of Object.entries(expected.counters)) expect(counters[name] ?? 0).toBe(value)
    }), { numRuns: 300 })
  })

  it('of map gives the runs that a function would give, to the byte', async () => {
    await fc.assert(fc.asyncProperty(job, async ({ program, content, cuts, reducers, bounds, bufferBytes, skipBadRecords }) => {
      const runs = async (program: Program): Promise<Uint8Array[]> => {
        const { outputs } = await runMapTask({ kind: 'map', task: 0, reducers, args: {}, splits: splitsOf(content, cuts), skipBadRecords, bounds }, {
          program, scratch: memoryScratch(), bufferBytes, read: async function * (_, { offset = 0, length = Infinity }) { for (let at = offset; at < Math.min(content.length, offset + length); at += 1000) yield content.subarray(at, Math.min(at + 1000, content.length, offset + length)) }
        })
        return outputs.map(({ file }) => bytesOf(file))
      }
      expect(await runs(program)).toEqual(await runs(written(program)))
    }), { numRuns: 300 })
  })

  it.each<OutputFormat>(['lines', 'values', 'joined'])('of reduce passes on pairs of any kind, as %s', async output => {
    const datum = fc.oneof(fc.string({ maxLength: 3 }), fc.integer(), fc.constant(-0), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null), fc.uint8Array({ maxLength: 80 }), fc.array(fc.integer(), { maxLength: 2 }), fc.record({ b: fc.integer(), a: fc.constant(null) }))
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(datum, datum), { maxLength: 20 }), fc.constantFrom(0, 1), async (pairs, skipBadRecords) => {
      const program: Program = { input: 'lines', output, map: ({ value }, emit) => { const [key, datum] = pairs[Number(value)]!; emit(key, datum) }, reduce: 'identity' }
      const content = new TextEncoder().encode(pairs.map((_, i) => `${i}\n`).join(''))
      const { parts } = await runJob({ program, content, cuts: [7, 15], reducers: 2, skipBadRecords })
      expect(parts).toEqual((await sequential(program, [{ path: FILE, content }], { reducers: 2 })).parts)
    }))
  })

  it('of reduce fails with the key where a value cannot be written', async () => {
    // Within a value it is one byte; in DAG-JSON it is six.
    const long = ['\u0001'.repeat(12 * 1024 * 1024)]
    const program: Program = { input: 'lines', map: (_, emit) => { emit('k', long) }, reduce: 'identity' }
    const failed = runJob({ program, content: new TextEncoder().encode('x\n'), cuts: [], reducers: 1 })
    await expect(failed).rejects.toMatchObject({ code: 'PROGRAM', message: expect.stringMatching(/^reduce threw at key "k": /) })
  })
})
