import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MAX_SKIPPED_LISTED, MAX_SKIPPED_MESSAGE_CHARS } from './constants.ts'
import type { ReadContent } from './executor.ts'
import type { Counters, MapWork, ReduceWork, SkippedRecord } from './job.ts'
import { bytesOf, FILE, runJob, splitsOf } from './map-reduce.spec.support.ts'
import { runMapTask } from './map-task.ts'
import type { TaskFiles } from './map-task.ts'
import type { Datum, MapRecord, Program, WrittenProgram } from './program.ts'
import { runReduceTask } from './reduce-task.ts'
import { runOf } from './run/run.spec.support.ts'
import type { Pair } from './run/run.spec.support.ts'
import { memoryScratch } from './scratch-memory.ts'
import type { Scratch } from './scratch.ts'
import { sequential } from './sequential.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const words = (text: Datum): string[] => String(text).match(/\p{L}+/gu) ?? []

/** Which records and keys the program cannot stand: about one in `every`. */
interface Aversion { every: number, seed: number }

function averse (text: string, { every, seed }: Aversion): boolean {
  let hash = seed
  for (const character of text) hash = (Math.imul(hash, 31) + character.codePointAt(0)!) >>> 0
  return hash % every === 0
}

const recordAverse = ({ offset }: MapRecord<Datum>, aversion: Aversion): boolean => averse(`record ${offset}`, aversion)
const keyAverse = (key: Datum, aversion: Aversion): boolean => averse(`key ${JSON.stringify(key)}`, aversion)

/** Emits, counts and changes what it has emitted before it throws, whenever it does. */
function finicky (aversion: Aversion, combine?: Program['combine']): WrittenProgram {
  return {
    input: 'lines',
    map (record, emit, { count }) {
      const seen: Datum[] = []
      count('lines')
      for (const word of words(record.value)) {
        emit(word, 1)
        seen.push(word)
        if (combine === undefined) emit([word.length], seen)
        if (seen.length === 2 && recordAverse(record, aversion)) throw new Error(`two words\nat ${record.offset}`)
      }
      if (recordAverse(record, aversion)) {
        count('lines that are nowhere')
        throw new Error(`few words\nat ${record.offset}`)
      }
      seen.length = 0
    },
    combine,
    reduce (key, values, emit, { count }) {
      let taken = 0
      for (const value of values) {
        emit(key, value)
        count('values')
        if (++taken === 2 && keyAverse(key, aversion)) throw new Error('no such key')
      }
      if (keyAverse(key, aversion)) throw new Error('no such key')
      if (combine !== undefined) emit(key, taken)
    }
  }
}

/** The same without what it cannot stand: what a skipping job must come to. */
function calm (program: WrittenProgram, aversion: Aversion): Program {
  return {
    ...program,
    map: (record, emit, context) => { if (!recordAverse(record, aversion)) program.map(record, emit, context) },
    reduce: (key, values, emit, context) => { if (!keyAverse(key, aversion)) program.reduce(key, values, emit, context) }
  }
}

/** Of one job, in an order that does not depend on its splits. */
function sorted (skipped: SkippedRecord[]): string[] {
  return skipped.map(record => JSON.stringify([record.file, record.offset, record.key, record.message])).sort()
}

const sum = (key: Datum, values: Iterable<Datum>, emit: (key: Datum, value: Datum) => void): void => {
  let total = 0
  for (const value of values) total += Number(value)
  emit(key, total)
}

const job = fc.record({
  text: fc.array(fc.constantFrom('a ', 'aa ', 'é ', '🐋x ', 'whale ', 'seas', '\n', '\n', '\r\n'), { maxLength: 120, size: 'max' }).map(parts => parts.join('')),
  cuts: fc.array(fc.nat(400), { maxLength: 5 }),
  reducers: fc.integer({ min: 1, max: 4 }),
  bufferBytes: fc.constantFrom(1, 100, 100_000),
  fanIn: fc.integer({ min: 2, max: 4 }),
  draftBytes: fc.constantFrom(1, 30, 100_000)
})
const aversions = fc.record({ every: fc.integer({ min: 1, max: 5 }), seed: fc.nat(1000) })

describe('a job that may skip', () => {
  it.each<[string, Program['combine']]>([['without combine', undefined], ['with combine', sum]])('is as if what makes the program throw were not there, for any splits, %s', async (_, combine) => {
    let skips = 0
    await fc.assert(fc.asyncProperty(job, aversions, async ({ text, ...rest }, aversion) => {
      const content = utf8(text)
      const program = finicky(aversion, combine)
      const options = { reducers: rest.reducers, separator: ' ' }
      const input = [{ path: FILE, content }]
      const without = await sequential(calm(program, aversion), input, options)
      const oracle = await sequential(program, input, { ...options, skipBadRecords: 1000 })
      const made = await runJob({ program, content, skipBadRecords: 1000, ...rest })
      skips += made.skipped.length
      expect(oracle.parts.map(textOf)).toEqual(without.parts.map(textOf))
      expect(sorted(made.skipped)).toEqual(sorted(oracle.skipped))
      for (const counters of [made.counters, oracle.counters]) {
        expect(counters['map.skipped.records'] ?? 0).toBe(oracle.skipped.filter(({ offset }) => offset !== undefined).length)
        expect(counters['reduce.skipped.groups'] ?? 0).toBe(oracle.skipped.filter(({ key }) => key !== undefined).length)
      }
      if (combine !== undefined) return
      // Combined values differ in number and order of what reduce sees, not in what they add up to.
      expect(made.parts.map(textOf)).toEqual(without.parts.map(textOf))
      for (const name of ['map.input.records', 'map.output.records', 'reduce.input.groups', 'reduce.output.records', 'user.lines', 'user.lines that are nowhere', 'user.values']) {
        expect([name, made.counters[name] ?? 0]).toEqual([name, without.counters[name] ?? 0])
        expect([name, oracle.counters[name] ?? 0]).toEqual([name, without.counters[name] ?? 0])
      }
    }), { numRuns: 60 })
    expect(skips).toBeGreaterThan(60)
  })

  it('keeps what combining adds up to', async () => {
    const aversion = { every: 3, seed: 7 }
    const program: WrittenProgram = { ...finicky(aversion, sum), reduce: sum }
    const content = utf8('sea whale sea\nwhite\nthe sea the whale\n'.repeat(50))
    const { parts } = await sequential({ ...calm(program, aversion), reduce: sum }, [{ path: FILE, content }], { reducers: 2 })
    const made = await runJob({ program, content, cuts: [100, 777], reducers: 2, bufferBytes: 300, draftBytes: 50, skipBadRecords: 1000 })
    expect(made.counters['map.skipped.records']).toBeGreaterThan(10)
    expect(made.parts.map(textOf)).toEqual(parts.map(textOf))
  })
})

const work: MapWork = { kind: 'map', task: 0, reducers: 1, args: {}, splits: [], skipBadRecords: 2 }

async function map (text: string, program: Program, more: Partial<MapWork> = {}, scratch: Scratch = memoryScratch()): Promise<TaskFiles> {
  const content = utf8(text)
  const read: ReadContent = async function * (_, { offset = 0, length = Infinity }) { yield content.subarray(offset, Math.min(content.length, offset + length)) }
  return await runMapTask({ ...work, splits: splitsOf(content, []), ...more }, { program, read, scratch, draftBytes: 1000 })
}

async function reduce (pairs: Pair[], program: Program, more: Partial<ReduceWork> = {}, scratch: Scratch = memoryScratch()): Promise<{ text: string, counters: Counters, skipped: SkippedRecord[] }> {
  const run = runOf(pairs)
  const read: ReadContent = async function * () { yield run }
  const { outputs, ...rest } = await runReduceTask({ kind: 'reduce', task: 0, args: {}, separator: ' ', runs: [{ mapTask: 0, cid: 'run', bytes: run.length }], skipBadRecords: 2, ...more }, { program, read, scratch })
  return { text: textOf(bytesOf(outputs[0]!.file)), ...rest }
}

/** Throws for the lines and keys that say so. */
const touchy: Program = {
  input: 'lines',
  map ({ value }, emit) {
    emit(String(value), 1)
    if (String(value).includes('bad')) throw new TypeError('cannot stand it')
  },
  reduce (key, values, emit) {
    for (const value of values) emit(key, value)
    if (String(key).includes('bad')) throw new TypeError('cannot stand it')
  }
}

describe('a map that may skip', () => {
  it('fails at one record more, with its place, the option and the program\'s stack', async () => {
    await expect(map('bad\nbad\n', touchy)).resolves.toMatchObject({ counters: { 'map.skipped.records': 2 } })
    await expect(map('bad\nbad\ngood\nbad\n', touchy)).rejects.toMatchObject({
      code: 'PROGRAM',
      message: 'map threw at text.txt, offset 13: TypeError: cannot stand it; the program threw 3 times in this task, and --skip-bad-records allows 2',
      programStack: expect.stringContaining('TypeError: cannot stand it\n')
    })
  })

  it('does as before where it may skip none', async () => {
    await expect(map('good\nbad\n', touchy, { skipBadRecords: 0 })).rejects.toMatchObject({ message: 'map threw at text.txt, offset 5: TypeError: cannot stand it' })
  })

  it('skips a record whose pair cannot be one', async () => {
    const program: Program = { ...touchy, map: ({ value, offset }, emit) => { emit('first', offset); emit(String(value), value === 'bad' ? undefined as unknown as Datum : 1) } }
    const { skipped, counters, outputs } = await map('bad\ngood\n', program)
    expect(skipped).toEqual([{ file: FILE, offset: 0, message: 'ProgramError: undefined cannot be a value' }])
    expect([counters['map.output.records'], outputs[0]!.records]).toEqual([2, 2])
  })

  it('keeps a record whose program caught what emit threw', async () => {
    const program: Program = { ...touchy, map: ({ value }, emit) => { try { emit('x', NaN) } catch { emit(String(value), 1) } } }
    expect((await map('a\nb\n', program)).counters).toMatchObject({ 'map.output.records': 2 })
    expect((await sequential(program, [{ path: FILE, content: utf8('a\nb\n') }], { reducers: 1, skipBadRecords: 2 })).counters).toMatchObject({ 'map.output.records': 2 })
  })

  it('lists the first of them, cut to a length, and counts all', async () => {
    const program: Program = { ...touchy, map: ({ offset }) => { throw new Error(`${'🐋'.repeat(200)} ${offset}\n\ud800`) } }
    const { skipped, counters } = await map('\n'.repeat(250), program, { skipBadRecords: 250 })
    expect(skipped).toHaveLength(MAX_SKIPPED_LISTED)
    expect(skipped.map(({ offset }) => offset)).toEqual(Array.from({ length: MAX_SKIPPED_LISTED }, (_, i) => i))
    expect(counters['map.skipped.records']).toBe(250)
    for (const { message } of skipped) {
      expect(message.length).toBe(MAX_SKIPPED_MESSAGE_CHARS)
      expect(message.isWellFormed()).toBe(true)
    }
  })

  it('holds back many pairs of one record in scratch, and leaves nothing there of those skipped', async () => {
    const inner = memoryScratch()
    let made = 0
    let removed = 0
    const scratch: Scratch = {
      create: () => {
        made++
        const out = inner.create()
        return { write: bytes => { out.write(bytes) }, close: () => { const file = out.close(); return { bytes: file.bytes, read: (into, at) => file.read(into, at), remove: () => { removed++; file.remove() } } } }
      }
    }
    const many: Program = { ...touchy, map ({ value }, emit) { for (let i = 0; i < 500; i++) emit(`${value} ${i}`, { i }); if (value === 'bad') throw new Error('in the end') } }
    const { outputs, counters } = await map('good\nbad\n', many, {}, scratch)
    expect([counters['map.output.records'], outputs[0]!.records]).toEqual([500, 500])
    expect(made).toBe(3) // two drafts and the run
    expect(removed).toBe(2)
  })

  it('does not skip over a scratch that fails, though the program throws its own error instead', async () => {
    const scratch: Scratch = { create: () => { throw new Error('ENOSPC') } }
    const program: Program = { ...touchy, map (_, emit) { try { for (;;) emit('x'.repeat(100), 1) } catch { throw new Error('mine') } } }
    await expect(map('a\n', program, {}, scratch)).rejects.toMatchObject({ code: 'STORAGE', message: expect.stringContaining('ENOSPC') })
  })

  it.each<[string, Partial<Program>, string]>([
    ['combine', { combine: () => { throw new Error('from combine') } }, 'combine threw at key "good": Error: from combine'],
    ['partition', { partition: () => { throw new Error('from partition') } }, 'partition threw at key "good": Error: from partition'],
    ['a map that is async', { map: (async () => { throw new Error('later') }) as never }, 'map returned a promise'],
    ['a map that is a generator', { map: function * () { yield 1 } as never }, 'map returned an iterator']
  ])('does not skip what %s does wrong', async (_, part, message) => {
    await expect(map('good\ngood\n', { ...touchy, ...part })).rejects.toMatchObject({ code: 'PROGRAM', message: expect.stringContaining(message) })
  })

  it('does not skip input that is none, or one counter too many', async () => {
    await expect(map('1\n{\n', { ...touchy, input: 'ndjson' })).rejects.toMatchObject({ code: 'BAD_INPUT' })
    const counting: Program = { ...touchy, map: ({ offset }, _, { count }) => { count(`at ${offset}`) } }
    await expect(map('\n'.repeat(201), counting)).rejects.toMatchObject({ code: 'PROGRAM', message: expect.stringContaining('200 counters') })
  })

  it('counts no counters of skipped records against their bound', async () => {
    const counting: Program = { ...touchy, map: ({ offset }, _, { count }) => { count(`at ${offset}`); throw new Error('no') } }
    const { counters } = await map('\n'.repeat(300), counting, { skipBadRecords: 300 })
    expect(Object.keys(counters).filter(name => name.startsWith('user.'))).toEqual([])
  })

  it('refuses an emit that is kept for later', async () => {
    let kept: ((key: Datum, value: Datum) => void) | undefined
    const program: Program = { ...touchy, map (_, emit) { kept = emit } }
    await map('a\n', program)
    expect(() => kept?.('late', 1)).toThrow('emit was called after map had returned')
  })
})

describe('a reduce that may skip', () => {
  it('drops the lines of a key, passes over its values, and says which it was', async () => {
    const { text, counters, skipped } = await reduce([['a', 1], ['bad', 2], ['bad', 3], ['c', 4]], touchy)
    expect(text).toBe('a 1\nc 4\n')
    expect(skipped).toEqual([{ key: '"bad"', message: 'TypeError: cannot stand it' }])
    expect(counters).toMatchObject({ 'reduce.input.groups': 3, 'reduce.input.records': 4, 'reduce.output.records': 2, 'reduce.skipped.groups': 1 })
  })

  it('fails at one key more, and names it and the option', async () => {
    await expect(reduce([['bad 1', 1], ['bad 2', 2], ['bad 3', 3]], touchy)).rejects.toMatchObject({
      message: 'reduce threw at key "bad 3": TypeError: cannot stand it; the program threw 3 times in this task, and --skip-bad-records allows 2'
    })
    await expect(reduce([['bad', 1]], touchy, { skipBadRecords: 0 })).rejects.toMatchObject({ message: 'reduce threw at key "bad": TypeError: cannot stand it' })
  })

  it('drops and keeps output of many buffers', async () => {
    const pad = 'x'.repeat(1000)
    const program: Program = { ...touchy, reduce (key, values, emit) { for (const value of values) emit(key, `${pad}${value}`); if (key === 'bad') throw new Error('in the end') } }
    const pairs = ['a', 'bad', 'c'].flatMap(key => Array.from({ length: 1000 }, (_, i): Pair => [key, i]))
    const { text, counters } = await reduce(pairs, program)
    expect(text).toBe(['a', 'c'].flatMap(key => Array.from({ length: 1000 }, (_, i) => `${key} ${pad}${i}\n`)).join(''))
    expect(counters['reduce.output.records']).toBe(2000)
  })

  it('does not skip a malformed run, though the program throws its own error instead', async () => {
    const run = runOf([['a', 1], ['a', 2]])
    run[run.length - 8] = 99 // the tag of the last value
    const program: Program = { ...touchy, reduce (_, values, emit) { try { emit('n', [...values].length) } catch { throw new Error('mine') } } }
    const read: ReadContent = async function * () { yield run }
    await expect(runReduceTask({ kind: 'reduce', task: 0, args: {}, separator: ' ', runs: [{ mapTask: 0, cid: 'run', bytes: run.length }], skipBadRecords: 9 }, { program, read, scratch: memoryScratch() }))
      .rejects.toMatchObject({ code: 'INPUT_LOST' })
  })
})

describe('the oracle', () => {
  const run = async (text: string, skipBadRecords: number): Promise<string[]> => {
    const { parts } = await sequential(touchy, [{ path: FILE, content: utf8(text) }], { reducers: 1, skipBadRecords })
    return parts.map(textOf)
  }

  it('has one bound for the whole job, maps and reduces together', async () => {
    // Its key makes reduce throw; its record makes map throw.
    const program: Program = { ...touchy, map: ({ value }, emit) => { emit(String(value), 1); if (value === 'bad map') throw new TypeError('cannot stand it') } }
    const input = [{ path: FILE, content: utf8('bad map\nbad reduce\ngood\n') }]
    const { parts, skipped, counters } = await sequential(program, input, { reducers: 1, skipBadRecords: 2 })
    expect(parts.map(textOf)).toEqual(['good 1\n'])
    expect(skipped).toEqual([{ file: FILE, offset: 0, message: 'TypeError: cannot stand it' }, { key: '"bad reduce"', message: 'TypeError: cannot stand it' }])
    expect(counters).toMatchObject({ 'map.input.records': 3, 'map.skipped.records': 1, 'reduce.skipped.groups': 1 })
    await expect(sequential(program, input, { reducers: 1, skipBadRecords: 1 })).rejects.toThrow('cannot stand it')
  })

  it('throws at once where it may skip none', async () => {
    await expect(run('good\nbad\n', 0)).rejects.toThrow('cannot stand it')
    expect(await run('good\nbad\n', 1)).toEqual(['good 1\n'])
  })

  it('writes no half of a line that cannot be written', async () => {
    const program: Program = { ...touchy, reduce (key, _, emit) { try { emit(key, NaN) } catch { emit(key, 'fine') } } }
    const { parts, counters } = await sequential(program, [{ path: FILE, content: utf8('a\n') }], { reducers: 1 })
    expect(parts.map(textOf)).toEqual(['a fine\n'])
    expect(counters['reduce.output.records']).toBe(1)
  })
})
