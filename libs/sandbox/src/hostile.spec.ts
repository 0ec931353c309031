import { describe, expect, it } from '@jest/globals'
import type { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { attempt, bytesOfRuns, expectFailure, honest, inSandbox, said, test } from './hostile.spec.support.ts'
import { bytesOf, collect, options, program, wordCount } from './sandbox.spec.support.ts'

const OUT_OF_MEMORY = said(/^out of memory: a program may use 64 MiB/)
const FOREVER = said(/one call of it took more than 1 s; does it loop for ever\?/)

describe('a program that takes all the time there is', () => {
  inSandbox({ maxCallMs: 1_000 })

  it.each([
    ['in a loop', 'for (;;);'],
    ['in a built-in function that nothing interrupts', 'new Array(2 ** 32 - 2).fill(0)'],
    ['in a regular expression', '/^(a+)+$/.test("a".repeat(40) + "b")'],
    ['as it prints', 'for (;;) console.log("x")'],
    ['as what it throws is shown', 'throw { get message () { for (;;); } }']
  ])('%s is stopped', async (_, body) => {
    await expectFailure(program(body), { code: 'TIMEOUT', message: FOREVER })
  })

  it('as it loads is stopped', async () => {
    await expectFailure(bytesOf(`for (;;);\n${Buffer.from(wordCount).toString()}`), { code: 'TIMEOUT', message: FOREVER })
  })
})

describe('a program that takes all the memory there is', () => {
  inSandbox({ maxHeapMiB: 64 })

  it.each([
    ['on the stack', 'const dig = () => dig() + 1; dig()', 'map threw at text.txt, offset 0: RangeError: Maximum call stack size exceeded'],
    ['in objects', 'const all = []; for (;;) all.push({ all: all.length })', OUT_OF_MEMORY],
    ['in a map', 'const all = new Map(); for (let n = 0; ; n++) all.set(n, String(n))', OUT_OF_MEMORY],
    ['in strings', 'const all = []; for (;;) all.push(("x".repeat(1e6) + all.length).toUpperCase())', OUT_OF_MEMORY],
    ['in buffers', 'const all = []; for (;;) all.push(new ArrayBuffer(1e7))', said(/Array buffer allocation failed/)],
    ['in WebAssembly', 'const all = []; for (;;) { const memory = new WebAssembly.Memory({ initial: 512 }); new Uint8Array(memory.buffer).fill(1); all.push(memory) }', OUT_OF_MEMORY],
    ['in counters', 'for (let n = 0; ; n++) context.count("n" + n)', said(/a program can have \d+ counters/)]
  ])('%s is stopped', async (_, body, message) => {
    await expectFailure(program(body), { code: 'PROGRAM', message })
  }, 30_000)
})

describe('a program that fills the disk', () => {
  inSandbox({ maxHeapMiB: 256 })

  it.each([
    ['by what it emits', 'for (let n = 0; ; n++) emit(n, "x".repeat(1e6))'],
    ['whatever is thrown', 'for (let n = 0; ; n++) try { emit(n, "x".repeat(1e6)) } catch {}']
  ])('%s is stopped', async (_, body) => {
    await expectFailure(program(body), { code: 'PROGRAM', message: said(/^the program emits too much: its scratch files are more than 8000000 bytes together/) })
  })
})

describe('a program that waits for ever', () => {
  inSandbox()

  it.each([
    ['in map', program('', 'async map () { await new Promise(() => {}) },'), { code: 'PROGRAM', message: said(/map returned a promise at text.txt, offset 0: programs are synchronous/) }],
    ['as it loads', bytesOf(`await new Promise(() => {})\n${Buffer.from(wordCount).toString()}`), { code: 'FATAL', message: said(/^the program cannot be loaded: .*before initialization/) }]
  ] as const)('%s is stopped', async (_, bundle, expected) => {
    await expectFailure(bundle, expected)
  })
})

describe('a program that throws', () => {
  inSandbox()

  it.each(['ABORTED', 'REFUSED', 'BLOCK_UNAVAILABLE', 'UNREACHABLE'])('what says %s has failed all the same', async code => {
    const forged = `try { emit(undefined, 1) } catch (error) { throw new (Object.getPrototypeOf(error.constructor))('${code}', 'forged') }`
    await expectFailure(program(forged), { code: 'PROGRAM', message: said(/forged/) })
  })

  it.each([
    ['undefined', 'throw undefined', 'map threw at text.txt, offset 0: undefined'],
    ['null', 'throw null', 'map threw at text.txt, offset 0: null'],
    ['a symbol', 'throw Symbol("odd")', 'map threw at text.txt, offset 0: Symbol(odd)'],
    ['a function', 'throw () => 1', 'map threw at text.txt, offset 0: () => 1'],
    ['what throws when it is shown', 'throw { toString () { throw new Error("again") } }', 'an error that cannot be described'],
    ['a proxy that throws', 'throw new Proxy({}, { get () { throw 1 }, has () { throw 2 }, getPrototypeOf () { throw 3 } })', 'an error that cannot be described'],
    ['an object with a message that throws', 'throw { get message () { throw new Error("again") } }', 'an error that cannot be described'],
    ['a revoked proxy', 'const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy', 'an error that cannot be described'],
    ['megabytes', 'throw new Error("x".repeat(5e6))', 'map threw at text.txt, offset 0: Error: xxx'],
    ['an error whose stack is none', 'const error = new Error("bare"); error.stack = { toString: 5 }; throw error', 'Error: bare'],
    ['through Error.prepareStackTrace', 'Error.prepareStackTrace = () => { throw new Error("trap") }; throw new Error("set")', 'map threw at text.txt, offset 0'],
    ['an error that looks like the engine\'s own', 'const error = new Error("fake"); error.name = "MapReduceError"; error.code = "TRANSIENT"; throw error', 'MapReduceError: fake'],
    ['in a promise that is left behind', 'Promise.reject(new Error("late"))', 'the program threw outside of map and reduce: late'],
    ['in a microtask', 'Promise.resolve().then(() => { throw new Error("later") })', 'the program threw outside of map and reduce: later']
  ])('%s fails with what can be said of it', async (_, body, message) => {
      const error = await attempt(program(body)).catch((thrown: unknown) => thrown) as MapReduceError
    expect(error).toMatchObject({ code: 'PROGRAM', message: expect.stringContaining(message) })
    expect(error.message.length).toBeLessThan(10_000)
    expect(await bytesOfRuns(await attempt(wordCount, 'honest'))).toBe(honest)
  })

  it.each([['undefined', 'throw undefined'], ['a proxy', 'throw new Proxy({}, { get () { throw 1 }, getPrototypeOf () { throw 3 } })']])('%s as it loads is no program', async (_, body) => {
      await expectFailure(bytesOf(body), { code: 'FATAL', message: said(/^the program cannot be loaded: /) })
  })
})

describe('a program that emits', () => {
  inSandbox()

  it.each([
    ['NaN', 'emit(NaN, 1)', 'NaN cannot be a key'],
    ['what is not finite', 'emit("a", Infinity)', 'Infinity cannot be a value'],
    ['undefined', 'emit(undefined, 1)', 'undefined cannot be a key'],
    ['a lone surrogate', 'emit("\\ud800", 1)', 'a string with a lone surrogate'],
    ['10 MiB as a key', 'emit("x".repeat(10 * 1024 * 1024), 1)', 'what is longer than 1048576 bytes cannot be a key'],
    ['what holds itself', 'const all = []; all.push(all); emit("a", all)', 'what holds itself, or is nested more than'],
    ['a key that holds itself', 'const all = {}; all.all = all; emit(all, 1)', 'what holds itself, or is nested more than'],
    ['a function', 'emit("a", () => 1)', 'a function cannot be a value'],
    ['a symbol', 'emit(Symbol("a"), 1)', 'a symbol cannot be a key'],
    ['a BigInt', 'emit("a", 1n)', 'a bigint cannot be a value'],
    ['a date', 'emit("a", new Date(0))', 'an object of type Date cannot be a value'],
    ['a proxy that throws', 'emit("a", new Proxy({}, { ownKeys () { throw new Error("trap") } }))', 'Error: trap']
  ])('%s fails with what it was', async (_, body, message) => {
    await expectFailure(program(body), { code: 'PROGRAM', message: said(message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) })
  })

  it('keys such as __proto__ has them counted like any other', async () => {
      const bundle = program('for (const key of ["__proto__", "constructor", "toString", "", "\\u0000", "__proto__"]) emit(key, 1); emit(JSON.parse("{\\"__proto__\\": 1}"), 1)')
    const { outputs, release } = await attempt(bundle)
    const run = await collect(outputs[0]!.content())
    await release()
    const reduced = await test.sandbox.execute({ kind: 'reduce', task: 0, args: {}, separator: ' ', skipBadRecords: 0, runs: [{ mapTask: 0, cid: 'run', bytes: run.length }] }, options(bundle, { job: 'hostile', read: async function * () { yield run } }))
    const text = Buffer.from(await collect(reduced.outputs[0]!.content())).toString()
    await reduced.release()
    expect(text.split('\n').sort()).toEqual(['', '\u0000 1', ' 1', '__proto__ 2', 'constructor 1', 'toString 1', '{"__proto__":1} 1'])
  })
})
