import { planMapTasks, type FileEntry, type Files, type InputFormat, type ReadOptions, type Split, type SplitRange } from '@ipfs-mapreduce/mapreduce'
import type { TaskRecord, TaskTable } from './task-table.ts'

/** Tasks whose holders are asked for at once. */
const PLAN_BATCH = 512
/** Blocks by which a task's holders are found: enough to tell, few enough to ask for a million tasks. */
export const LOCALITY_SAMPLE = 8

export interface PlannedTask {
  splits: SplitRange[]
  sample: string[]
}

export interface Plan {
  inputBytes: number
  tasks: AsyncIterable<PlannedTask>
}

/** Walks the input to its leaves and groups them into map tasks, in input order. */
export async function planInput (
  files: Pick<Files, 'walk' | 'leaves'>,
  input: string,
  { format, splitBytes, ...options }: ReadOptions & { format: InputFormat, splitBytes: number }
): Promise<Plan> {
  const entries: FileEntry[] = []
  for await (const entry of files.walk(input, options)) entries.push(entry)
  const inputBytes = entries.reduce((sum, { bytes }) => sum + bytes, 0)
  const sizes = new Map(entries.map(({ path, bytes }) => [path, bytes]))

  async function * withLeaves (): AsyncGenerator<{ entry: FileEntry, leaves: ReturnType<Files['leaves']> }> {
    for (const entry of entries) yield { entry, leaves: files.leaves(entry.cid, { ...options, bytes: entry.bytes }) }
  }

  async function * tasks (): AsyncGenerator<PlannedTask> {
    for await (const splits of planMapTasks(withLeaves(), { format, splitBytes, totalBytes: inputBytes })) {
      yield {
        splits: splits.map(({ file, cid, offset, length }) => ({ file, cid, offset, length, fileBytes: sizes.get(file)! })),
        sample: sampleBlocks(splits)
      }
    }
  }
  return { inputBytes, tasks: tasks() }
}

/** Fills a table with the planned tasks, and asks who holds their blocks a batch at a time. */
export async function fillTable (table: TaskTable, { tasks }: Plan, locateAll: (tasks: TaskRecord[]) => Promise<void>): Promise<void> {
  let located = 0
  for await (const { splits, sample } of tasks) {
    table.add(splits, sample)
    if (table.records.length - located < PLAN_BATCH) continue
    await locateAll(table.records.slice(located))
    located = table.records.length
  }
  await locateAll(table.records.slice(located))
}

/** Up to `LOCALITY_SAMPLE` blocks, evenly spread. */
function sampleBlocks (splits: Split[]): string[] {
  const blocks = splits.flatMap(({ blocks }) => blocks)
  if (blocks.length <= LOCALITY_SAMPLE) return blocks
  return Array.from({ length: LOCALITY_SAMPLE }, (_, i) => blocks[Math.floor(i * blocks.length / LOCALITY_SAMPLE)]!)
}
