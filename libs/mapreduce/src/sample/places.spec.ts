import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { FileEntry } from '../files.ts'
import type { SplitRange } from '../job.ts'
import type { InputFormat } from '../program.ts'
import { samplePlaces } from './places.ts'

const MIB = 1024 * 1024

function filesOf (sizes: number[]): FileEntry[] {
  return sizes.map((bytes, i) => ({ path: `f${i}`, cid: `c${i}`, bytes }))
}

async function placesOf (sizes: number[], format: InputFormat = 'lines'): Promise<SplitRange[]> {
  return await samplePlaces(async function * () { yield * filesOf(sizes) }, format)
}

const bytesOf = (ranges: SplitRange[]): number => ranges.reduce((sum, { length }) => sum + length, 0)

describe('the places of a sample', () => {
  it('are evenly spread over a large file', async () => {
    const ranges = await placesOf([1024 * MIB])
    expect(ranges).toHaveLength(128)
    expect(bytesOf(ranges)).toBe(MIB)
    expect(ranges.map(({ offset }) => offset)).toEqual(ranges.map((_, i) => i * 8 * MIB))
    expect(ranges[127]).toEqual({ file: 'f0', cid: 'c0', offset: 127 * 8 * MIB, length: 8192, fileBytes: 1024 * MIB })
  })

  it.each([[[]], [[0]], [[1]], [[100]], [[MIB]], [[0, 500_000, 0, 7]]])('are the whole of files of %j bytes', async sizes => {
    expect(await placesOf(sizes)).toEqual(filesOf(sizes).filter(({ bytes }) => bytes > 0)
      .map(({ path: file, cid, bytes }) => ({ file, cid, offset: 0, length: bytes, fileBytes: bytes })))
  })

  it('take few files each, where they are tiny', async () => {
    const ranges = await placesOf(Array<number>(10_000).fill(20))
    expect(ranges.length).toBeLessThanOrEqual(128 * 4)
    expect(ranges.length).toBeGreaterThan(128 * 2)
  })

  it('hold a record each, where records are long', async () => {
    const ranges = await placesOf([1024 * MIB], { bytes: 100_000 })
    expect(ranges.map(({ length }) => length)).toEqual(Array<number>(128).fill(100_000))
  })

  it('are in the order of the input, within their files, apart, and of bounded size', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(fc.nat(100), fc.nat(5 * MIB)), { maxLength: 300 }), async sizes => {
      const ranges = await placesOf(sizes)
      const starts = new Map(filesOf(sizes).map(({ path }, i) => [path, sizes.slice(0, i).reduce((sum, n) => sum + n, 0)]))
      let end = 0
      for (const { file, offset, length, fileBytes } of ranges) {
        expect(length).toBeGreaterThan(0)
        expect(offset + length).toBeLessThanOrEqual(fileBytes)
        expect(starts.get(file)! + offset).toBeGreaterThanOrEqual(end)
        end = starts.get(file)! + offset + length
      }
      expect(bytesOf(ranges)).toBeLessThanOrEqual(MIB)
      if (sizes.some(bytes => bytes > 0)) expect(ranges.length).toBeGreaterThan(0)
    }), { numRuns: 50 })
  })

  it.each(['csv', 'text'] as const)('of %s are whole files', async format => {
    expect(await placesOf([100, 0, 200], format)).toEqual([
      { file: 'f0', cid: 'c0', offset: 0, length: 100, fileBytes: 100 },
      { file: 'f2', cid: 'c2', offset: 0, length: 200, fileBytes: 200 }
    ])
    const some = await placesOf(Array<number>(1000).fill(50_000), format)
    expect(bytesOf(some)).toBeLessThanOrEqual(MIB)
    expect(some.length).toBeGreaterThan(10)
    expect(some.every(({ offset, length }) => offset === 0 && length === 50_000)).toBe(true)
    expect(await placesOf([5 * MIB, 6 * MIB], format)).toEqual([{ file: 'f0', cid: 'c0', offset: 0, length: 5 * MIB, fileBytes: 5 * MIB }])
    await expect(placesOf([257 * MIB], format)).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('f0: a sample of a file of this format reads the whole of it') })
  })
})
