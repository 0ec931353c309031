import { MAX_MAP_TASKS, MAX_RECORD_BYTES, MAX_SPLIT_BYTES, MIN_SPLIT_BYTES, TARGET_MAP_TASKS } from './constants.ts'
import { MapReduceError } from './errors.ts'
import type { FileEntry, Leaf } from './files.ts'
import type { Split } from './job.ts'
import type { InputFormat } from './program.ts'
import { wholeFile } from './records/input-format.ts'

/** Most splits of one map task, so that an assignment of many tiny files fits into one message. */
export const MAX_TASK_SPLITS = 256

/** A file of the input and its leaves in order. */
export interface PlanFile {
  entry: FileEntry
  leaves: AsyncIterable<Leaf>
}

/** What decides where an input is cut. */
export interface PlanOptions {
  format: InputFormat
  /** Target bytes of a map task; 0 chooses by `totalBytes`. */
  splitBytes: number
  /** Bytes of all files together. */
  totalBytes: number
}

/**
 * Groups the leaves of the input into map tasks; each yielded array is one task's splits in input order.
 *
 * A function of the input alone: which peers there are does not change it, and so not the CIDs of runs.
 * Files come sorted by path. A split ends where a leaf ends; small files and what remains of large ones share a
 * task until it has `splitBytes`. A leaf that is larger is cut into parts of `MIN_SPLIT_BYTES`. A task has more only
 * where one such part, or one file of a whole-file format, has.
 * Empty files are dropped, except where a whole empty file is a record (`text`). At most one task's leaves are in memory.
 *
 * Throws `BAD_INPUT` where there would be more than `MAX_MAP_TASKS` tasks, or a file is too large for its format.
 */
export async function * planMapTasks (files: AsyncIterable<PlanFile>, options: PlanOptions): AsyncGenerator<Split[]> {
  const target = targetBytes(options)
  let task: Split[] = []
  let taskBytes = 0
  let tasks = 0
  for await (const split of pieces(files, options.format, target)) {
    const full = taskBytes + split.length > target || (task.length === MAX_TASK_SPLITS && !continues(split))
    if (task.length > 0 && full) {
      checkTasks(++tasks, target)
      yield task
      task = []
      taskBytes = 0
    }
    append(task, split)
    taskBytes += split.length
  }
  if (task.length > 0) {
    checkTasks(++tasks, target)
    yield task
  }
}

/** Bytes that a map task is filled up to. */
function targetBytes ({ splitBytes, totalBytes }: PlanOptions): number {
  if (!Number.isInteger(splitBytes) || splitBytes < 0) {
    throw new MapReduceError('BAD_INPUT', `split size ${splitBytes}: must be a whole number of bytes, or 0 to choose by the input's size`)
  }
  if (splitBytes > 0) {
    return splitBytes
  }
  return Math.min(Math.max(Math.ceil(totalBytes / TARGET_MAP_TASKS), MIN_SPLIT_BYTES), MAX_SPLIT_BYTES)
}

/** What no task may cut further: a leaf, or a part of one that is larger than a task, or a whole file. */
async function * pieces (files: AsyncIterable<PlanFile>, format: InputFormat, taskBytes: number): AsyncGenerator<Split> {
  const whole = wholeFile(format)
  for await (const { entry, leaves } of files) {
    if (format === 'text' && entry.bytes > MAX_RECORD_BYTES) {
      throw new MapReduceError('BAD_INPUT', `${entry.path}: ${entry.bytes} bytes are more than the ${MAX_RECORD_BYTES} that text hands to map whole; use lines`)
    }
    const blocks: string[] = []
    let position = 0
    for await (const leaf of leaves) {
      checkLeaf(entry, leaf, position)
      position += leaf.bytes
      if (whole) {
        blocks.push(leaf.cid)
      } else {
        const partBytes = leaf.bytes > taskBytes ? MIN_SPLIT_BYTES : leaf.bytes
        for (let at = 0; at < leaf.bytes; at += partBytes) {
          yield { file: entry.path, cid: entry.cid, offset: leaf.offset + at, length: Math.min(partBytes, leaf.bytes - at), blocks: [leaf.cid] }
        }
      }
    }
    if (position !== entry.bytes) {
      throw new MapReduceError('FATAL', `${entry.path} (${entry.cid}): its leaves have ${position} bytes, the file ${entry.bytes}`)
    }
    if (whole && (entry.bytes > 0 || format === 'text')) {
      yield { file: entry.path, cid: entry.cid, offset: 0, length: entry.bytes, blocks }
    }
  }
}

/** A gap between leaves would be input that no task maps. */
function checkLeaf (entry: FileEntry, leaf: Leaf, position: number): void {
  if (leaf.offset !== position) {
    throw new MapReduceError('FATAL', `${entry.path} (${entry.cid}): leaf ${leaf.cid} lies at ${leaf.offset}, the one before it ends at ${position}`)
  }
}

/** Adds a piece to a task: one that goes on in a file makes the last split longer. */
function append (task: Split[], piece: Split): void {
  const last = task.at(-1)
  if (last !== undefined && continues(piece)) {
    last.length += piece.length
    last.blocks.push(...piece.blocks.filter(cid => cid !== last.blocks.at(-1)))
  } else {
    task.push(piece)
  }
}

/** Whether a piece goes on in the file of the piece before it. */
function continues (piece: Split): boolean {
  return piece.offset > 0
}

function checkTasks (tasks: number, target: number): void {
  if (tasks > MAX_MAP_TASKS) {
    throw new MapReduceError('BAD_INPUT', `the input makes more than ${MAX_MAP_TASKS} map tasks of ${target} bytes; choose a larger split size`)
  }
}
