import { describe, expect, it } from '@jest/globals'
import type { ReadContent } from './executor.ts'
import type { MapWork, ReduceWork } from './job.ts'
import { bytesOf, FILE, splitsOf } from './map-reduce.spec.support.ts'
import { runMapTask } from './map-task.ts'
import type { Datum, Program, WrittenProgram } from './program.ts'
import { runReduceTask } from './reduce-task.ts'
import { runOf } from './run/run.spec.support.ts'
import type { Pair } from './run/run.spec.support.ts'
import { memoryScratch } from './scratch-memory.ts'
import type { Scratch, ScratchFile } from './scratch.ts'

/** Scratch that knows which of its files are there, written or being written. */
function watchedScratch (): { scratch: Scratch, files: Set<unknown> } {
  const files = new Set<unknown>()
  const inner = memoryScratch()
  const create = (): ReturnType<Scratch['create']> => {
    const out = inner.create()
    files.add(out)
    return {
      write: bytes => out.write(bytes),
      close: () => {
        files.delete(out)
        const file = out.close()
        const watched: ScratchFile = { bytes: file.bytes, read: (into, at) => file.read(into, at), remove: () => { files.delete(watched); file.remove() } }
        files.add(watched)
        return watched
      }
    }
  }
  return { scratch: { create }, files }
}

function readOf (content: Record<string, Uint8Array>): ReadContent {
  return async function * (cid, { offset = 0, length = Infinity }) {
    const bytes = content[cid]
    if (bytes === undefined) throw new Error(`no ${cid}`)
    yield bytes.subarray(offset, Math.min(bytes.length, offset + length))
  }
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = async (work: ReduceWork, program: Program, runs: Uint8Array[]): Promise<string> => {
  const { outputs } = await runReduceTask(work, { program, scratch: memoryScratch(), read: readOf(Object.fromEntries(runs.map((run, i) => [`run-${i}`, run]))) })
  return new TextDecoder().decode(bytesOf(outputs[0]!.file))
}
const reduceOf = (runs: Uint8Array[]): ReduceWork =>
  ({ kind: 'reduce', task: 0, args: {}, separator: ' ', runs: runs.map((run, i) => ({ mapTask: i, cid: `run-${i}`, bytes: run.length })), skipBadRecords: 0 })

describe('runMapTask', () => {
  const content = utf8('one two\nthree\nfour five\n'.repeat(200))
  const words: WrittenProgram = { input: 'lines', map ({ value }, emit) { for (const word of String(value).split(' ')) emit(word, 1) }, reduce () {} }
  const work: MapWork = { kind: 'map', task: 0, reducers: 3, args: {}, splits: splitsOf(content, [1000, 1001]), skipBadRecords: 0 }

  it.each<[string, Program['combine']]>([
    ['without combine', undefined],
    ['with combine', (key, values, emit) => { for (const value of values) emit(key, value) }],
    ['with a combine that emits under other keys', (key, values, emit) => { for (const value of values) emit([key], value) }]
  ])('leaves nothing in scratch but its outputs, %s', async (_, combine) => {
    const { scratch, files } = watchedScratch()
    const { outputs, counters } = await runMapTask(work, { program: { ...words, combine }, scratch, read: readOf({ [FILE]: content }), bufferBytes: 300, fanIn: 2 })
    expect(files.size).toBe(outputs.length)
    expect(counters['spilled.records']).toBeGreaterThan(2 * counters['map.output.records']!)
    for (const { file } of outputs) file.remove()
    expect(files.size).toBe(0)
  })

  it('spills as often as the job\'s sort buffer says', async () => {
    const spilled = async (sortBufferBytes?: number): Promise<number> => {
      const { counters } = await runMapTask({ ...work, ...sortBufferBytes !== undefined && { sortBufferBytes } }, { program: words, scratch: memoryScratch(), read: readOf({ [FILE]: content }), bufferBytes: 1_000_000 })
      return counters['spilled.records']! / counters['map.output.records']!
    }
    expect(await spilled()).toBe(1)
    expect(await spilled(20_000)).toBe(2)
  })

  it('leaves nothing in scratch where it fails', async () => {
    const { scratch, files } = watchedScratch()
    const program: Program = { ...words, map (record, emit) { words.map(record, emit, { args: {}, count () {} }); if (record.offset > 2000) throw new Error('enough') } }
    await expect(runMapTask(work, { program, scratch, read: readOf({ [FILE]: content }), bufferBytes: 300 })).rejects.toThrow(/^map threw at text.txt, offset 2\d\d\d: Error: enough$/)
    expect(files.size).toBe(0)
  })

  it('ends between records when it is aborted', async () => {
    const aborting = new AbortController()
    let mapped = 0
    const program: Program = { ...words, map: () => { if (++mapped === 15_000) aborting.abort(new Error('enough')) } }
    const lines = utf8('\n'.repeat(50_000))
    await expect(runMapTask({ ...work, splits: splitsOf(lines, []) }, { program, scratch: memoryScratch(), read: readOf({ [FILE]: lines }), signal: aborting.signal }))
      .rejects.toMatchObject({ code: 'ABORTED', message: 'the attempt was aborted: enough' })
    expect(mapped).toBe(20_000)
  })

  it.each<[unknown, string]>([
    ['just words', 'just words'],
    [undefined, 'undefined'],
    [{ message: 'an object', name: 'Odd' }, 'Odd: an object'],
    [{ get message () { throw new Error('trap') } }, 'an error that cannot be described'],
    [new Proxy({}, { get () { throw new Error('trap') }, getPrototypeOf () { throw new Error('trap') } }), 'an error that cannot be described'],
    [new Error('x'.repeat(100_000)), 'Error: xxx']
  ])('names what is thrown, whatever it is: %#', async (thrown, message) => {
    const program: Program = { ...words, map: () => { throw thrown } }
    const failure: { message: string, programStack: string } = await runMapTask(work, { program, scratch: memoryScratch(), read: readOf({ [FILE]: content }) }).then(() => { throw new Error('no failure') }, error => error)
    expect(failure.message.startsWith(`map threw at text.txt, offset 0: ${message}`)).toBe(true)
    expect(failure.message.length).toBeLessThan(2100)
    expect(failure.programStack).not.toBe('')
    expect(failure.programStack.length).toBeLessThanOrEqual(16_000)
  })

  it('refuses counters that are none', async () => {
    const counting = async (...args: unknown[]): Promise<unknown> => await runMapTask(work, {
      program: { ...words, map: (record, emit, { count }) => { (count as (...args: unknown[]) => void)(...args) } }, scratch: memoryScratch(), read: readOf({ [FILE]: content })
    }).then(({ counters }) => counters, (error: Error) => error.message)
    expect(await counting('__proto__', 2)).toMatchObject({ 'user.__proto__': 1200 })
    expect(await counting(7)).toContain('a counter\'s name must be')
    expect(await counting('x'.repeat(101))).toContain('a counter\'s name must be')
    expect(await counting('x', 0.5)).toContain('counter x can be raised only by an integer')
  })

  it('bounds the number of a program\'s counters', async () => {
    const program: Program = { ...words, map: ({ offset }, emit, { count }) => { count(`at ${offset}`) } }
    await expect(runMapTask(work, { program, scratch: memoryScratch(), read: readOf({ [FILE]: content }) })).rejects.toThrow('200 counters')
  })
})

describe('runReduceTask', () => {
  const keep: Program = { input: 'lines', map () {}, reduce: (key, values, emit) => { for (const value of values) emit(key, value) } }

  it('writes what reduce emits in the order it emits it, each datum as text', async () => {
    const program: Program = { ...keep, reduce (key, values, emit) { emit('z', [...values]); emit(key, { b: 1, a: null }) } }
    const runs = [runOf([[1, 'x'], ['é', -0]]), runOf([[1, true]])]
    expect(await text(reduceOf(runs), program, runs)).toBe('z ["x",true]\n1 {"a":null,"b":1}\nz [0]\né {"a":null,"b":1}\n')
  })

  it('keeps lines apart where reading a value emits another', async () => {
    const refused: unknown[] = []
    const program: Program = {
      input: 'lines',
      map () {},
      reduce (key, values, emit) {
        const value = {
          get a () {
            try {
              emit('inner', 1)
            } catch (error) {
              refused.push(error)
            }
            return 1
          }
        }
        emit(key, value)
      }
    }
    const run = runOf([['k', 1], ['l', 2]])
    expect(await text(reduceOf([run]), program, [run])).toBe('k {"a":1}\nl {"a":1}\n')
    expect(String(refused[0])).toContain('emit was called within emit')
  })

  it('counts the values that there are, whatever a program says', async () => {
    const run = runOf([['k', 1], ['k', 2], ['l', 3]])
    const program: Program = { input: 'lines', map () {}, reduce (_, values) { Object.assign(values, { count: 1000 }) } }
    const attempt = runReduceTask(reduceOf([run]), { program, scratch: memoryScratch(), read: readOf({ 'run-0': run }) })
    // Assigning is refused to a program in strict mode, as modules are.
    await expect(attempt).rejects.toMatchObject({ code: 'PROGRAM', message: expect.stringContaining('which has only a getter') as unknown })
  })

  it('merges more runs than its fan-in, and leaves nothing in scratch but its output', async () => {
    const runs = Array.from({ length: 9 }, (_, i) => runOf(Array.from({ length: 50 }, (_, j): Pair => [`key ${100 + j}`, i])))
    const { scratch, files } = watchedScratch()
    const { outputs, counters } = await runReduceTask(reduceOf(runs), { program: keep, scratch, fanIn: 2, mergeBufferBytes: 32, read: readOf(Object.fromEntries(runs.map((run, i) => [`run-${i}`, run]))) })
    const lines = new TextDecoder().decode(bytesOf(outputs[0]!.file)).split('\n').slice(0, -1)
    expect(lines).toEqual(Array.from({ length: 450 }, (_, i) => `key ${100 + Math.floor(i / 9)} ${i % 9}`))
    expect(counters).toEqual({
      'shuffle.bytes': runs.reduce((sum, run) => sum + run.length, 0), 'reduce.input.groups': 50, 'reduce.input.records': 450, 'reduce.output.records': 450
    })
    expect(files.size).toBe(1)
  })

  it('counts values that reduce does not take', async () => {
    const runs = [runOf([['a', 1], ['a', 2], ['b', 3]])]
    const { counters } = await runReduceTask(reduceOf(runs), { program: { ...keep, reduce () {} }, scratch: memoryScratch(), read: readOf({ 'run-0': runs[0]! }) })
    expect(counters).toMatchObject({ 'reduce.input.records': 3, 'reduce.input.groups': 2, 'reduce.output.records': 0 })
  })

  it('streams the values of a key that has many', async () => {
    const count = 200_000
    const runs = [runOf(Array.from({ length: count }, (_, i): Pair => ['k', i]))]
    let seen = 0
    const program: Program = { ...keep, reduce (key, values, emit) { for (const value of values) if (value === seen) seen++; emit(key, seen) } }
    expect(await text(reduceOf(runs), program, runs)).toBe(`k ${count}\n`)
  })

  it('leaves nothing in scratch where a run is not to be had', async () => {
    const run = runOf([['a', 1]])
    const { scratch, files } = watchedScratch()
    await expect(runReduceTask(reduceOf([run, run]), { program: keep, scratch, read: readOf({ 'run-0': run }) })).rejects.toThrow('no run-1')
    expect(files.size).toBe(0)
  })

  it('names the run that is shorter than it was made, or malformed, as INPUT_LOST', async () => {
    const run = runOf([['a', 1]])
    await expect(text({ ...reduceOf([run]), runs: [{ mapTask: 4, cid: 'run-0', bytes: 99 }] }, keep, [run])).rejects.toMatchObject({ code: 'INPUT_LOST', message: `run run-0 of map task 4 has ${run.length} bytes and was made with 99` })
    run[run.length - 1]! ^= 1
    await expect(text(reduceOf([run]), keep, [run])).rejects.toMatchObject({ code: 'INPUT_LOST', message: 'run run-0 of map task 0 is malformed: its checksum is wrong' })
  })

  it('does not blame, or believe, a program that meets a malformed run', async () => {
    const run = runOf([['a', 1], ['a', 2]])
    run[run.length - 8] = 99 // the tag of the last value
    const program: Program = { ...keep, reduce (key, values, emit) { try { emit(key, [...values]) } catch { emit(key, 'fine') } } }
    await expect(text(reduceOf([run]), keep, [run])).rejects.toMatchObject({ name: 'MapReduceError', code: 'INPUT_LOST' })
    await expect(text(reduceOf([run]), program, [run])).rejects.toMatchObject({ name: 'MapReduceError', code: 'INPUT_LOST' })
  })

  it('fails where scratch does, though the program catches it', async () => {
    const run = runOf([['a', 'x'.repeat(300_000)], ['b', 'y']])
    const inner = memoryScratch()
    let made = 0
    // The first file takes the runs, the second the output.
    const scratch: Scratch = { create: () => ++made === 1 ? inner.create() : { write: () => { throw new Error('ENOSPC') }, close: () => inner.create().close() } }
    const program: Program = { ...keep, reduce (key, values, emit) { try { for (const value of values) emit(key, value) } catch { return } } }
    await expect(runReduceTask(reduceOf([run]), { program, scratch, read: readOf({ 'run-0': run }) })).rejects.toMatchObject({ code: 'STORAGE', message: expect.stringContaining('ENOSPC') })
  })

  it('ends between keys when it is aborted', async () => {
    const aborting = new AbortController()
    const runs = [runOf(Array.from({ length: 50_000 }, (_, i): Pair => [String(100_000 + i), 1]))]
    let reduced = 0
    const program: Program = { ...keep, reduce: () => { if (++reduced === 10) aborting.abort() } }
    const { scratch, files } = watchedScratch()
    await expect(runReduceTask(reduceOf(runs), { program, scratch, signal: aborting.signal, read: readOf({ 'run-0': runs[0]! }) })).rejects.toMatchObject({ code: 'ABORTED' })
    expect(reduced).toBeLessThan(50_000)
    expect(files.size).toBe(0)
  })

  it('passes on what it cannot print', async () => {
    const runs = [runOf([['a', 1]])]
    const program: Program = { ...keep, reduce: (key, values, emit) => { emit(key, NaN as Datum) } }
    await expect(text(reduceOf(runs), program, runs)).rejects.toThrow('reduce threw at key "a": ProgramError: NaN cannot be a value')
  })
})
