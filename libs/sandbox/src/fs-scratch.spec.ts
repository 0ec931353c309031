import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { ScratchFile } from '@ipfs-mapreduce/mapreduce'
import { MAX_SCRATCH_FILES, SCRATCH_WRITE_BYTES } from './constants.ts'
import { FsScratch, ScratchExceeded } from './fs-scratch.ts'
import { doorScratch } from './isolate/scratch.ts'
import { programDoor } from './program-door.ts'
import { RemoteReads } from './remote-reads.ts'

let directory: string
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'fs-scratch-')) })
afterEach(() => { rmSync(directory, { recursive: true }) })

/** The scratch of an attempt as the engine has it, and the errors that were met behind its door. */
function scratchOf (maxBytes = 1e9) {
  const errors: unknown[] = []
  const nothing = () => {}
  const files = new FsScratch(directory, maxBytes)
  const scratch = doorScratch(programDoor({
    scratch: files, reads: new RemoteReads(nothing), onProgress: nothing, print: nothing, onSign: nothing, onError: error => errors.push(error)
  }), () => Promise.reject(new Error('nothing is brought here')))
  return { scratch, files, errors }
}

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

describe('an attempt\'s scratch', () => {
  it('gives back what was written, in writes and reads of any size', () => {
    const { scratch } = scratchOf()
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
    const writer = scratchOf().scratch.create()
    const bytes = Uint8Array.of(1, 2, 3)
    writer.write(bytes)
    bytes.fill(9)
    expect([...readAll(writer.close(), 10)]).toEqual([1, 2, 3])
  })

  it('gives back what was written and what was borrowed, in the order in which it came', () => {
    const { files } = scratchOf(1000)
    mkdirSync(join(directory, 'lent'))
    const content = randomBytes(3000)
    const borrowed = [1, 2, 3].map(n => join(directory, 'lent', `${n}`))
    for (const path of borrowed) writeFileSync(path, content)
    const piece = fc.record({ lent: fc.boolean(), of: fc.nat(2), offset: fc.nat(2900), bytes: fc.nat(100) })
    fc.assert(fc.property(fc.array(piece, { maxLength: 8 }), fc.integer({ min: 1, max: 300 }), (pieces, step) => {
      const number = files.create()
      for (const { lent, of, offset, bytes } of pieces) {
        if (lent) files.borrow(number, { path: borrowed[of]!, offset, bytes })
        else files.write(number, content.subarray(offset, offset + bytes))
      }
      files.close(number)
      const whole = Buffer.concat(pieces.map(({ offset, bytes }) => content.subarray(offset, offset + bytes)))
      const parts: Uint8Array[] = []
      for (let at = 0; at < whole.length; at += step) parts.push(files.read(number, at, step))
      expect(Buffer.concat(parts).equals(whole)).toBe(true)
      expect(files.read(number, whole.length, step)).toHaveLength(0)
      files.remove(number)
    }), { numRuns: 300 })
    expect(readdirSync(join(directory, 'lent'))).toHaveLength(3)
    expect(readdirSync(directory)).toEqual(['lent'])
    if (process.platform === 'linux') expect(readdirSync('/proc/self/fd').map(fd => { try { return readlinkSync(`/proc/self/fd/${fd}`) } catch { return '' } }).filter(path => path.startsWith(directory))).toEqual([])
  })

  it('holds no descriptor of a file that was read to its end, and reads it again', () => {
    const { scratch } = scratchOf()
    const descriptors = () => readdirSync('/proc/self/fd').length
    const before = process.platform === 'linux' ? descriptors() : 0
    const files = Array.from({ length: 50 }, (_, n) => {
      const writer = scratch.create()
      writer.write(Uint8Array.of(n))
      return writer.close()
    })
    // A read of its last byte ends it, and so does one of nothing.
    const first = (file: ScratchFile) => readAll(file, 4)[0]
    expect(files.map(first)).toEqual(files.map((_, n) => n))
    expect(files.map(first)).toEqual(files.map((_, n) => n))
    if (process.platform === 'linux') expect(descriptors()).toBe(before)
  })

  it('knows its files by number, and those that stand for them', () => {
    const { scratch } = scratchOf()
    const files = [scratch.create().close(), scratch.create().close()]
    const wrapped = files.map((file): ScratchFile => ({ bytes: file.bytes, read: (into, position) => file.read(into, position), remove: () => { file.remove() } }))
    expect(wrapped.map(file => String(scratch.numberOf(file))).sort()).toEqual(readdirSync(directory).sort())
    expect(wrapped.map(scratch.numberOf)).toEqual(files.map(scratch.numberOf))
    expect(() => scratchOf().scratch.numberOf(files[0]!)).toThrow('an output is not a file of this scratch')
  })

  it('is bounded by its bytes, those of removed files not counted', () => {
    const { scratch, errors } = scratchOf(10)
    const write = (bytes: number) => {
      const writer = scratch.create()
      writer.write(new Uint8Array(bytes))
      return writer.close()
    }
    const first = write(10)
    expect(() => write(1)).toThrow('its scratch files are more than 10 bytes together')
    expect(errors).toEqual([expect.any(ScratchExceeded)])
    first.remove()
    write(9)
  })

  it('takes nothing from who asks for what is not there, and says so without a path', () => {
    const { scratch, errors } = scratchOf()
    const door = programDoor({ scratch: new FsScratch(join(directory, 'gone'), 1), reads: new RemoteReads(() => {}), onProgress: () => {}, print: () => {}, onSign: () => {}, onError: error => errors.push(error) })
    expect(door.create()).toBe('ENOENT')
    expect(door.read(77, 0, 1)).toBe('no scratch file has this number')
    expect(door.write(77, 'text' as never)).toBe('what is written must be bytes')
    const writer = scratch.create()
    expect(() => { scratch.create().close().read(new Uint8Array(1), -1) }).toThrow('no place in a scratch file')
    writer.close()
    expect(errors).toHaveLength(4)
  })

  it('is bounded by its files', () => {
    const { scratch } = scratchOf()
    const files = Array.from({ length: MAX_SCRATCH_FILES }, () => scratch.create().close())
    expect(() => scratch.create()).toThrow(`up to ${MAX_SCRATCH_FILES} scratch files`)
    files[0]!.remove()
    scratch.create().close()
  })
})
