import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { ScratchFile } from '@ipfs-mapreduce/mapreduce'
import { SCRATCH_WRITE_BYTES } from './constants.ts'
import { fsScratch } from './fs-scratch.ts'

let directory: string
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'fs-scratch-')) })
afterEach(() => { rmSync(directory, { recursive: true }) })

function readAll (file: ScratchFile, step: number): Uint8Array {
  const parts: Uint8Array[] = []
  for (let at = 0; ;) {
    const into = new Uint8Array(step)
    const read = file.read(into, at)
    if (read === 0) return Buffer.concat(parts)
    parts.push(into.subarray(0, read))
    at += read
  }
}

describe('fsScratch', () => {
  it('gives back what was written, in writes and reads of any size', () => {
    const scratch = fsScratch(directory)
    const sizes = fc.array(fc.integer({ min: 0, max: 2 * SCRATCH_WRITE_BYTES }), { maxLength: 6 })
    fc.assert(fc.property(sizes, fc.integer({ min: 1000, max: 200_000 }), (writes, step) => {
      const writer = scratch.create()
      const parts = writes.map((bytes, n) => new Uint8Array(bytes).fill(n + 1))
      for (const part of parts) writer.write(part)
      const file = writer.close()
      const whole = Buffer.concat(parts)
      expect(file.bytes).toBe(whole.length)
      expect(Buffer.compare(readAll(file, step), whole)).toBe(0)
      file.remove()
    }), { numRuns: 20 })
    expect(readdirSync(directory)).toEqual([])
  })

  it('keeps bytes that the writer goes on to change', () => {
    const writer = fsScratch(directory).create()
    const bytes = Uint8Array.of(1, 2, 3)
    writer.write(bytes)
    bytes.fill(9)
    expect([...readAll(writer.close(), 10)]).toEqual([1, 2, 3])
  })

  it('holds no descriptor of a file that was read to its end, and reads it again', () => {
    const scratch = fsScratch(directory)
    const descriptors = () => readdirSync('/proc/self/fd').length
    const before = process.platform === 'linux' ? descriptors() : 0
    const files = Array.from({ length: 50 }, (_, n) => {
      const writer = scratch.create()
      writer.write(Uint8Array.of(n))
      return writer.close()
    })
    expect(files.map(file => readAll(file, 4)[0])).toEqual(files.map((_, n) => n))
    expect(files.map(file => readAll(file, 4)[0])).toEqual(files.map((_, n) => n))
    if (process.platform === 'linux') expect(descriptors()).toBe(before)
  })

  it('knows its files by name, and those that stand for them', () => {
    const scratch = fsScratch(directory)
    const files = [scratch.create().close(), scratch.create().close()]
    const wrapped = files.map((file): ScratchFile => ({ bytes: file.bytes, read: (into, position) => file.read(into, position), remove: () => { file.remove() } }))
    expect(wrapped.map(scratch.nameOf).sort()).toEqual(readdirSync(directory).sort())
    expect(wrapped.map(scratch.nameOf)).toEqual(files.map(scratch.nameOf))
  })

  it('names its own files only', () => {
    const file = fsScratch(directory).create().close()
    expect(() => fsScratch(directory).nameOf(file)).toThrow('an output is not a file of this scratch')
  })
})
