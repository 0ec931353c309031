import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { main } from 'assemblyscript/asc'
import binaryen from 'assemblyscript/binaryen'
import { sequential } from '@ipfs-mapreduce/mapreduce'
import type { Datum } from '@ipfs-mapreduce/mapreduce'
import { bundleProgram } from './bundle-program.ts'
import { bundledExecutor } from './bundled-executor.spec.support.ts'
import { wasmProgram } from './isolate/wasm-program.ts'
import { bytesOf, collect, LINE, mapWork, options, reading, testSandbox, withoutIsolate, wordCount } from './sandbox.spec.support.ts'
import type { TestSandbox } from './sandbox.spec.support.ts'

const executor = bundledExecutor()

let folder: string
let test: TestSandbox
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wasm-'))
  test = testSandbox({ entry: executor.entry, maxHeapMiB: 64, maxCallMs: 2_000 })
})
afterAll(async () => {
  await test.remove()
  rmSync(folder, { recursive: true })
})

/** The example, as `asc` makes it. */
async function example (): Promise<Uint8Array> {
  const source = fileURLToPath(new URL('../assembly/word-count.ts', import.meta.url))
  const outFile = join(folder, 'word-count.wasm')
  const { error, stderr } = await main([source, '--runtime', 'stub', '-O', '--outFile', outFile])
  if (error !== null) throw new Error(stderr.toString())
  return (await bundleProgram(outFile)).bundle
}

/** A module of text, with room for 64 KiB. */
function assembled (body: string): Uint8Array {
  const module = binaryen.parseText(`(module
    (import "ipmr" "emit" (func $emit (param i32 i32 i32 i32)))
    (import "ipmr" "count" (func $count (param i32 i32 i32)))
    (import "ipmr" "next" (func $next (result i32)))
    (import "ipmr" "arg" (func $arg (param i32 i32) (result i32)))
    (import "ipmr" "file" (func $file (result i32)))
    (import "ipmr" "read" (func $read (param i32)))
    (import "ipmr" "fail" (func $fail (param i32 i32)))
    ${body})`)
  const bytes = module.emitBinary()
  module.dispose()
  return bytes
}

const ROOM = '(memory (export "memory") 2) (func (export "room") (param i32) (result i32) (i32.const 65536))'
const REDUCE = '(func (export "reduce") (param i32 i32))'
const mapping = (body: string) => assembled(`${ROOM} ${REDUCE} (data (i32.const 0) "unit") (func (export "map") (param $offset f64) (param $record i32) (param $bytes i32) ${body})`)

const attempt = (bundle: Uint8Array) => test.sandbox.execute(mapWork(LINE.length, { args: { unit: 'ells' } }), options(bundle))

async function runOf (bundle: Uint8Array): Promise<string> {
  const { outputs, release } = await attempt(bundle)
  const run = Buffer.from(await collect(outputs[0]!.content())).toString()
  await release()
  return run
}

describe('a program in WebAssembly', () => {
  const text = 'Call me Ishmael. Some years ago, never mind how long precisely.\r\nMe, me, me; having little\n\nor no money\n'.repeat(2000)

  it.each([['isolates', {}], ['no isolates', withoutIsolate]])('that counts words does it exactly, where there are %s', async (_, more) => {
    const bundle = await example()
    const { sandbox, remove } = testSandbox({ entry: executor.entry, ...more })
    const content = bytesOf(text)
    const cut = Math.floor(content.length / 2)
    const maps = await Promise.all([[0, cut], [cut, content.length - cut]].map(async ([offset, length], task) => {
      const splits = [{ file: 'text.txt', cid: 'text', offset: offset!, length: length!, fileBytes: content.length }]
      return await sandbox.execute(mapWork(0, { task, splits }), options(bundle, { read: reading({ text: content }) }))
    }))
    const runs = await Promise.all(maps.map(({ outputs }) => collect(outputs[0]!.content())))
    const refs = runs.map((run, mapTask) => ({ mapTask, cid: String(mapTask), bytes: run.length }))
    const reduce = await sandbox.execute({ kind: 'reduce', task: 0, args: {}, separator: ' ', runs: refs, skipBadRecords: 0 }, options(bundle, { read: reading(Object.fromEntries(runs.map((run, n) => [n, run]))) }))
    const counts = new Map<string, number>()
    for (const [word] of text.matchAll(/[A-Za-z]+/g)) counts.set(word, (counts.get(word) ?? 0) + 1)
    const expected = [...counts].map(([word, n]) => `${word} ${n}\n`).sort().join('')
    expect(Buffer.from(await collect(reduce.outputs[0]!.content())).toString()).toBe(expected)
    // It has counted: a run has each word once.
    expect(maps.map(({ outputs }) => outputs[0]!.records)).toEqual([counts.size, counts.size])
    await remove()
  }, 30_000)

  it('is described like any other', async () => {
    await expect(test.sandbox.describe(await example())).resolves.toEqual({ input: 'raw-lines', combine: false, partition: 'hash', deterministic: true })
    const fixed = assembled(`${ROOM} ${REDUCE} (func (export "combine") (param i32 i32)) (func (export "map") (param f64 i32 i32)) (func (export "recordBytes") (result i32) (i32.const 100))`)
    await expect(test.sandbox.describe(fixed)).resolves.toEqual({ input: { bytes: 100 }, combine: true, partition: 'hash', deterministic: true })
  })

  it('is handed records, arguments and files, and counts', async () => {
    const { counters, outputs, release } = await attempt(mapping('(call $count (i32.const 0) (i32.const 4) (i32.const 7)) (call $emit (local.get $record) (local.get $bytes) (i32.const 0) (i32.const 4))'))
    expect(counters['user.unit']).toBe(7)
    expect(Buffer.from(await collect(outputs[0]!.content())).toString()).toContain('one line')
    await release()
    expect(await runOf(mapping('(local $n i32) (local.set $n (call $arg (i32.const 0) (i32.const 4))) (call $read (i32.const 16)) (call $emit (i32.const 16) (local.get $n) (i32.const 0) (i32.const 0))'))).toContain('ells')
    expect(await runOf(mapping('(local $n i32) (local.set $n (call $file)) (call $read (i32.const 16)) (call $emit (i32.const 16) (local.get $n) (i32.const 0) (i32.const 0))'))).toContain('text.txt')
  })

  it.each([
    ['traps', '(unreachable)', 'PROGRAM', /^map threw at text\.txt, offset 0: RuntimeError: unreachable/],
    ['fails', '(call $fail (i32.const 0) (i32.const 4))', 'PROGRAM', /^map threw at text\.txt, offset 0: Error: unit/],
    ['emits what is not in its memory', '(call $emit (i32.const 131000) (i32.const 1000) (i32.const 0) (i32.const 0))', 'PROGRAM', /1000 bytes at 131000 are not in the program's memory of 131072 bytes/],
    ['emits less than nothing', '(call $emit (i32.const 0) (i32.const -1) (i32.const 0) (i32.const 0))', 'PROGRAM', /-1 bytes at 0 are not in the program's memory/],
    ['reads into what is not its memory', '(drop (call $file)) (call $read (i32.const -4))', 'PROGRAM', /8 bytes at 4294967292 are not in the program's memory/],
    ['loops for ever', '(loop $l (br $l))', 'TIMEOUT', /one call of it took more than 2 s/],
    ['takes all the stack', '(call $dig)) (func $dig (call $dig)', 'PROGRAM', /RangeError: Maximum call stack size exceeded/],
    ['takes all the memory', '(drop (memory.grow (i32.const 30000))) (memory.fill (i32.const 0) (i32.const 1) (i32.const 1966080000))', 'PROGRAM', /^out of memory: a program may use 64 MiB|memory access out of bounds/]
  ])('and %s fails with that', async (_, body, code, message) => {
    await expect(attempt(mapping(body))).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    await (await attempt(wordCount)).release()
  }, 20_000)

  it.each([
    ['is cut off', () => mapping('').subarray(0, 40), /^the program cannot be loaded: WebAssembly\.Module\(\)/],
    ['imports what there is not', () => assembled(`(import "wasi_snapshot_preview1" "fd_write" (func $w)) ${ROOM} ${REDUCE} (func (export "map") (param f64 i32 i32) (call $w))`), /^the program cannot be loaded: it imports wasi_snapshot_preview1\.fd_write, which executors do not have$/],
    ['exports no map', () => assembled(`${ROOM} ${REDUCE}`), /^the program cannot be loaded: it exports no function map$/],
    ['exports no memory', () => assembled(`${REDUCE} (func (export "map") (param f64 i32 i32)) (func (export "room") (param i32) (result i32) (i32.const 0))`), /it exports no memory/],
    ['has lines and records of a fixed size', () => assembled(`${ROOM} ${REDUCE} (func (export "map") (export "mapLines") (param f64 i32 i32)) (func (export "recordBytes") (result i32) (i32.const 8))`), /it exports mapLines and recordBytes/],
    ['has records of no size', () => assembled(`${ROOM} ${REDUCE} (func (export "map") (param f64 i32 i32)) (func (export "recordBytes") (result i32) (i32.const 0))`), /N must be a whole number from 1/],
    ['emits as it starts', () => assembled(`${ROOM} ${REDUCE} (func (export "map") (param f64 i32 i32)) (func $s (call $emit (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))) (start $s)`), /outside of map, combine and reduce/]
  ])('that %s is no program', async (_, bundle, message) => {
    await expect(test.sandbox.describe(bundle())).rejects.toMatchObject({ code: 'FATAL', message: expect.stringMatching(message) })
  })

  it('goes on with its record where it combines within its own emit', () => {
    // Emits the record byte by byte.
    const { map, combine } = wasmProgram(assembled(`${ROOM} ${REDUCE}
      (func (export "combine") (param i32 i32) (drop (call $next)) (call $read (i32.const 32)) (call $emit (local.get 0) (local.get 1) (i32.const 32) (i32.const 1)))
      (func (export "map") (param $offset f64) (param $record i32) (param $bytes i32)
        (local $i i32)
        (loop $l
          (call $emit (i32.add (local.get $record) (local.get $i)) (i32.const 1) (i32.const 0) (i32.const 0))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br_if $l (i32.lt_u (local.get $i) (local.get $bytes)))))`))
    const context = { args: {}, count: () => {} }
    const emitted: string[] = []
    const combined: string[] = []
    const text = (bytes: Datum) => Buffer.from(bytes as Uint8Array).toString()
    map({ value: bytesOf('whale') as never, file: 'f', offset: 0 }, key => {
      emitted.push(text(key))
      combine!(bytesOf('a longer key'), [bytesOf('v')], (key, value) => combined.push(`${text(key)} ${text(value)}`), context)
    }, context)
    expect(emitted.join('')).toBe('whale')
    expect(combined).toEqual(Array(5).fill('a longer key v'))
  })

  it('gives the same line by line as where it maps many lines at once', async () => {
    const bundle = await example()
    const work = (skipBadRecords: number) => test.sandbox.execute(mapWork(bytesOf(text).length, { skipBadRecords }), options(bundle, { read: reading({ text: bytesOf(text) }) }))
    const [atOnce, byLine] = await Promise.all([work(0), work(1)])
    expect(await collect(atOnce.outputs[0]!.content())).toEqual(await collect(byLine.outputs[0]!.content()))
    expect(atOnce.counters).toEqual(byLine.counters)
    expect(atOnce.counters['map.input.records']).toBe(text.split('\n').length - 1)
    await Promise.all([atOnce.release(), byLine.release()])
  })

  it('counts in a table of its own, which it empties when it is full', async () => {
    const letters = (n: number): string => n < 26 ? String.fromCharCode(97 + n) : letters(Math.floor(n / 26) - 1) + letters(n % 26)
    const long = Array.from({ length: 12_000 }, (_, n) => `${'ab'.repeat(400)}${letters(n)}`)
    const many = Array.from({ length: 100_000 }, (_, n) => letters(n))
    const content = bytesOf([...long, ...many, long[0], 'été × Ÿ÷ȿɏ ɐ', 'a b', 'ÀÉ…É'].join('\n'))
    const counts = new Map<string, number>()
    for (const [word] of Buffer.from(content).toString().matchAll(/[A-Za-zÀ-ÖØ-öø-ɏ]+/g)) counts.set(word, (counts.get(word) ?? 0) + 1)
    const { parts: [part], counters } = await sequential(wasmProgram(await example()), [{ path: 'f', content }], { reducers: 1 })
    const expected = [...counts].map(([word, n]) => Buffer.from(`${word} ${n}\n`)).sort(Buffer.compare)
    expect(Buffer.concat(expected).equals(part!)).toBe(true)
    // More than there are words, since the long ones do not fit in the table at once.
    expect(counters['map.output.records']).toBeGreaterThan(counts.size)
  })

  it('is its own bundle', async () => {
    const made = await example()
    expect(Buffer.compare(made, readFileSync(join(folder, 'word-count.wasm')))).toBe(0)
  })
})
