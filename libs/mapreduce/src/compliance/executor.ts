import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ByteSink } from '../datum/index.ts'
import { MapReduceError } from '../errors.ts'
import type { Executor, TaskOutput, TaskResult } from '../executor.ts'
import type { MapWork, ReduceWork, RunRef, Work } from '../job.ts'
import { ContentTable } from './content-table.ts'
import { DIVIDES, EMITS_BYTES, FINICKY, FOREVER, KEEPS, LINE_LENGTHS, MAPS_LINES, MAP_THROWS, NO_PROGRAM, NO_SYNTAX, PROMISES, REDUCE_THROWS, SORTS, UNDEFINED_VALUE, WORD_COUNT } from './executor-programs.ts'

export interface ExecutorSetup {
  executor: Executor
  /** A bundle of an ES module's source. */
  bundle: (source: string) => Promise<Uint8Array>
  teardown: () => Promise<void>
}

export interface ExecutorComplianceOptions {
  /** Whether an abort ends a program that never returns. */
  interrupts?: boolean
}

const TEXT = 'the whale\nthe sea\r\n\nthe white whale'

/** What every executor must do, as a jest suite. */
export function executorCompliance (name: string, setup: () => Promise<ExecutorSetup>, { interrupts = false }: ExecutorComplianceOptions = {}): void {
  describe(`${name} as an executor`, () => {
    let made: ExecutorSetup
    let content: ContentTable

    beforeEach(async () => {
      made = await setup()
      content = new ContentTable()
    })
    afterEach(async () => await made.teardown())

    const execute = async (source: string, work: Work, options: { signal?: AbortSignal, onProgress?: (records: number) => void } = {}): Promise<TaskResult> =>
      await made.executor.execute(work, { program: await made.bundle(source), read: content.read, signal: new AbortController().signal, ...options })

    const mapWork = (file: string, text: string, more: Partial<MapWork> = {}): MapWork => {
      const bytes = content.put(file, text)
      return { kind: 'map', task: 0, reducers: 1, args: {}, splits: [{ file, cid: file, offset: 0, length: bytes, fileBytes: bytes }], skipBadRecords: 0, ...more }
    }
    const runsOf = async (result: TaskResult, mapTask: number, partition: number): Promise<RunRef[]> => {
      const outputs = result.outputs.filter(output => output.partition === partition)
      return await Promise.all(outputs.map(async output => {
        const cid = `run-${mapTask}-${partition}`
        return { mapTask, cid, bytes: content.put(cid, await bytesOf(output)) }
      }))
    }
    const reduceWork = (runs: RunRef[], more: Partial<ReduceWork> = {}): ReduceWork => ({ kind: 'reduce', task: 0, args: {}, separator: ' ', runs, skipBadRecords: 0, ...more })
    const mapAndReduce = async (source: string, map: MapWork, more: Partial<ReduceWork> = {}): Promise<string> => {
      const mapped = await execute(source, map)
      const reduced = await execute(source, reduceWork(await runsOf(mapped, map.task, 0), more))
      return await textOf(reduced.outputs[0]!)
    }

    it('maps to one sorted run per partition that has pairs, and reduces them exactly', async () => {
      const bytes = content.put('sea.txt', TEXT)
      const cut = 13 // within `sea`
      const split = (offset: number, length: number): MapWork['splits'] => [{ file: 'sea.txt', cid: 'sea.txt', offset, length, fileBytes: bytes }]
      const maps = await Promise.all([split(0, cut), split(cut, bytes - cut)].map(async (splits, task) =>
        await execute(WORD_COUNT, { kind: 'map', task, reducers: 4, args: {}, splits, skipBadRecords: 0 })))
      const lines: string[] = []
      for (let partition = 0; partition < 4; partition++) {
        const runs = (await Promise.all(maps.map(async (map, task) => await runsOf(map, task, partition)))).flat()
        const reduced = await execute(WORD_COUNT, reduceWork(runs, { task: partition }))
        expect(reduced.outputs).toMatchObject([{ partition }])
        const text = await textOf(reduced.outputs[0]!)
        expect(text.split('\n').slice(0, -1)).toHaveLength(reduced.outputs[0]!.records)
        lines.push(...text.split('\n').slice(0, -1))
      }
      expect(lines.sort()).toEqual(['sea 1', 'the 3', 'whale 2', 'white 1'])
      for (const { outputs } of maps) {
        const partitions = outputs.map(({ partition }) => partition)
        expect(partitions).toEqual([...new Set(partitions)].sort((a, b) => a - b))
        for (const output of outputs) expect(await bytesOf(output)).toHaveLength(output.bytes)
      }
      const sums = (counter: string): number => maps.reduce((sum, { counters }) => sum + counters[counter]!, 0)
      expect([sums('map.input.records'), sums('map.input.bytes'), sums('map.output.records'), sums('user.lines')]).toEqual([4, bytes, 7, 4])
    })

    it('gives the same bytes for the same work', async () => {
      const [one, two] = await Promise.all([1, 2].map(async () => await execute(WORD_COUNT, mapWork('a', TEXT, { reducers: 3 }))))
      expect(one!.outputs.length).toBeGreaterThan(1)
      expect(await Promise.all(one!.outputs.map(bytesOf))).toEqual(await Promise.all(two!.outputs.map(bytesOf)))
    })

    it('hands the program its arguments, and writes the separator', async () => {
      const text = await mapAndReduce(LINE_LENGTHS, mapWork('a', TEXT, { args: { unit: 'chars' } }), { separator: '\t', args: { unit: 'chars' } })
      expect(text).toBe('a\t9 chars,7 chars,0 chars,15 chars\n')
    })

    it('has the program finish each map task', async () => {
      for (const task of [0, 1]) expect(await mapAndReduce(KEEPS, mapWork('a', TEXT, { task }))).toBe('lines 4\n')
      expect((await execute(KEEPS, mapWork('a', TEXT))).counters['user.finished']).toBe(1)
    })

    it('hands a program many lines at once that asks for them', async () => {
      expect(await mapAndReduce(MAPS_LINES, mapWork('a', TEXT))).toBe('newlines 0 3\nnewlines 20 0\n')
    })

    it('passes bytes through unharmed', async () => {
      const bytes = content.put('b', Uint8Array.from({ length: 256 }, (_, i) => i))
      const map: MapWork = { kind: 'map', task: 0, reducers: 1, args: {}, splits: [{ file: 'b', cid: 'b', offset: 0, length: bytes, fileBytes: bytes }], skipBadRecords: 0 }
      expect(await mapAndReduce(EMITS_BYTES, map)).toBe(`256 ${(255 * 256) / 2}\n`)
    })

    it('sorts records without a function of the program', async () => {
      const records = Array.from({ length: 100_000 }, (_, i) => `${String((i * 7919) % 100).padStart(2, '0')}${String(i).padStart(5, '0')}`)
      const sorted = [...records].sort()
      expect(await mapAndReduce(SORTS, mapWork('records', `${records.join('')}0`))).toBe(['0', ...sorted].join(''))
    })

    it('maps an empty file to nothing, and reduces nothing to an empty output', async () => {
      expect((await execute(WORD_COUNT, mapWork('empty', ''))).outputs).toEqual([])
      const { outputs } = await execute(WORD_COUNT, reduceWork([], { task: 7 }))
      expect(outputs).toMatchObject([{ partition: 7, bytes: 0, records: 0 }])
      expect(await textOf(outputs[0]!)).toBe('')
    })

    it('gives outputs of many blocks', async () => {
      const line = 'x'.repeat(999)
      const { outputs } = await execute(DIVIDES, mapWork('big', `${line}\n`.repeat(3000)))
      expect(outputs).toMatchObject([{ records: 3000 }])
      expect(await bytesOf(outputs[0]!)).toHaveLength(outputs[0]!.bytes)
      expect(outputs[0]!.bytes).toBeGreaterThan(3000 * 999)
    })

    it('reports progress', async () => {
      const reports: number[] = []
      await execute(DIVIDES, mapWork('many', 'x\n'.repeat(25_000)), { onProgress: records => reports.push(records) })
      expect(reports.length).toBeGreaterThan(1)
      expect(reports.at(-1)).toBe(25_000)
      expect(reports).toEqual([...reports].sort((a, b) => a - b))
    })

    it.each([
      ['map', MAP_THROWS, 'map threw at sea.txt, offset 10: TypeError: no sea today', 'inner'],
      ['emit', UNDEFINED_VALUE, 'map threw at sea.txt, offset 0: ProgramError: undefined cannot be a value', 'map'],
      ['a map that is async', PROMISES, 'map returned a promise at sea.txt, offset 0', 'map']
    ])('names place and error where %s fails, with the stack', async (_, source, message, frame) => {
      await expect(execute(source, mapWork('sea.txt', TEXT))).rejects.toMatchObject({
        name: 'ProgramError', code: 'PROGRAM', message: expect.stringContaining(message), programStack: expect.stringContaining(frame)
      })
    })

    it('names key and error where reduce throws, with the stack', async () => {
      const mapped = await execute(REDUCE_THROWS, mapWork('sea.txt', TEXT))
      await expect(execute(REDUCE_THROWS, reduceWork(await runsOf(mapped, 0, 0)))).rejects.toMatchObject({
        name: 'ProgramError', code: 'PROGRAM', message: 'reduce threw at key "the": RangeError: too many', programStack: expect.stringContaining('tooMany')
      })
    })

    it('skips the records and keys for which the program throws, and says which', async () => {
      const mapped = await execute(FINICKY, mapWork('sea.txt', TEXT, { skipBadRecords: 1 }))
      expect(mapped.skipped).toEqual([{ file: 'sea.txt', offset: 10, message: 'TypeError: no sea today' }])
      expect(mapped.counters).toMatchObject({ 'map.input.records': 4, 'map.skipped.records': 1, 'map.output.records': 5, 'user.lines': 3 })
      const reduced = await execute(FINICKY, reduceWork(await runsOf(mapped, 0, 0), { skipBadRecords: 1 }))
      expect(await textOf(reduced.outputs[0]!)).toBe('the 2\nwhite 1\n')
      expect(reduced.skipped).toEqual([{ key: '"whale"', message: 'RangeError: no whale either' }])
      expect(reduced.counters).toMatchObject({ 'reduce.input.groups': 3, 'reduce.input.records': 5, 'reduce.skipped.groups': 1, 'reduce.output.records': 2 })
    })

    it('skips nothing where the program throws nothing', async () => {
      const { skipped, counters } = await execute(WORD_COUNT, mapWork('a', TEXT, { skipBadRecords: 3 }))
      expect(skipped).toEqual([])
      expect(counters).toMatchObject({ 'map.output.records': 7, 'user.lines': 4 })
      expect(counters).not.toHaveProperty('map.skipped.records')
    })

    it('fails at the record after those that it may skip, and names it and the option', async () => {
      await expect(execute(FINICKY, mapWork('sea.txt', 'sea\nsea\nsea', { skipBadRecords: 2 }))).rejects.toMatchObject({
        code: 'PROGRAM',
        message: 'map threw at sea.txt, offset 8: TypeError: no sea today; the program threw 3 times in this task, and --skip-bad-records allows 2',
        programStack: expect.stringContaining('noSea')
      })
    })

    it('does not skip what is not the program\'s doing', async () => {
      content.fail('lost', new MapReduceError('BLOCK_UNAVAILABLE', 'block lost: asked nobody'))
      const splits = [{ file: 'a', cid: 'lost', offset: 0, length: 9, fileBytes: 9 }]
      await expect(execute(WORD_COUNT, { kind: 'map', task: 0, reducers: 1, args: {}, splits, skipBadRecords: 9 })).rejects.toMatchObject({ code: 'BLOCK_UNAVAILABLE' })
      await expect(execute(PROMISES, mapWork('a', TEXT, { skipBadRecords: 9 }))).rejects.toMatchObject({ message: expect.stringContaining('map returned a promise at a, offset 0') })
    })

    it.each([['no module', NO_SYNTAX], ['no program', NO_PROGRAM]])('refuses what is %s as FATAL', async (_, source) => {
      await expect(execute(source, mapWork('a', TEXT))).rejects.toMatchObject({ code: 'FATAL', message: expect.stringContaining('program') })
    })

    it('passes on what reading throws', async () => {
      content.fail('lost', new MapReduceError('BLOCK_UNAVAILABLE', 'block lost: asked nobody'))
      const splits = [{ file: 'a', cid: 'lost', offset: 0, length: 9, fileBytes: 9 }]
      await expect(execute(WORD_COUNT, { kind: 'map', task: 0, reducers: 1, args: {}, splits, skipBadRecords: 0 })).rejects.toMatchObject({
        name: 'MapReduceError', code: 'BLOCK_UNAVAILABLE', message: 'block lost: asked nobody'
      })
    })

    it('says which run is malformed', async () => {
      const bytes = content.put('bad', 'this is no run')
      await expect(execute(WORD_COUNT, reduceWork([{ mapTask: 5, cid: 'bad', bytes }]))).rejects.toMatchObject({
        code: 'INPUT_LOST', message: expect.stringContaining('run bad of map task 5')
      })
    })

    it('starts nothing for a signal that was raised before', async () => {
      await expect(execute(WORD_COUNT, mapWork('a', TEXT), { signal: AbortSignal.abort(new Error('too late')) })).rejects.toMatchObject({ code: 'ABORTED' })
      expect(content.reads).toBe(0)
    })

    it('ends with ABORTED while content does not come, and works on', async () => {
      const aborting = new AbortController()
      content.hang('never', () => aborting.abort(new Error('cancelled')))
      const splits = [{ file: 'a', cid: 'never', offset: 0, length: 9, fileBytes: 9 }]
      await expect(execute(WORD_COUNT, { kind: 'map', task: 0, reducers: 1, args: {}, splits, skipBadRecords: 0 }, { signal: aborting.signal })).rejects.toMatchObject({ code: 'ABORTED' })
      expect(await mapAndReduce(WORD_COUNT, mapWork('a', 'one'))).toBe('one 1\n')
    })

    if (interrupts) {
      it('ends with ABORTED a program that never returns', async () => {
        const aborting = new AbortController()
        const work = mapWork('a', TEXT)
        content.onRead('a', () => aborting.abort(new Error('cancelled')))
        await expect(execute(FOREVER, work, { signal: aborting.signal })).rejects.toMatchObject({ code: 'ABORTED' })
      })
    }

    it('keeps overlapping attempts apart', async () => {
      const words = ['ant', 'bee', 'cat', 'dog']
      const results = await Promise.all(words.map(async (word, i) => {
        const map = mapWork(word, `${word} `.repeat(i + 1), { task: i })
        return await mapAndReduce(WORD_COUNT, map)
      }))
      expect(results).toEqual(['ant 1\n', 'bee 2\n', 'cat 3\n', 'dog 4\n'])
    })

    it('fails one of two overlapping attempts alone', async () => {
      const [good, bad] = await Promise.allSettled([execute(WORD_COUNT, mapWork('good', TEXT)), execute(MAP_THROWS, mapWork('sea.txt', TEXT))])
      expect([good.status, bad.status]).toEqual(['fulfilled', 'rejected'])
    })

    it('frees an attempt\'s outputs on release, and no others', async () => {
      const [one, two] = await Promise.all([execute(WORD_COUNT, mapWork('a', 'one')), execute(WORD_COUNT, mapWork('b', 'two'))])
      await one.release()
      await one.release()
      await expect(bytesOf(one.outputs[0]!)).rejects.toThrow()
      expect(await bytesOf(two.outputs[0]!)).toHaveLength(two.outputs[0]!.bytes)
    })

    it('runs nothing once it is closed', async () => {
      await made.executor.close()
      await made.executor.close()
      await expect(execute(WORD_COUNT, mapWork('a', TEXT))).rejects.toMatchObject({ code: 'ABORTED' })
    })
  })
}

async function bytesOf (output: TaskOutput): Promise<Uint8Array> {
  const sink = new ByteSink()
  for await (const chunk of output.content()) sink.append(chunk)
  return sink.toBytes()
}

async function textOf (output: TaskOutput): Promise<string> {
  return new TextDecoder().decode(await bytesOf(output))
}
