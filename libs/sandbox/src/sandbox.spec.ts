import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { bundledExecutor } from './bundled-executor.spec.support.ts'
import { bytesOf, collect, LINE, mapWork, options, program, reading, runs, tell, testSandbox, until, withoutIsolate, wordCount } from './sandbox.spec.support.ts'
import type { TestSandbox } from './sandbox.spec.support.ts'

const executor = bundledExecutor()

let test: TestSandbox
afterEach(() => test.remove())

describe('attempts', () => {
  it('of one program use one process, one after the other; another program gets another', async () => {
    test = testSandbox({ entry: executor.entry, slots: 1 })
    for (let n = 0; n < 3; n++) await (await test.sandbox.execute(mapWork(LINE.length), options(wordCount))).release()
    expect(test.pids()).toHaveLength(1)
    expect(test.sandbox.load()).toEqual({ started: 1, busy: 0, idle: 1, spare: 0, waiting: 0 })
    await test.sandbox.execute(mapWork(LINE.length), options(program('emit(value, 1)')))
    expect(test.pids()).toHaveLength(2)
    expect(test.sandbox.load()).toEqual({ started: 2, busy: 0, idle: 1, spare: 0, waiting: 0 })
    // One slot has one process.
    await until(() => !runs(test.pids()[0]!), 'the first process to end')
    expect(runs(test.pids()[1]!)).toBe(true)
  })

  it('leave none of their memory to those after them in one process', async () => {
    test = testSandbox({ entry: executor.entry, slots: 1, maxHeapMiB: 64 })
    // Each holds some 4 MiB of objects, and 4 MiB of bytes, for as long as its world is there.
    const holding = bytesOf(`const held = [Array.from({ length: 1e5 }, (_, n) => [n]), new Uint8Array(4 * 1024 * 1024).fill(1)]\n${Buffer.from(program('emit(held.length, 1)')).toString()}`)
    for (let task = 0; task < 30; task++) await (await test.sandbox.execute(mapWork(LINE.length, { task }), options(holding, { job: 'one' }))).release()
    expect(test.pids()).toHaveLength(1)
  }, 30_000)

  it('run side by side up to the slots, and wait beyond them', async () => {
    test = testSandbox({ entry: executor.entry, slots: 2 })
    const running = Promise.all(Array.from({ length: 6 }, (_, n) => {
      const text = bytesOf(`w${n}\n`.repeat(n + 1))
      return test.sandbox.execute(mapWork(text.length), options(wordCount, { read: reading({ text }) }))
    }))
    await until(() => test.sandbox.load().busy === 2, 'two attempts to have a slot')
    expect(test.sandbox.load().waiting).toBe(4)
    const results = await running
    expect(test.sandbox.load()).toMatchObject({ busy: 0, waiting: 0 })
    expect(test.pids()).toHaveLength(2)
    expect(results.map(({ counters }) => counters['map.input.records'])).toEqual([1, 2, 3, 4, 5, 6])
    // Each has its own output, though they were made in two processes.
    expect(new Set(await Promise.all(results.map(async ({ outputs }) => Buffer.from(await collect(outputs[0]!.content())).toString('hex')))).size).toBe(6)
  })

  it('leave outputs that are there until they are released, and no longer', async () => {
    test = testSandbox({ entry: executor.entry })
    const { outputs, release } = await test.sandbox.execute(mapWork(LINE.length), options(wordCount))
    const [output] = outputs
    const bytes = await collect(output!.content())
    expect(bytes.length).toBe(output!.bytes)
    // The executor has nothing of it any more, and may end.
    for (const pid of test.pids()) process.kill(pid, 'SIGKILL')
    expect(Buffer.compare(await collect(output!.content()), bytes)).toBe(0)
    await release()
    await release()
    await expect(collect(output!.content())).rejects.toMatchObject({ code: 'STORAGE' })
  })

  it('read what their work names and nothing else', async () => {
    test = testSandbox({ entry: executor.entry, ...withoutIsolate })
    const asked: string[] = []
    const read = reading({ text: LINE })
    const spying: typeof read = (file, range) => {
      asked.push(file)
      return read(file, range)
    }
    const asks = tell({ type: 'read', id: 9, file: 'secret', range: {} })
    await expect(test.sandbox.execute(mapWork(LINE.length), options(program(asks), { read: spying }))).resolves.toMatchObject({ outputs: [] })
    expect(asked).toEqual(['text'])
  })

  it('fail as their reader fails, with its own error', async () => {
    test = testSandbox({ entry: executor.entry })
    const lost = new MapReduceError('BLOCK_UNAVAILABLE', 'bafy… was not found on 2 peers')
    const read = async function * () {
      yield LINE.subarray(0, 3)
      throw lost
    }
    await expect(test.sandbox.execute(mapWork(LINE.length), options(wordCount, { read }))).rejects.toBe(lost)
  })

  it('tell of their progress', async () => {
    test = testSandbox({ entry: executor.entry })
    const text = bytesOf('a b c\n'.repeat(200_000))
    const progress: number[] = []
    await test.sandbox.execute(mapWork(text.length), options(wordCount, { read: reading({ text }, 65_536), onProgress: records => progress.push(records) }))
    expect(progress.length).toBeGreaterThan(0)
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
  })

  it('say what they skipped without saying where their scratch is', async () => {
    test = testSandbox({ entry: executor.entry })
    const { skipped, counters } = await test.sandbox.execute(mapWork(LINE.length, { skipBadRecords: 1 }), options(program('throw new Error(new Error("x").stack)')))
    expect(skipped).toEqual([{ file: 'text.txt', offset: 0, message: expect.stringMatching(/^Error: Error: x; at Object\.map \(program\.mjs:3:\d+\)/) }])
    expect(skipped[0]!.message).not.toContain('/')
    expect(counters['map.skipped.records']).toBe(1)
  })

  it('read no more than a window ahead of the program', async () => {
    test = testSandbox({ entry: executor.entry })
    const chunk = bytesOf('x'.repeat(65_535) + '\n')
    let handed = 0
    const read = async function * () {
      for (; handed < 100; handed++) yield chunk
    }
    const stopped = new AbortController()
    const attempt = test.sandbox.execute(mapWork(100 * chunk.length), options(program('console.log("busy"); for (;;);'), { read, signal: stopped.signal }))
    const aborted = expect(attempt).rejects.toMatchObject({ code: 'ABORTED' })
    await until(() => test.printed.includes('busy'), 'the program to be busy')
    expect(handed).toBeLessThan(40)
    stopped.abort()
    await aborted
  })
})

describe('a sandbox', () => {
  it('says what a program is', async () => {
    test = testSandbox({ entry: executor.entry })
    await expect(test.sandbox.describe(wordCount)).resolves.toEqual({ input: 'lines', combine: false, partition: 'hash', deterministic: true })
    const other = bytesOf('export default { input: { bytes: 7 }, map () {}, reduce () {}, combine () {}, partition: () => 0, deterministic: false }')
    await expect(test.sandbox.describe(other)).resolves.toEqual({ input: { bytes: 7 }, combine: true, partition: 'function', deterministic: false })
    const range = bytesOf('export default { input: "raw-lines", map () {}, reduce () {}, partition: "range" }')
    await expect(test.sandbox.describe(range)).resolves.toEqual({ input: 'raw-lines', combine: false, partition: 'range', deterministic: true })
  })

  it.each([
    ['no default export', 'export const map = 1', /export default defineProgram/],
    ['no map', 'export default { input: "lines", reduce () {} }', /map/],
    ['no known input', 'export default { input: "xml", map () {}, reduce () {} }', /xml/],
    ['a syntax error', 'export default {\n  map: (\n}', /Unexpected token/],
    ['code that throws', '\nthrow new Error("no luck")', /no luck \(program\.mjs:2:7\)$/],
    ['an import', 'import "lodash"\nexport default 1', /lodash/]
  ])('says what is wrong with a program of %s', async (_, source, message) => {
    test = testSandbox({ entry: executor.entry })
    await expect(test.sandbox.describe(bytesOf(source))).rejects.toMatchObject({ code: 'FATAL', message: expect.stringMatching(message) })
    await expect(test.sandbox.describe(bytesOf(source))).rejects.not.toMatchObject({ message: expect.stringContaining(test.scratchDir) })
  })

  it('leaves no process and no file when it is closed, and aborts what runs', async () => {
    test = testSandbox({ entry: executor.entry, slots: 2 })
    await test.sandbox.execute(mapWork(LINE.length), options(wordCount))
    const endless = test.sandbox.execute(mapWork(LINE.length), options(program('console.log("busy"); for (;;);')))
    const aborted = expect(endless).rejects.toMatchObject({ code: 'ABORTED', message: 'the sandbox is closed' })
    await until(() => test.printed.includes('busy'), 'the program to be busy')
    await test.sandbox.close()
    await aborted
    expect(test.pids().map(runs)).toEqual([false, false])
    expect(readdirSync(test.scratchDir)).toEqual([])
    await expect(test.sandbox.execute(mapWork(0), options(wordCount))).rejects.toMatchObject({ code: 'ABORTED', message: 'the sandbox is closed' })
  })

  it('lets an executor go that has had nothing to do for a while, and starts another when there is', async () => {
    test = testSandbox({ entry: executor.entry, idleMs: 20 })
    await test.sandbox.describe(wordCount)
    await until(() => !test.pids().some(runs), 'the executor to end')
    await test.sandbox.describe(wordCount)
    expect(test.pids()).toHaveLength(2)
  })

  it('says where it cannot make its scratch, and tries again', async () => {
    test = testSandbox({ entry: executor.entry })
    const scratchDir = join(test.scratchDir, 'not/yet')
    writeFileSync(join(test.scratchDir, 'not'), '')
    const other = testSandbox({ entry: executor.entry, scratchDir })
    await expect(other.sandbox.describe(wordCount)).rejects.toMatchObject({ code: 'STORAGE', message: expect.stringContaining(scratchDir) })
    rmSync(join(test.scratchDir, 'not'))
    await other.sandbox.describe(wordCount)
    await other.remove()
  })

  it('takes away what the sandbox of a killed process left, and not what a living one has', async () => {
    test = testSandbox({ entry: executor.entry })
    mkdirSync(join(test.scratchDir, 'sandbox-999999999-gone/executor-1'), { recursive: true })
    mkdirSync(join(test.scratchDir, 'sandbox-1-lives'))
    mkdirSync(join(test.scratchDir, 'not-ours'))
    const other = testSandbox({ entry: executor.entry, scratchDir: test.scratchDir })
    await test.sandbox.describe(wordCount)
    await other.sandbox.describe(wordCount)
    const names = readdirSync(test.scratchDir).map(name => name.replace(new RegExp(`-${process.pid}-.*`), '-this')).sort()
    expect(names).toEqual(['not-ours', 'sandbox-1-lives', 'sandbox-this', 'sandbox-this'])
    await other.remove()
  })
})
