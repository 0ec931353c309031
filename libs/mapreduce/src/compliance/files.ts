import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { RUN_BLOCK_BYTES } from '../constants.ts'
import type { Files, RangeOptions } from '../files.ts'
import type { Datum } from '../program.ts'

export interface FilesSetup {
  /** Files that hold nothing yet. */
  files: Files
  /** A CID of a raw block that nobody has. */
  missing: string
  teardown: () => Promise<void>
}

/** Longest that a read of what nobody has may take in a suite; adapters are set up to give up well before. */
const DEADLINE_MS = 10_000
/** A file of three leaves, the last one short. */
const LARGE_BYTES = 2 * RUN_BLOCK_BYTES + 1234

const rejection = (code: string) => expect.objectContaining({ name: 'MapReduceError', code })

/** What every adapter of the `Files` port must do. Registers a jest suite. */
export function filesCompliance (name: string, setup: () => FilesSetup | Promise<FilesSetup>): void {
  describe(`${name} as Files`, () => {
    let given: FilesSetup
    let files: Files
    beforeEach(async () => {
      given = await setup()
      files = given.files
    })
    afterEach(async () => { await given.teardown() })

    const put = async (bytes: Uint8Array): Promise<string> => (await files.put([bytes])).cid
    const read = async (file: string, range?: RangeOptions): Promise<Uint8Array> => joined(await all(files.read(file, range)))

    describe('put', () => {
      it('gives back what it was given, and its size', async () => {
        const bytes = pattern(LARGE_BYTES)
        const { cid, bytes: size } = await files.put([bytes])
        expect(size).toBe(LARGE_BYTES)
        expect(same(await read(cid), bytes)).toBe(true)
      })

      it('gives equal bytes equal CIDs, however they are cut', async () => {
        const bytes = pattern(RUN_BLOCK_BYTES + 100)
        const pieces = [bytes.subarray(0, 1), bytes.subarray(1, 1), bytes.subarray(1, 70_000), bytes.subarray(70_000)]
        expect((await files.put(pieces)).cid).toBe(await put(bytes))
        expect((await files.put(asynchronous(pieces))).cid).toBe(await put(bytes))
        expect(await put(bytes.subarray(1))).not.toBe(await put(bytes))
      })

      it('stores an empty file', async () => {
        const { cid, bytes } = await files.put([])
        expect(bytes).toBe(0)
        expect(await read(cid)).toEqual(new Uint8Array(0))
        expect(await all(files.leaves(cid))).toEqual([])
        expect(await put(new Uint8Array(0))).toBe(cid)
      })

      it('passes on what its source throws', async () => {
        const broken = async function * (): AsyncGenerator<Uint8Array> {
          yield pattern(10)
          throw new TypeError('the pipe broke')
        }
        await expect(files.put(broken())).rejects.toThrow('the pipe broke')
      })
    })

    describe('read', () => {
      it('cuts ranges at any byte', async () => {
        const bytes = pattern(LARGE_BYTES)
        const cid = await put(bytes)
        const ranges: Array<[number, number]> = [
          [0, 10], [5, 0], [RUN_BLOCK_BYTES - 3, 6], [RUN_BLOCK_BYTES, RUN_BLOCK_BYTES], [17, 2 * RUN_BLOCK_BYTES], [LARGE_BYTES - 1, 1], [LARGE_BYTES - 1, 100], [LARGE_BYTES, 5], [LARGE_BYTES + 5, 5]
        ]
        for (const [offset, length] of ranges) expect(same(await read(cid, { offset, length }), bytes.subarray(offset, offset + length))).toBe(true)
        expect(same(await read(cid, { offset: 12_345 }), bytes.subarray(12_345))).toBe(true)
      })

      it('may be left before its end', async () => {
        const cid = await put(pattern(LARGE_BYTES))
        for await (const bytes of files.read(cid)) {
          expect(bytes.byteLength).toBeGreaterThan(0)
          break
        }
        expect((await read(cid)).byteLength).toBe(LARGE_BYTES)
      })

      it('ends with BLOCK_UNAVAILABLE and the CID for what nobody has', async () => {
        const failures = [read(given.missing), all(files.walk(given.missing)), all(files.leaves(given.missing)), files.fetch(given.missing), files.pin(given.missing)]
        for (const failure of failures.map(async promise => await (promise as Promise<unknown>).then(() => undefined, (error: Error) => error))) {
          expect(await failure).toEqual(rejection('BLOCK_UNAVAILABLE'))
          expect((await failure)?.message).toContain(given.missing)
        }
      }, DEADLINE_MS)

      it('ends when its signal does', async () => {
        const controller = new AbortController()
        controller.abort()
        await expect(read(given.missing, { signal: controller.signal })).rejects.toEqual(rejection('ABORTED'))
      })
    })

    describe('leaves', () => {
      it('tile the file in order', async () => {
        const cid = await put(pattern(LARGE_BYTES))
        const leaves = await all(files.leaves(cid))
        expect(leaves.map(({ offset, bytes }) => [offset, bytes])).toEqual([[0, RUN_BLOCK_BYTES], [RUN_BLOCK_BYTES, RUN_BLOCK_BYTES], [2 * RUN_BLOCK_BYTES, 1234]])
        expect(await files.has(leaves.map(leaf => leaf.cid))).toEqual([true, true, true])
      })

      it('are the file itself where it is one block', async () => {
        const cid = await put(pattern(100))
        expect(await all(files.leaves(cid))).toEqual([{ cid, offset: 0, bytes: 100 }])
        expect(await all(files.leaves(cid, { bytes: 100 }))).toEqual([{ cid, offset: 0, bytes: 100 }])
      })

      it('are files of their own', async () => {
        const bytes = pattern(LARGE_BYTES)
        for (const leaf of await all(files.leaves(await put(bytes)))) {
          expect(same(await read(leaf.cid), bytes.subarray(leaf.offset, leaf.offset + leaf.bytes))).toBe(true)
        }
      })
    })

    describe('directory', () => {
      it('holds files, in the order of their paths\' bytes', async () => {
        const entries = await Promise.all(['b', 'a', '\u{1F600}', 'é', '～', 'B'].map(async (name, i) => ({ name, ...await files.put([pattern(10 * i)]) })))
        const root = await files.directory(entries)
        const walked = await all(files.walk(root))
        expect(walked.map(({ path }) => path)).toEqual(['B', 'a', 'b', 'é', '～', '\u{1F600}'])
        for (const { path, cid, bytes } of walked) expect(entries.find(({ name }) => name === path)).toEqual({ name: path, cid, bytes })
        expect(await files.directory([...entries].reverse())).toBe(root)
      })

      it('holds directories, whose files sort by whole paths', async () => {
        const file = await files.put([pattern(7)])
        const inner = await files.directory([{ name: 'x', ...file }])
        const root = await files.directory([{ name: 'a', cid: inner, bytes: file.bytes }, { name: 'a.txt', ...file }, { name: 'a0', ...file }])
        expect((await all(files.walk(root))).map(({ path }) => path)).toEqual(['a.txt', 'a/x', 'a0'])
      })

      it('holds files of several blocks, and none', async () => {
        const large = await files.put([pattern(LARGE_BYTES)])
        expect(await all(files.walk(await files.directory([{ name: 'part-r-00000', ...large }])))).toEqual([{ path: 'part-r-00000', ...large }])
        expect(await all(files.walk(await files.directory([])))).toEqual([])
      })

      it('is not read as a file', async () => {
        const root = await files.directory([{ name: 'x', ...await files.put([pattern(7)]) }])
        await expect(read(root)).rejects.toEqual(rejection('BAD_INPUT'))
      })
    })

    it('walks a file as itself', async () => {
      const { cid, bytes } = await files.put([pattern(50)])
      expect(await all(files.walk(cid))).toEqual([{ path: cid, cid, bytes }])
    })

    describe('records', () => {
      const record: Datum = { text: 'é\u{1F600}', number: -1.5, large: 2 ** 60, yes: true, none: null, bytes: new Uint8Array([0, 255]), list: [1, [2, {}], ''], nested: { b: 1, a: 2 } }

      it('come back equal', async () => {
        expect(await files.getRecord(await files.putRecord(record))).toEqual(record)
      })

      it('have equal CIDs where they are equal', async () => {
        expect(await files.putRecord({ b: 1, a: 2 })).toBe(await files.putRecord({ a: 2, b: 1 }))
        expect(await files.putRecord({ a: 1 })).not.toBe(await files.putRecord({ a: 2 }))
      })

      it('are told from files', async () => {
        await expect(files.getRecord(await put(pattern(3)))).rejects.toEqual(rejection('BAD_INPUT'))
        await expect(read(await files.putRecord(record))).rejects.toEqual(rejection('BAD_INPUT'))
      })
    })

    describe('keeping and removing', () => {
      it('removes a file\'s blocks, and then again', async () => {
        const cid = await put(pattern(LARGE_BYTES))
        const leaves = (await all(files.leaves(cid))).map(leaf => leaf.cid)
        await files.remove(cid)
        expect(await files.has([cid, ...leaves])).toEqual([false, false, false, false])
        await files.remove(cid)
      })

      it('moves nothing for what is here', async () => {
        const cid = await put(pattern(LARGE_BYTES))
        expect(await files.fetch(cid)).toEqual({ blocks: 0, bytes: 0 })
        expect(await files.pin(cid)).toEqual({ blocks: 0, bytes: 0 })
      })

      it('keeps what is pinned, all of it, until it is unpinned', async () => {
        const cid = await put(pattern(LARGE_BYTES))
        const root = await files.directory([{ name: 'x', cid, bytes: LARGE_BYTES }])
        await files.pin(root)
        await files.pin(root)
        await files.remove(cid)
        await files.remove(root)
        expect((await read(cid)).byteLength).toBe(LARGE_BYTES)
        await files.unpin(root)
        await files.remove(root)
        expect(await files.has([root, cid])).toEqual([false, false])
      })

      it('keeps a block as long as one of its roots is pinned, in whatever order they were', async () => {
        const shared = await put(pattern(10))
        const [one, two] = await Promise.all(['one', 'two'].map(async name => await files.directory([{ name, cid: shared, bytes: 10 }]))) as [string, string]
        await files.pin(one)
        await files.pin(two)
        await files.unpin(one)
        await files.pin(one)
        await files.unpin(two)
        await files.remove(shared)
        expect(await files.has([shared])).toEqual([true])
        await files.unpin(one)
        await files.remove(shared)
        expect(await files.has([shared])).toEqual([false])
      })

      it('unpins what is not pinned without complaint', async () => {
        const cid = await put(pattern(10))
        await files.unpin(cid)
        expect(await files.has([cid, given.missing])).toEqual([true, false])
      })
    })
  })
}

/** Bytes of no short period, so that a piece in the wrong place shows. Made once: jest slows such loops tenfold. */
const PATTERN = makePattern(LARGE_BYTES)

function pattern (length: number): Uint8Array {
  return PATTERN.subarray(0, length)
}

function makePattern (length: number): Uint8Array {
  const { imul } = Math
  const words = new Uint32Array(Math.ceil(length / 4))
  let state = 1
  for (let i = 0; i < words.length; i++) words[i] = state = (imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return new Uint8Array(words.buffer, 0, length)
}

/** Comparing megabytes by jest's matchers takes seconds. */
function same (a: Uint8Array, b: Uint8Array): boolean {
  if (a.byteLength !== b.byteLength) return false
  for (let i = 0; i < a.byteLength; i++) if (a[i] !== b[i]) return false
  return true
}

function joined (pieces: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.byteLength
  }
  return whole
}

async function all <T> (items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

async function * asynchronous <T> (items: T[]): AsyncGenerator<T> {
  yield * items
}
