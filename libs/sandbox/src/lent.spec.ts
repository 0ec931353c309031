import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { ExecuteOptions, LendContent, Lent, ReduceWork, TaskResult } from '@ipfs-mapreduce/mapreduce'
import { bundledExecutor } from './bundled-executor.spec.support.ts'
import { LENT_READ_BYTES, LENT_WINDOW_BYTES } from './constants.ts'
import { bytesOf, collect, mapWork, node, options, program, reading, tell, testSandbox, until, withoutIsolate, wordCount } from './sandbox.spec.support.ts'
import type { TestSandbox } from './sandbox.spec.support.ts'

const executor = bundledExecutor()
/** Blocks that no line ends with. */
const BLOCK_BYTES = 100_003

let test: TestSandbox
let home: string
beforeEach(() => { home = mkdtempSync(join(tmpdir(), 'sandbox-lent-')) })
afterEach(async () => {
  await test.remove()
  rmSync(home, { recursive: true })
})

/** Lends content from block files; those that `isLent` refuses, as bytes. */
function lending (content: Uint8Array, isLent: (block: number) => boolean = () => true, name = ''): LendContent {
  for (let block = 0; block * BLOCK_BYTES < content.length; block++) writeFileSync(join(home, `${name}${block}`), content.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES))
  return async function * (_, { offset = 0, length = Infinity, place }): AsyncGenerator<Uint8Array | Lent> {
    const end = Math.min(offset + length, content.length)
    for (let at = offset; at < end;) {
      const block = Math.floor(at / BLOCK_BYTES)
      const stop = Math.min((block + 1) * BLOCK_BYTES, end)
      if (isLent(block)) {
        const path = place()
        linkSync(join(home, `${name}${block}`), path)
        yield { path, offset: at - block * BLOCK_BYTES, bytes: stop - at }
      } else yield content.subarray(at, stop)
      at = stop
    }
  }
}

async function outputOf ({ outputs, release }: TaskResult): Promise<Buffer> {
  const bytes = Buffer.concat(await Promise.all(outputs.map(async ({ content }) => await collect(content()))))
  await release()
  return bytes
}

/** All names below the sandbox's scratch. */
const scratch = (): string[] => readdirSync(test.scratchDir, { recursive: true, encoding: 'utf8' })
const lentFiles = (): string[] => scratch().filter(path => /-lent\/.+\/\d+$/.test(path))

describe('an attempt that is lent files', () => {
  const text = bytesOf(Array.from({ length: 60_000 }, (_, line) => `line ${line} of é ${line % 7}\n`).join(''))

  it.each([
    ['files alone', () => true],
    ['files and bytes, as it comes', (block: number) => block % 3 !== 1],
    ['bytes alone', () => false]
  ])('of %s makes what it makes of what it reads', async (_, isLent) => {
    test = testSandbox({ entry: executor.entry })
    const split = { file: 'text.txt', cid: 'text', offset: 50_001, length: text.length - 150_000, fileBytes: text.length }
    const work = mapWork(text.length, { splits: [split] })
    const read = reading({ text }, 65_536)
    const wanted = await outputOf(await test.sandbox.execute(work, options(wordCount, { read })))
    const found = await outputOf(await test.sandbox.execute(work, options(wordCount, { read, lend: lending(text, isLent) })))
    expect(found.length).toBeGreaterThan(1000)
    expect(found.equals(wanted)).toBe(true)
    expect(lentFiles()).toEqual([])
  })

  it('has them only as far ahead as it reads, and while it runs', async () => {
    test = testSandbox({ entry: executor.entry })
    const large = Buffer.alloc(3 * LENT_WINDOW_BYTES, bytesOf(`${'x'.repeat(999)}\n`))
    const stopped = new AbortController()
    const attempt = test.sandbox.execute(mapWork(large.length), options(program('console.log("busy"); for (;;);'), { lend: lending(large), signal: stopped.signal }))
    const aborted = expect(attempt).rejects.toMatchObject({ code: 'ABORTED' })
    await until(() => test.printed.includes('busy') && lentFiles().length * BLOCK_BYTES > LENT_WINDOW_BYTES / 2, 'files to be lent')
    expect(lentFiles().length * BLOCK_BYTES).toBeLessThanOrEqual(LENT_WINDOW_BYTES + LENT_READ_BYTES)
    stopped.abort()
    await aborted
    expect(scratch().filter(path => path.includes('lent'))).toEqual([])
  })

  it('merges runs where they lie, and makes what it makes of copies', async () => {
    test = testSandbox({ entry: executor.entry })
    const splits = [0, 1, 2].map(n => ({ file: 'text.txt', cid: 'text', offset: n * 350_000, length: 350_000, fileBytes: text.length }))
    const read = reading({ text }, 65_536)
    const mapped = await Promise.all(splits.map(async (split, task) => await test.sandbox.execute(mapWork(text.length, { task, splits: [split] }), options(program('emit(value, 1); emit(value + offset, 1)'), { read }))))
    // Two map tasks that made the same share a run.
    const runs = await Promise.all([0, 1, 2, 1].map(async (task, mapTask) => {
      const bytes = await collect(mapped[task]!.outputs[0]!.content())
      return { mapTask, cid: `run-${task}`, bytes: bytes.length, content: bytes }
    }))
    const contents = Object.fromEntries(runs.map(({ cid, content }) => [cid, content]))
    const work: ReduceWork = { kind: 'reduce', task: 0, args: {}, separator: ' ', runs: runs.map(({ mapTask, cid, bytes }) => ({ mapTask, cid, bytes })), skipBadRecords: 0 }
    const lend = Object.fromEntries(Object.entries(contents).map(([cid, content]) => [cid, lending(content, block => block % 4 !== 2, cid)]))
    const reduce = async (more: Partial<ExecuteOptions>): Promise<Buffer> => await outputOf(await test.sandbox.execute(work, options(program('emit(value, 1); emit(value + offset, 1)'), more)))
    const wanted = await reduce({ read: reading(contents) })
    let kept = 0
    const found = await reduce({
      read: reading(contents),
      lend: async function * (cid, range) {
        yield * lend[cid]!(cid, range)
        kept = Math.max(kept, lentFiles().length)
      }
    })
    expect(wanted.length).toBeGreaterThan(1_000_000)
    expect(found.equals(wanted)).toBe(true)
    expect(kept).toBeGreaterThan(20)
    expect(lentFiles()).toEqual([])
    await expect(reduce({ read: reading(contents), lend: async function * () { throw new MapReduceError('BLOCK_UNAVAILABLE', 'nobody has it') } })).rejects.toMatchObject({ code: 'BLOCK_UNAVAILABLE', message: 'nobody has it' })
    const short: LendContent = (cid, range) => lend[cid]!(cid, { ...range, length: contents[cid]!.length - 1 })
    await expect(reduce({ read: reading(contents), lend: short })).rejects.toMatchObject({ code: 'INPUT_LOST' })
  }, 60_000)

  it('keeps no more than its work names, once each', async () => {
    test = testSandbox({ entry: executor.entry, ...withoutIsolate })
    const asks = tell({ type: 'read', id: 50, file: 'text', range: {}, keep: true }, { type: 'read', id: 51, file: 'text', range: {}, keep: true })
    await expect(test.sandbox.execute(mapWork(20), options(program(asks), { lend: lending(text) }))).rejects.toMatchObject({ message: expect.stringContaining('keeps what it has already') })
  })

  it('fails with STORAGE where one is gone or too short, and the next one does not notice', async () => {
    test = testSandbox({ entry: executor.entry, slots: 1 })
    const lend = lending(text)
    const losing: LendContent = async function * (file, range) {
      for await (const piece of lend(file, range)) {
        if (!(piece instanceof Uint8Array) && piece.path.endsWith('/3')) rmSync(piece.path)
        yield piece
      }
    }
    await expect(test.sandbox.execute(mapWork(text.length), options(wordCount, { lend: losing }))).rejects.toMatchObject({ code: 'STORAGE', message: expect.stringContaining('a block that was lent cannot be read') })
    const short: LendContent = async function * (_, { place }) {
      const path = place()
      writeFileSync(path, 'short')
      yield { path, offset: 0, bytes: text.length }
    }
    await expect(test.sandbox.execute(mapWork(text.length), options(wordCount, { lend: short }))).rejects.toMatchObject({ code: 'STORAGE', message: expect.stringContaining('ended before its end') })
    await outputOf(await test.sandbox.execute(mapWork(text.length), options(wordCount, { lend })))
  })

  it('cannot change them in any way, even if its program has left its isolate', async () => {
    test = testSandbox({ entry: executor.entry, ...withoutIsolate })
    const changes = [
      'fs.writeFileSync(file, "x")', 'fs.truncateSync(file)', 'fs.openSync(file, "r+")', 'fs.rmSync(file)', 'fs.renameSync(file, "mine")', 'fs.linkSync(file, "mine")',
      'fs.chmodSync(file, 0o777)', 'fs.fchmodSync(fs.openSync(file), 0o777)', 'fs.utimesSync(file, 1, 1)', 'fs.futimesSync(fs.openSync(file), 1, 1)', 'fs.writeFileSync(at + "mine", "x")'
    ]
    const map = `const fs = ${node('fs')}; const at = '../executor-1-lent/attempt-1/'; const file = at + fs.readdirSync(at)[0]; fs.readFileSync(file)
      const tried = change => { try { change(); return 'done' } catch (error) { return error.code } }
      console.log(JSON.stringify([${changes.map(change => `tried(() => ${change})`).join(', ')}]))`
    const before = text.subarray(0, BLOCK_BYTES)
    await outputOf(await test.sandbox.execute(mapWork(20), options(program(map), { lend: lending(text) })))
    expect(test.printed[0]).toBe(JSON.stringify(changes.map(() => 'ERR_ACCESS_DENIED')))
    expect(readFileSync(join(home, '0')).equals(before)).toBe(true)
  })
})
