import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { attempt, bytesOfRuns, emitted, expectFailure, honest, inSandbox, said, test } from './hostile.spec.support.ts'
import { bytesOf, LINE, mapWork, options, program, reading, wordCount } from './sandbox.spec.support.ts'

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
