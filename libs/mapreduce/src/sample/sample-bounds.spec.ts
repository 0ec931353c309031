import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MAX_BOUNDS_BYTES } from '../constants.ts'
import { codePoint } from '../datum/code-point.spec.support.ts'
import type { FileEntry } from '../files.ts'
import { fromHex } from '../hex.ts'
import { inProcessExecutor } from '../in-process-executor.ts'
import type { Datum, Program } from '../program.ts'
import { sequential } from '../sequential.ts'
import { sampleBounds } from './sample-bounds.ts'
import type { SampledJob } from './sample-bounds.ts'

const identity: Program = {
  input: 'lines',
  partition: 'range',
  map: ({ value }, emit) => emit(value, null),
  reduce (key, values, emit) { for (const value of values) emit(key, value) }
}

interface Sampling { program?: Program, reducers: number, skipBadRecords?: number, chunkBytes?: number }

/** Files that come in chunks of any size, as blocks do. */
async function boundsOf (text: string | Record<string, string>, { program = identity, reducers, skipBadRecords = 0, chunkBytes = 1000 }: Sampling): Promise<string[]> {
  const files = Object.entries(typeof text === 'string' ? { 'text.txt': text } : text).map(([path, content]) => ({ path, content: Buffer.from(content) }))
  const job: SampledJob = { input: 'root', inputFormat: program.input, args: {}, reducers, skipBadRecords }
  const bounds = await sampleBounds(job, {
    files: {
      walk: async function * (): AsyncGenerator<FileEntry> { for (const { path, content } of files) yield { path, cid: path, bytes: content.length } },
      read: async function * (file, { offset = 0, length = Infinity } = {}) {
        const { content } = files.find(({ path }) => path === file)!
        const end = Math.min(offset + length, content.length)
        for (let at = offset; at < end; at += chunkBytes) yield content.subarray(at, Math.min(at + chunkBytes, end))
      }
    },
    executor: inProcessExecutor({ load: async () => program }),
    program: new Uint8Array(0),
    signal: new AbortController().signal
  })
  return bounds!
}

const decoded = (bounds: string[]): string[] => bounds.map(bound => Buffer.from(bound, 'hex').toString())
const numbered = (n: number): string[] => Array.from({ length: n }, (_, i) => String(i).padStart(6, '0'))
/** The same order each time: a step that has no factor in common with the length visits all. */
const shuffled = <T>(items: T[]): T[] => items.map((_, i) => items[i * 7919 % items.length]!)

describe('sampled bounds', () => {
  it('cut the keys into equal parts, and are as short as tells them apart', async () => {
    expect(decoded(await boundsOf(shuffled(numbered(1000)).join('\n'), { reducers: 4 }))).toEqual(['00025', '0005', '00075'])
    expect(decoded(await boundsOf('banana\napple\ncherry\n', { reducers: 3 }))).toEqual(['b', 'c'])
  })

  it.each([['shuffled', shuffled(numbered(200_000))], ['sorted', numbered(200_000)]])('cut %s input of which they see a part into parts of about one size', async (_, lines) => {
    const bounds = decoded(await boundsOf(lines.join('\n'), { reducers: 8 }))
    const sizes = Array<number>(8).fill(0)
    for (const line of lines) sizes[bounds.filter(bound => bound <= line).length]! += 8 / lines.length
    expect(Math.min(...sizes)).toBeGreaterThan(0.75)
    expect(Math.max(...sizes)).toBeLessThan(1.25)
  })

  it('are the same for the same files in other blocks', async () => {
    const text = shuffled(numbered(50_000)).join('\r\n')
    const bounds = await boundsOf(text, { reducers: 5 })
    expect(new Set(bounds).size).toBe(4)
    expect(await boundsOf(text, { reducers: 5, chunkBytes: 17 })).toEqual(bounds)
  })

  it('are equal where one key has most pairs, and empty without a key', async () => {
    expect(decoded(await boundsOf(`a\n${'whale\n'.repeat(98)}z`, { reducers: 4 }))).toEqual(['w', 'w', 'w'])
    expect(await boundsOf('', { reducers: 4 })).toEqual(['', '', ''])
    expect(await boundsOf({}, { reducers: 2 })).toEqual([''])
    expect(await boundsOf('\n\n\n', { reducers: 2 })).toEqual([''])
  })

  it('need no more keys than there are', async () => {
    expect(decoded(await boundsOf('b\na', { reducers: 5 }))).toEqual(['a', 'a', 'b', 'b'])
  })

  it('are none for one reducer', async () => {
    expect(await boundsOf('a\nb', { reducers: 1 })).toBeUndefined()
  })

  it('stay within their bytes, and do not fall, where keys are long and alike', async () => {
    const lines = shuffled(numbered(500)).map(number => `${'https://example.com/'.repeat(100)}${number}`)
    const bounds = await boundsOf(lines.join('\n'), { reducers: 4096 })
    expect(bounds).toHaveLength(4095)
    expect(bounds.reduce((sum, bound) => sum + bound.length / 2, 0)).toBeLessThanOrEqual(MAX_BOUNDS_BYTES)
    expect(bounds.toSorted()).toEqual(bounds)
  })

  it('skip the records that the job may skip', async () => {
    const picky: Program = {
      ...identity,
      map ({ value }, emit) {
        if (value === 'bad') throw new TypeError('oh')
        emit(value as Datum, null)
      }
    }
    expect(decoded(await boundsOf('a\nbad\nb\n', { program: picky, reducers: 2, skipBadRecords: 1 }))).toEqual(['b'])
    await expect(boundsOf('a\nbad\nb\n', { program: picky, reducers: 2 })).rejects.toMatchObject({ code: 'PROGRAM', message: 'map threw at text.txt, offset 2: TypeError: oh' })
  })

  it('never fall and put the output in total order, for any keys and reducers', async () => {
    const key = fc.oneof(fc.constantFrom('', 'a', 'ab', 'b'), fc.string({ unit: codePoint, maxLength: 5 }).filter(text => !/[\r\n]/.test(text)))
    await fc.assert(fc.asyncProperty(fc.array(key, { maxLength: 40 }), fc.integer({ min: 2, max: 12 }), async (keys, reducers) => {
      const text = keys.map(key => `${key}\n`).join('')
      const bounds = await boundsOf(text, { reducers })
      expect(bounds).toHaveLength(reducers - 1)
      expect(bounds.every(bound => fromHex(bound) !== undefined)).toBe(true)
      expect(bounds.toSorted()).toEqual(bounds)
      const { parts } = await sequential({ ...identity, output: 'values', reduce (key, values, emit) { for (const nothing of values) emit(key, `${String(key)}\n${nothing ?? ""}`) } }, [{ path: 'text.txt', content: Buffer.from(text) }], { reducers, bounds })
      const sorted = keys.map(key => Buffer.from(`${key}\n`)).sort((a, b) => Buffer.compare(a.subarray(0, -1), b.subarray(0, -1)))
      expect(Buffer.concat(parts)).toEqual(Buffer.concat(sorted))
    }), { numRuns: 200 })
  })
})
