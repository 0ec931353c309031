import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runMapTask, runReduceTask, scratchContent } from '@ipfs-mapreduce/mapreduce'
import type { ReadContent, RunRef, ScratchFile, SplitRange } from '@ipfs-mapreduce/mapreduce'
import { startClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { fileScratch } from './file-scratch.ts'
import { boundsOf, fileName } from './workloads.ts'
import type { Workload } from './workloads.ts'

export interface TasksOptions {
  splitBytes: number
  reducers: number
  bufferBytes?: number
}

export interface TasksResult {
  map: Clock
  reduce: Clock
  outputBytes: number
}

/** UnixFS leaves by default. */
const BLOCK_BYTES = 256 * 1024
const INPUT = 'input'

/** Runs a job's tasks one after another, with scratch in files. */
export async function runTasks ({ program, input, args, fileBytes }: Workload, path: string, { splitBytes, reducers, bufferBytes }: TasksOptions): Promise<TasksResult> {
  const directory = mkdtempSync(join(tmpdir(), 'ipmr-benchmark-'))
  const scratch = fileScratch(directory)
  const runs = new Map<string, ScratchFile>()
  const refs = Array.from({ length: reducers }, (): RunRef[] => [])
  const read: ReadContent = (cid, { offset = 0, length = Infinity }) => cid === INPUT ? fileBlocks(path, offset, offset + length) : scratchContent(runs.get(cid)!)
  try {
    const stopMap = startClock()
    for (const [task, splits] of tasksOf(path, splitBytes, fileBytes).entries()) {
      const { outputs } = await runMapTask({ kind: 'map', task, reducers, args, splits, skipBadRecords: 0, ...program.partition === 'range' && { bounds: boundsOf(input, reducers) } }, { program, read, scratch, bufferBytes })
      for (const { partition, file } of outputs) {
        const cid = `${task}-${partition}`
        runs.set(cid, file)
        refs[partition]!.push({ mapTask: task, cid, bytes: file.bytes })
      }
    }
    const map = stopMap()
    const stopReduce = startClock()
    let outputBytes = 0
    for (const [task, runs] of refs.entries()) {
      const { outputs } = await runReduceTask({ kind: 'reduce', task, args, separator: ' ', runs, skipBadRecords: 0 }, { program, read, scratch })
      outputBytes += outputs[0]!.file.bytes
    }
    return { map, reduce: stopReduce(), outputBytes }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** The splits of each task: one, or many small files. */
function tasksOf (path: string, splitBytes: number, smallBytes = Infinity): SplitRange[][] {
  const fileBytes = statSync(path).size
  const bytes = Math.min(splitBytes, smallBytes)
  const splits = Array.from({ length: Math.ceil(fileBytes / bytes) }, (_, i): SplitRange =>
    ({ file: smallBytes === Infinity ? INPUT : fileName(smallBytes, i * bytes), cid: INPUT, offset: i * bytes, length: Math.min(bytes, fileBytes - i * bytes), fileBytes }))
  const perTask = Math.ceil(splitBytes / bytes)
  return Array.from({ length: Math.ceil(splits.length / perTask) }, (_, task) => splits.slice(task * perTask, (task + 1) * perTask))
}

/** The bytes of a file from `from` to `to`, each block in memory of its own. */
export async function * fileBlocks (path: string, from: number, to: number): AsyncGenerator<Uint8Array> {
  yield * fileBlocksSync(path, from, to)
}

export function * fileBlocksSync (path: string, from: number, to: number): Generator<Uint8Array> {
  const fd = openSync(path, 'r')
  try {
    for (let position = from; position < to;) {
      const block = new Uint8Array(Math.min(BLOCK_BYTES, to - position))
      const count = readSync(fd, block, 0, block.length, position)
      if (count === 0) return
      position += count
      yield block.subarray(0, count)
    }
  } finally {
    closeSync(fd)
  }
}
