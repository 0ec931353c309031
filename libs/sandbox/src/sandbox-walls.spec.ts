import { readdirSync } from 'node:fs'
import { afterEach, describe, expect, it } from '@jest/globals'
import { MAX_LOGGED_BYTES } from './constants.ts'
import { bundledExecutor } from './bundled-executor.spec.support.ts'
import { LINE, mapWork, node, options, PROCESS, program, runs, tell, testSandbox, until, withoutIsolate, wordCount } from './sandbox.spec.support.ts'
import type { TestSandbox } from './sandbox.spec.support.ts'

const executor = bundledExecutor()

let test: TestSandbox
afterEach(() => test.remove())

/** What an expression in a program's map gives: its value as JSON, or the code of what it throws. */
async function tried (expression: string): Promise<string | undefined> {
  const map = `let seen; try { seen = JSON.stringify(${expression}) } catch (error) { seen = error.code ?? error.message } console.log(seen)`
  await test.sandbox.execute(mapWork(LINE.length), options(program(map)))
  return test.printed[0]
}

function attempt (bundle: Uint8Array, signal = new AbortController().signal) {
  return test.sandbox.execute(mapWork(LINE.length), options(bundle, { signal }))
}

/** The wall behind the isolate: these programs have none, and have found the way out of their world. */
describe('a program that has left its isolate', () => {
  it.each([
    ['read files of the machine', `${node('fs')}.readFileSync('/etc/passwd', 'utf8')`],
    ['list folders above its own', `${node('fs')}.readdirSync('../..')`],
    ['write outside of its scratch', `${node('fs')}.writeFileSync('../evil', 'x')`],
    ['link out of its scratch', `${node('fs')}.symlinkSync('/etc/passwd', 'link')`],
    ['start a process', `${node('child_process')}.execSync('id')`],
    ['start a thread', `new (${node('worker_threads')}.Worker)('1', { eval: true })`],
    ['become another program', `${PROCESS}.execve(${PROCESS}.execPath, [])`],
    ['open a debugger', `${node('inspector')}.open(0)`]
  ])('cannot %s', async (_, expression) => {
    test = testSandbox({ entry: executor.entry, ...withoutIsolate })
    expect(await tried(expression)).toBe('ERR_ACCESS_DENIED')
  })

  it('has no environment but a time zone and a locale that are the same everywhere', async () => {
    test = testSandbox({ entry: executor.entry, ...withoutIsolate })
    expect(await tried(`${PROCESS}.env`)).toBe('{"TZ":"UTC","LC_ALL":"en_US.UTF-8"}')
  })

  it('may write in its scratch, which is gone afterwards', async () => {
    test = testSandbox({ entry: executor.entry, ...withoutIsolate })
    expect(await tried(`[${node('fs')}.writeFileSync('mine', 'x'), ${node('fs')}.readFileSync('mine', 'utf8')]`)).toBe('[null,"x"]')
    await test.sandbox.close()
    expect(readdirSync(test.scratchDir)).toEqual([])
  })

  it.each([
    ['ends its process', `${PROCESS}.exit(7)`, 'the program ended its executor with exit code 7'],
    ['ends its process as if all were well', `${PROCESS}.exit(0)`, 'the program ended its executor with exit code 0'],
    ['crashes its process', `${PROCESS}.abort()`, 'the program crashed its executor with SIGABRT'],
    ['kills its process', `${PROCESS}.kill(${PROCESS}.pid, "SIGSEGV")`, 'the program crashed its executor with SIGSEGV'],
    ['sends garbage', `${node('fs')}.writeSync(3, 'garbage, and more of it')`, 'a frame of'],
    ['claims an output that is none', tell({ type: 'done', outputs: [{ name: '../../x', partition: 0, records: 1 }], counters: {} }), 'an output whose name is no scratch file'],
    ['claims an output that it did not make', tell({ type: 'done', outputs: [{ name: '77', partition: 0, records: 1 }], counters: {}, skipped: [] }), 'an output of the executor is missing'],
    ['claims a partition that is none', tell({ type: 'done', outputs: [{ name: '1', partition: 5, records: 1 }], counters: {}, skipped: [] }), 'outputs that do not fit'],
    ['claims to have counted less than nothing', tell({ type: 'done', outputs: [], counters: { x: -1 } }), 'counter x that is no count'],
    ['claims to have skipped more than it may list', tell({ type: 'done', outputs: [], counters: {}, skipped: Array(101).fill({ key: 'k', message: 'm' }) }), 'no list of up to 100'],
    ['claims to have skipped what is nowhere', tell({ type: 'done', outputs: [], counters: {}, skipped: [{ file: 'a', offset: -1, message: 'm' }] }), 'an offset that is no count'],
    ['claims to have taken more than it got', tell({ type: 'read', id: 50, file: 'text', range: {} }, { type: 'consumed', id: 50, bytes: 5e6 }), 'took more than it was sent']
  ])('and %s fails, and the next attempt does not notice', async (_, map, message) => {
    test = testSandbox({ entry: executor.entry, slots: 1, ...withoutIsolate })
    await expect(attempt(program(map))).rejects.toMatchObject({ message: expect.stringContaining(message) })
    await attempt(wordCount)
    expect(test.pids()).toHaveLength(2)
  })
})

describe('a program', () => {
  it('that loops for ever is ended at once by the signal, and its scratch with it', async () => {
    test = testSandbox({ entry: executor.entry, slots: 1 })
    const stopped = new AbortController()
    const endless = attempt(program('console.log("busy"); for (;;);'), stopped.signal)
    const aborted = expect(endless).rejects.toMatchObject({ code: 'ABORTED' })
    await until(() => test.printed.includes('busy'), 'the program to be busy')
    const before = performance.now()
    stopped.abort()
    await aborted
    expect(performance.now() - before).toBeLessThan(1000)
    expect(test.pids().map(runs)).toEqual([false])
    const [root] = readdirSync(test.scratchDir)
    expect(readdirSync(`${test.scratchDir}/${root}`)).toEqual([])
    // Its slot is free again.
    await attempt(wordCount)
  })

  it('that is aborted before it starts, or while it waits for a slot, is not started', async () => {
    test = testSandbox({ entry: executor.entry, slots: 1 })
    await expect(attempt(wordCount, AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' })
    const [first, second] = [new AbortController(), new AbortController()]
    const ends = [attempt(program('console.log("busy"); for (;;);'), first.signal), attempt(wordCount, second.signal)].map(each => expect(each).rejects.toMatchObject({ code: 'ABORTED' }))
    await until(() => test.printed.includes('busy'), 'the program to be busy')
    second.abort()
    await ends[1]
    first.abort()
    await ends[0]
    expect(test.pids()).toHaveLength(1)
  })

  it('that throws fails with its own message and stack, and no path of the machine', async () => {
    test = testSandbox({ entry: executor.entry })
    const error = await attempt(program('inner(value)', '}\nfunction inner (line) {\n  throw new TypeError(`bad ${line}`)')).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'PROGRAM', message: expect.stringContaining('bad one line') })
    expect((error as { programStack: string }).programStack).toMatch(/^TypeError: bad one line\n\s+at inner \(program\.mjs:7:9\)\n\s+at Object\.map \(program\.mjs:3:\d+\)$/)
  })

  it('prints to the log, up to a bound for each attempt', async () => {
    test = testSandbox({ entry: executor.entry, slots: 1 })
    const chatty = program('console.error("to stderr"); for (let n = 0; n < 10_000; n++) console.log("line", n)')
    await attempt(chatty)
    await until(() => test.logged.some(({ message }) => String(message).includes('the rest is dropped')), 'the bound to be reached')
    await test.sandbox.close()
    expect(test.printed).toContain('to stderr')
    expect(test.printed).toContain('line 0')
    expect(test.printed.join('\n').length).toBeLessThanOrEqual(MAX_LOGGED_BYTES + 'to stderr\n'.length)
    expect(test.logged.some(({ droppedBytes }) => Number(droppedBytes) > 0)).toBe(true)
  })

  it('whose process is killed from outside may be tried again', async () => {
    test = testSandbox({ entry: executor.entry })
    const killed = expect(attempt(program('console.log("busy"); for (;;);'))).rejects.toMatchObject({ code: 'TRANSIENT', message: 'the executor was ended by SIGKILL from outside' })
    await until(() => test.printed.includes('busy'), 'the program to be busy')
    process.kill(test.pids()[0]!, 'SIGKILL')
    await killed
  })
})
