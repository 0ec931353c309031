import { createReadStream } from 'node:fs'
import { lstat, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { Counters, SkippedRecord, TaskOutput, TaskResult, Work } from '@ipfs-mapreduce/mapreduce'
import { OUTPUT_READ_BYTES } from './constants.ts'
import { asMapReduceError } from './failure.ts'
import type { MadeFile } from './messages.ts'

export interface MadeFiles {
  /** The attempt's directory, in the reach of its executor. */
  from: string
  /** Where its files go, out of that reach. Must not exist, on the same file system. */
  to: string
  outputs: MadeFile[]
  counters: Counters
  skipped: SkippedRecord[]
}

/** Takes what an attempt made away from its executor. Sizes are the files' own; what an executor claims is checked. */
export async function adoptOutputs (work: Work, { from, to, outputs, counters, skipped }: MadeFiles): Promise<TaskResult> {
  checkPartitions(work, outputs)
  await rename(from, to)
  let released = false
  const adopted = await Promise.all(outputs.map(async ({ name, partition, records }): Promise<TaskOutput> => {
    const path = join(to, name)
    const bytes = await fileBytes(path)
    return { partition, records, bytes, content: () => readFile(path, () => released) }
  }))
  return {
    outputs: adopted.sort((a, b) => a.partition - b.partition),
    counters,
    skipped,
    release: async () => {
      released = true
      await rm(to, { recursive: true, force: true })
    }
  }
}

function checkPartitions (work: Work, outputs: MadeFile[]): void {
  const partitions = new Set(outputs.map(output => output.partition))
  const wrong = work.kind === 'map'
    ? partitions.size < outputs.length || outputs.some(output => output.partition >= work.reducers)
    : outputs.length !== 1 || !partitions.has(work.task)
  if (wrong) throw new MapReduceError('PROGRAM', `the executor reported outputs that do not fit its ${work.kind} task`)
}

async function fileBytes (path: string): Promise<number> {
  const stat = await lstat(path).catch((error: unknown) => { throw asMapReduceError(error, 'an output of the executor is missing') })
  if (!stat.isFile()) throw new MapReduceError('PROGRAM', 'an output of the executor is no plain file')
  return stat.size
}

async function * readFile (path: string, released: () => boolean): AsyncGenerator<Uint8Array> {
  if (released()) throw new MapReduceError('STORAGE', 'the output of this attempt was released')
  try {
    yield * createReadStream(path, { highWaterMark: OUTPUT_READ_BYTES }) as AsyncIterable<Uint8Array>
  } catch (error) {
    throw new MapReduceError('STORAGE', `an output of the executor cannot be read: ${(error as Error).message}`, { cause: error })
  }
}
