import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { MapReduceError, TaskResult } from '@ipfs-mapreduce/mapreduce'
import { bundledExecutor } from './bundled-executor.spec.support.ts'
import type { SandboxInit } from './sandbox.ts'
import { bytesOf, collect, LINE, mapWork, options, program, reading, testSandbox, wordCount } from './sandbox.spec.support.ts'
import type { TestSandbox } from './sandbox.spec.support.ts'

const executor = bundledExecutor()

/** A sandbox for the tests of one group, each of which has to leave it as it was. One slot is for honest attempts, which keep their executor. */
let test: TestSandbox
function inSandbox (init: Partial<SandboxInit> = {}): void {
  beforeAll(async () => {
    test = testSandbox({ entry: executor.entry, slots: 2, maxHeapMiB: 128, maxCallMs: 20_000, maxScratchBytes: 8e6, ...init })
    honest = await bytesOfRuns(await attempt(wordCount, 'honest'))
  })
  afterAll(() => test.remove())
}

/** The runs of a word count that nothing has gone before. */
let honest: string

async function bytesOfRuns ({ outputs, release }: TaskResult): Promise<string> {
  const runs = await Promise.all(outputs.map(output => collect(output.content())))
  await release()
  return Buffer.concat(runs).toString('hex')
}

function attempt (bundle: Uint8Array, job = 'hostile'): Promise<TaskResult> {
  return test.sandbox.execute(mapWork(LINE.length), options(bundle, { job }))
}

/** What a program's map emits as its only key. */
async function emitted (expression: string, more?: string): Promise<string> {
  const run = Buffer.from(await bytesOfRuns(await attempt(program(`emit('<' + (${expression}) + '>', 1)`, more))), 'hex').toString()
  return /<(.*)>/s.exec(run)![1]!
}

/** The attempt fails as it should, and what comes after it is exact. */
async function expectFailure (bundle: Uint8Array, expected: Partial<MapReduceError>): Promise<void> {
  await expect(attempt(bundle)).rejects.toMatchObject(expected)
  expect(await bytesOfRuns(await attempt(wordCount, 'honest'))).toBe(honest)
}

const said = (text: string | RegExp) => expect.stringMatching(text) as unknown as string
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

describe('a program that looks for the machine', () => {
  inSandbox()

  it('finds nothing of Node\'s or a browser\'s, nor of ours', async () => {
    const names = ['process', 'require', 'fetch', 'setTimeout', 'setImmediate', 'queueMicrotask', 'performance', 'Buffer', 'global', 'navigator', 'module', 'Worker', 'WebSocket', 'TextDecoder', 'ivm', 'engine', 'open', 'host']
    expect(await emitted(names.map(name => `typeof ${name} + ('${name}' in globalThis)`).join('+'))).toBe('undefinedfalse'.repeat(names.length))
  })

  it('sees the language, and a console that can only print', async () => {
    expect(await emitted('Object.getOwnPropertyNames(globalThis).filter(name => typeof globalThis[name] === "object" && globalThis[name] !== globalThis).sort()')).toBe('Atomics,Intl,JSON,Math,Reflect,WebAssembly,console')
    expect(await emitted('Object.keys(console)')).toBe('log,info,debug,warn,error')
  })

  const roots: Array<[string, string]> = [
    ['its own functions', 'program.map'],
    ['the record', 'record'],
    ['emit', 'emit'],
    ['the context', 'context'],
    ['count', 'context.count'],
    ['the console', 'console.log'],
    ['the global object', 'globalThis'],
    ['an error of the engine', 'caught(() => emit(undefined, undefined))'],
    ['the stack of its callers', 'callers()']
  ]
  it.each(roots)('gets no further through constructors and prototypes of %s', async (_, root) => {
      // Walks all that can be reached, and asks each function's constructor for the process.
    const run = await bytesOfRuns(await attempt(bytesOf(`
const caught = work => { try { work() } catch (error) { return error } }
function callers () {
  Error.prepareStackTrace = (error, sites) => sites
  const sites = new Error().stack
  delete Error.prepareStackTrace
  return sites.flatMap(site => [site, site.getThis(), site.getFunction()])
}
const program = {
  input: 'lines',
  map (record, emit, context) {
    const seen = new Set()
    const found = new Set()
    const queue = [${root}]
    while (queue.length > 0) {
      const thing = queue.pop()
      if ((typeof thing !== 'object' && typeof thing !== 'function') || thing === null || seen.has(thing) || seen.size > 20000) continue
      seen.add(thing)
      for (const name of Reflect.ownKeys(thing)) {
        const { value, get, set } = Object.getOwnPropertyDescriptor(thing, name) ?? {}
        queue.push(value, get, set)
      }
      queue.push(Object.getPrototypeOf(thing))
      if (typeof thing === 'function') try {
        const make = thing.constructor
        found.add(typeof make === 'function' ? make('return typeof process + typeof require')() : 'none')
      } catch (error) { found.add('refused') }
    }
    emit('<' + [...found].map(String).join() + (seen.size > 20) + '>', 1)
  },
  reduce () {}
}
export default program`)))
    expect(Buffer.from(run, 'hex').toString()).toMatch(/<(?=.*undefinedundefined)(?:(?:undefinedundefined|refused|none|\[object \w+\]),?)+true>/)
  })

  it.each([
    ['import()', 'import("node:fs")', 'Not supported'],
    ['import(), of its own file', 'import("./program.mjs")', 'Not supported'],
    ['eval of an import', '(0, eval)("import(\\"fs\\")")', 'Not supported'],
    ['require', 'require("fs")', 'require is not defined'],
    ['process.exit', 'process.exit(0)', 'process is not defined'],
    ['a signal', 'process.kill(process.pid, "SIGKILL")', 'process is not defined'],
    ['its environment', 'emit("env", process.env.HOME)', 'process is not defined'],
    ['a socket', 'new WebSocket("ws://127.0.0.1")', 'WebSocket is not defined'],
    ['a child process', 'this.constructor.constructor("return process")().binding("spawn_sync")', 'process is not defined']
  ])('and asks for %s fails with that', async (_, body, message) => {
      await expectFailure(program(body), { code: 'PROGRAM', message: said(message) })
  })

  it('may make code of text', async () => {
    expect(await emitted('[(0, eval)("6 * 7"), new Function("a", "return a + 1")(1)]')).toBe('42,2')
  })

  it('is given arrays, objects and bytes that are such to it', async () => {
    const bundle = bytesOf(`export default {
  input: 'ndjson',
  map ({ value }, emit) {
    emit('record ' + kinds(value) + ' ' + kinds(value.list), 0)
    for (const key of [[1], { a: 1 }, new Uint8Array(1)]) for (const value of [[1], { a: 1 }]) emit(key, value)
  },
  combine (key, values, emit) { for (const value of values) emit('key ' + kinds(key) + ' value ' + kinds(value), 0) },
  reduce () {}
}
const kinds = thing => [Array, Uint8Array, Object].filter(kind => thing instanceof kind).map(kind => kind.name).join('+')`)
    const read = reading({ text: bytesOf('{"list": [1]}\n') })
    const run = Buffer.from(await bytesOfRuns(await test.sandbox.execute(mapWork(14), options(bundle, { job: 'kinds', read }))), 'hex').toString()
    expect([...run.matchAll(/(?:record|key) [\w+]+ (?:value )?[\w+]+/g)].map(([text]) => text)).toEqual([
      'key Array+Object value Array+Object', 'key Array+Object value Object', 'key Object value Array+Object', 'key Object value Object',
      'key Uint8Array+Object value Array+Object', 'key Uint8Array+Object value Object', 'record Object Array+Object'
    ])
  })

  it('sees nothing of import.meta', async () => {
      await attempt(program('console.log(JSON.stringify(import.meta), Object.getOwnPropertyNames(import.meta).length)'))
    await test.sandbox.close()
    expect(test.printed).toEqual(['{} 0'])
  })
})

describe('a program that pollutes', () => {
  inSandbox({ maxCallMs: 2_000 })

  const polluted: Array<[string, string]> = [
    ['Object.prototype', 'Object.prototype.evil = 1; Object.defineProperty(Object.prototype, "input", { value: "text", writable: true })'],
    ['Array.prototype', 'Array.prototype.push = () => 0; Array.prototype[Symbol.iterator] = function * () {}'],
    ['Map, Set and typed arrays', 'Map.prototype.get = () => 7; Map = Set = undefined; Uint8Array.prototype.set = () => {}; Uint8Array.prototype.subarray = () => new Uint8Array(9)'],
    ['Promise', 'Promise.prototype.then = function () { return this }; Promise.resolve = () => 5; Promise = undefined'],
    ['JSON and String', 'JSON.stringify = () => "{\\"type\\":\\"done\\",\\"outputs\\":[],\\"counters\\":{},\\"skipped\\":[]}"; JSON.parse = () => ({}); String.prototype.isWellFormed = () => false'],
    ['Function.prototype', 'Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => 1'],
    ['what the engine has of the language', `// Code made of text runs in the realm of the function that makes it.
      const tries = ['Object.prototype.evil = 1', 'Map.prototype.get = () => 7', 'Uint8Array.prototype.set = () => {}', 'JSON = {}', 'globalThis.JSON = {}', 'Promise.prototype.then = () => 5', 'Error.prepareStackTrace = () => "evil"'].map(change => emit.constructor(change)).concat([
        () => { Object.getPrototypeOf(context.count).call = 1 }, () => { Object.getPrototypeOf(Object.getPrototypeOf(emit.constructor('return new Uint8Array()')())).subarray = () => new Uint8Array(9) }])
      for (const change of tries) try { change() } catch {}
      try { emit(undefined, 1) } catch (error) { for (let at = error; at !== null; at = Object.getPrototypeOf(at)) try { at.constructor.prototype.name = at.constructor[Symbol.hasInstance] = () => true } catch {} }`],
    ['Symbol.species and regular expressions', 'RegExp.prototype.exec = () => null; String.prototype.match = () => ["evil"]']
  ]
  it.each(polluted)('%s harms itself at most, and no later attempt of its own job', async (_, pollution) => {
    const clean = Buffer.from(wordCount).toString()
    const marked = (before: string) => bytesOf(clean.replace('map ({ value, offset }, emit, context) {', `map ({ value, offset }, emit, context) { if (context.args.evil === 'yes') { ${before} }`))
      const bundle = marked(pollution)
    const execute = (evil: string) => test.sandbox.execute(mapWork(LINE.length, { args: { evil } }), options(bundle, { job: 'one' }))
    const expected = await bytesOfRuns(await execute('no'))
    const ended = await execute('yes').then(() => 'done', (error: MapReduceError) => error.code)
    expect(['done', 'PROGRAM', 'TRANSIENT', 'STORAGE', 'TIMEOUT']).toContain(ended)
    expect(await bytesOfRuns(await execute('no'))).toBe(expected)
    expect(await bytesOfRuns(await attempt(wordCount, 'two'))).toBe(honest)
  })

  it('the values that it is given harms itself at most, and no later attempt of its own job', async () => {
    const bundle = bytesOf(`export default {
  input: 'lines',
  map (record, emit) { for (let n = 1; n < 100; n++) emit('whale', n) },
  combine (key, values, emit, { args }) {
    if (args.evil === 'yes') {
      const kind = Object.getPrototypeOf(values)
      for (const name of ['next', 'return', 'close', Symbol.iterator]) try { kind[name] = () => ({ value: 7, done: true, next: kind.next }) } catch {}
    }
    let sum = 0
    for (const value of values) sum += value
    emit(key, sum)
  },
  reduce () {}
}`)
    const execute = (evil: string) => test.sandbox.execute(mapWork(LINE.length, { args: { evil } }), options(bundle, { job: 'values' })).then(bytesOfRuns)
    const expected = await execute('no')
    await execute('yes')
    expect(await execute('no')).toBe(expected)
  })

  it.each([
    ['a new name', 'globalThis.seen = (globalThis.seen ?? 0) + 1; return globalThis.seen ?? "none"'],
    ['a name that is there', 'const seen = Map === Uint8Array; Map = Uint8Array; return seen'],
    ['the last match of a regular expression', 'const seen = RegExp.input; RegExp.input = "seen"; return seen + RegExp.lastMatch'],
    ...['[].values().map(x => x)', 'Iterator.from({ next () {} })', 'new Intl.Segmenter().segment("x")', 'new Intl.Segmenter().segment("x")[Symbol.iterator]()']
      .map(made => [made, `const kind = Object.getPrototypeOf(${made}); kind.seen = (kind.seen ?? 0) + 1; return kind.seen ?? "none"`]),
    ['time', 'return [typeof Date === "function" && Date.now(), new Intl.DateTimeFormat("en", { second: "numeric", fractionalSecondDigits: 3 }).format(), typeof WeakRef, typeof FinalizationRegistry]'],
    ['chance', 'return Math.random?.()']
  ])('finds nothing of an earlier attempt, nor of the machine, in the realm of the engine: %s', async (_, look) => {
    // Code made of text runs in the realm of the function that makes it.
    const bundle = program(`let found; try { found = emit.constructor(${JSON.stringify(look)})() } catch (error) { found = error } emit(String(found), 1)`)
    const first = await bytesOfRuns(await attempt(bundle, 'looks'))
    expect(await bytesOfRuns(await attempt(bundle, 'looks'))).toBe(first)
  })

  it('leaves nothing that a later attempt of its job sees', async () => {
    const stateful = bytesOf(`let attempts = 0\n${Buffer.from(program('attempts++; globalThis.seen = (globalThis.seen ?? 0) + 1; emit(attempts + " " + globalThis.seen, 1)')).toString()}`)
    const made = new Set<string>()
    const before = test.pids().length
    for (let n = 0; n < 3; n++) made.add(await bytesOfRuns(await attempt(stateful, 'stateful')))
    expect(test.pids()).toHaveLength(before + 1)
    expect([...made].map(run => Buffer.from(run, 'hex').includes('1 1'))).toEqual([true])
  })

  it('shares no process with another job of the same program', async () => {
    const before = test.pids().length
    for (const job of ['one', 'other', 'one', 'other']) await (await attempt(wordCount, job)).release()
    expect(test.pids().length - before).toBe(2)
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

describe('a server on this machine', () => {
  inSandbox()

  const server = createServer()
  let connections = 0
  beforeAll(async () => {
    server.on('connection', () => { connections++ })
    await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  })
  afterAll(() => new Promise(resolve => { server.close(resolve) }))

  it('hears nothing of a program that tries all that could open a socket', async () => {
      const { port } = server.address() as AddressInfo
    const tries = [`fetch("http://127.0.0.1:${port}")`, `new WebSocket("ws://127.0.0.1:${port}")`, `new EventSource("http://127.0.0.1:${port}")`, `importScripts("http://127.0.0.1:${port}/x.js")`, `process.getBuiltinModule("net").connect(${port})`]
    expect(await emitted(`${JSON.stringify(tries)}.map(open => { try { return (0, eval)(open) } catch (error) { return error.name } })`)).toBe(Array(tries.length).fill('ReferenceError').join())
    expect(connections).toBe(0)
  })
})
