import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MAX_RECORD_BYTES, MAX_SPLIT_BYTES, MIN_SPLIT_BYTES } from './constants.ts'
import type { Leaf } from './files.ts'
import type { Split } from './job.ts'
import type { InputFormat } from './program.ts'
import { MAX_TASK_SPLITS, planMapTasks } from './split.ts'
import type { PlanFile } from './split.ts'

const KIB = 1024

/** Files named f0, f1, … of leaves of these sizes. */
async function * filesOf (sizes: number[][]): AsyncGenerator<PlanFile> {
  for (const [index, leaves] of sizes.entries()) {
    const bytes = leaves.reduce((sum, size) => sum + size, 0)
    yield { entry: { path: `f${index}`, cid: `cid${index}`, bytes }, leaves: leavesOf(index, leaves) }
  }
}

async function * leavesOf (file: number, sizes: number[]): AsyncGenerator<Leaf> {
  let offset = 0
  for (const [index, bytes] of sizes.entries()) {
    yield { cid: `b${file}.${index}`, offset, bytes }
    offset += bytes
  }
}

async function plan (sizes: number[][], splitBytes: number, format: InputFormat = 'lines', totalBytes = sizes.flat().reduce((sum, size) => sum + size, 0)): Promise<Split[][]> {
  return await collect(planMapTasks(filesOf(sizes), { format, splitBytes, totalBytes }))
}

async function collect (tasks: AsyncIterable<Split[]>): Promise<Split[][]> {
  const collected: Split[][] = []
  for await (const task of tasks) collected.push(task)
  return collected
}

/** Tasks as `file[offset, end)`, readable. */
function shown (tasks: Split[][]): string[] {
  return tasks.map(splits => splits.map(({ file, offset, length }) => `${file}[${offset},${offset + length})`).join(' '))
}

describe('planMapTasks', () => {
  it('covers every byte once, in order, in splits that end at leaf edges', async () => {
    const sizes = fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 12 }), { maxLength: 12 })
    await fc.assert(fc.asyncProperty(sizes, fc.integer({ min: 1, max: 200 }), fc.constantFrom<InputFormat>('lines', 'ndjson', 'csv', { bytes: 3 }), async (sizes, splitBytes, format) => {
      const tasks = await plan(sizes, splitBytes, format)
      const covered = tasks.flat().flatMap(({ file, offset, length }) => Array.from({ length }, (_, index) => `${file}:${offset + index}`))
      expect(covered).toEqual(sizes.flatMap((leaves, file) => Array.from({ length: leaves.reduce((a, b) => a + b, 0) }, (_, index) => `f${file}:${index}`)))
      expect(tasks.flat().flatMap(({ blocks }) => blocks)).toEqual(blocksOf(sizes, format))
      for (const task of tasks) {
        const bytes = task.reduce((sum, { length }) => sum + length, 0)
        // More than the target only where one leaf, or one whole file, has more.
        expect(bytes <= splitBytes || (task.length === 1 && (format === 'csv' || task[0]?.blocks.length === 1))).toBe(true)
      }
    }))
  })

  function blocksOf (sizes: number[][], format: InputFormat): string[] {
    return sizes.flatMap((leaves, file) => leaves.flatMap((bytes, index) =>
      bytes > 0 || (format === 'csv' && leaves.some(size => size > 0)) ? [`b${file}.${index}`] : []))
  }

  it('puts consecutive small files and remainders into one task', async () => {
    expect(shown(await plan([[10, 10, 5], [3], [2, 10], [4]], 20))).toEqual([
      'f0[0,20)',
      'f0[20,25) f1[0,3) f2[0,12)',
      'f3[0,4)'
    ])
  })

  it('makes a split of a leaf that is larger than a split', async () => {
    expect(shown(await plan([[5], [30, 5, 30]], 20))).toEqual(['f0[0,5)', 'f1[0,30)', 'f1[30,35)', 'f1[35,65)'])
  })

  it('cuts a leaf that is larger than a task, as if its parts were leaves', async () => {
    const MIB = 1024 * KIB
    for (const leaves of [1, 5, 6]) {
      const large = Array.from({ length: leaves }, () => MIB)
      expect(shown(await plan([large], 0))).toEqual(shown(await plan([large.flatMap(() => [256 * KIB, 256 * KIB, 256 * KIB, 256 * KIB])], 0)))
    }
    const tasks = await plan([[MIB, MIB + 1]], 700 * KIB)
    expect(tasks.map(([split]) => [split!.length / KIB, split!.blocks])).toEqual([[512, ['b0.0']], [512, ['b0.0']], [512, ['b0.1']], [512 + 1 / KIB, ['b0.1']]])
    expect(shown(await plan([[MIB, MIB]], 64))).toHaveLength(8)
  })

  it('names a block once that two parts of a split lie in', async () => {
    const [[split] = []] = await plan([[1024 * KIB, 100]], 1024 * KIB - 1, 'lines')
    expect(split?.blocks).toEqual(['b0.0'])
  })

  it('never cuts a file of a whole-file format', async () => {
    expect(shown(await plan([[5], [10, 10, 10], [5], [5]], 20, 'csv'))).toEqual(['f0[0,5)', 'f1[0,30)', 'f2[0,5) f3[0,5)'])
  })

  it('keeps an empty file where it is a record, and drops it elsewhere', async () => {
    expect(shown(await plan([[], [5], [0], []], 20, 'text'))).toEqual(['f0[0,0) f1[0,5) f2[0,0) f3[0,0)'])
    expect(shown(await plan([[], [5], [0]], 20))).toEqual(['f1[0,5)'])
    expect(await plan([], 20, 'text')).toEqual([])
    expect(await plan([[]], 0)).toEqual([])
  })

  it('bounds the splits of a task, however small the files', async () => {
    const tasks = await plan(Array.from({ length: MAX_TASK_SPLITS + 1 }, () => [1, 1]), 1_000_000)
    expect(tasks.map(task => task.length)).toEqual([MAX_TASK_SPLITS, 1])
    expect(tasks[0]?.at(-1)?.length).toBe(2)
  })

  it('chooses the split size by the input alone', async () => {
    const leaves = Array.from({ length: 4096 }, () => 256 * KIB)
    expect(await taskSizes(leaves, 1024 * 1024 * KIB)).toEqual([...Array.from({ length: 23 }, () => MAX_SPLIT_BYTES), 12 * 1024 * KIB])
    expect(await taskSizes(leaves.slice(0, 64), 16 * 1024 * KIB)).toEqual(Array.from({ length: 8 }, () => 2048 * KIB))
    expect(await taskSizes(leaves.slice(0, 3), 3 * 256 * KIB)).toEqual([MIN_SPLIT_BYTES, MIN_SPLIT_BYTES, MIN_SPLIT_BYTES])
  })

  async function taskSizes (leaves: number[], totalBytes: number): Promise<number[]> {
    return (await plan([leaves], 0, 'lines', totalBytes)).map(task => task.reduce((sum, { length }) => sum + length, 0))
  }

  it('takes no more leaves than the task that it yields, and the next leaf, need', async () => {
    let taken = 0
    async function * counted (): AsyncGenerator<Leaf> {
      for await (const leaf of leavesOf(0, Array.from({ length: 1000 }, () => 10))) {
        taken++
        yield leaf
      }
    }
    async function * files (): AsyncGenerator<PlanFile> {
      yield { entry: { path: 'f0', cid: 'cid0', bytes: 10_000 }, leaves: counted() }
    }
    await planMapTasks(files(), { format: 'lines', splitBytes: 50, totalBytes: 10_000 }).next()
    expect(taken).toBe(6)
  })

  it('refuses a split size that is none, and a text that is too large', async () => {
    await expect(plan([[1]], -1)).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('split size -1') })
    await expect(plan([[1]], 1.5)).rejects.toMatchObject({ code: 'BAD_INPUT' })
    await expect(plan([[MAX_RECORD_BYTES, 1]], 0, 'text')).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('f0: 268435457 bytes') })
  })

  it('refuses more map tasks than a job may have, with advice', async () => {
    async function * many (): AsyncGenerator<Leaf> {
      for (let offset = 0; offset <= 1_000_000; offset++) yield { cid: 'b', offset, bytes: 1 }
    }
    async function * files (): AsyncGenerator<PlanFile> {
      yield { entry: { path: 'f0', cid: 'cid0', bytes: 1_000_001 }, leaves: many() }
    }
    const consume = async (): Promise<number> => {
      let tasks = 0
      for await (const task of planMapTasks(files(), { format: 'lines', splitBytes: 1, totalBytes: 1_000_001 })) tasks += task.length
      return tasks
    }
    await expect(consume()).rejects.toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining('choose a larger split size') })
  })

  it('refuses leaves that do not cover their file', async () => {
    async function * files (bytes: number, gap: number): AsyncGenerator<PlanFile> {
      async function * leaves (): AsyncGenerator<Leaf> {
        yield { cid: 'a', offset: 0, bytes: 5 }
        yield { cid: 'b', offset: 5 + gap, bytes: 5 }
      }
      yield { entry: { path: 'f0', cid: 'cid0', bytes }, leaves: leaves() }
    }
    const options = { format: 'lines' as const, splitBytes: 4, totalBytes: 10 }
    await expect(collect(planMapTasks(files(10, 1), options))).rejects.toMatchObject({ code: 'FATAL', message: expect.stringContaining('leaf b lies at 6') })
    await expect(collect(planMapTasks(files(11, 0), options))).rejects.toMatchObject({ code: 'FATAL', message: expect.stringContaining('10 bytes, the file 11') })
  })
})
