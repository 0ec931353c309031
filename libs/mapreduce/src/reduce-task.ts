import { abortableRead, throwIfAborted } from './abort.ts'
import { MERGE_FAN_IN } from './constants.ts'
import { REDUCE_INPUT_GROUPS, REDUCE_INPUT_RECORDS, REDUCE_OUTPUT_RECORDS, REDUCE_SKIPPED_GROUPS, SHUFFLE_BYTES, Tally } from './counters.ts'
import { MapReduceError, ProgramError } from './errors.ts'
import type { ReadContent } from './executor.ts'
import { Groups } from './groups.ts'
import { reduceOf } from './identity.ts'
import type { ReduceWork, RunRef } from './job.ts'
import { LineWriter } from './line-writer.ts'
import type { TaskFiles, TaskOptions } from './map-task.ts'
import type { Merge } from './merge.ts'
import { narrow, openMerge } from './merge-passes.ts'
import { callFailure, keyPlace, nestedEmit, refuseDeferred, shownKey } from './program-call.ts'
import type { Emit, ProgramContext, ReduceFunction } from './program.ts'
import type { RunReader, RunSection } from './run/index.ts'
import { guardScratch } from './scratch-guard.ts'
import type { GuardedScratch } from './scratch-guard.ts'
import type { ScratchWriter } from './scratch.ts'
import { Skips } from './skips.ts'

export interface ReduceTaskOptions extends TaskOptions {
  /** Runs merged at once. Default MERGE_FAN_IN. */
  fanIn?: number
  /** Bytes read from a run at a time. Default MERGE_BUFFER_BYTES. */
  mergeBufferBytes?: number
}

/** Values reduced from one pause to the next; a pause costs about as much as a hundred of them. */
const PAUSE_VALUES = 20_000

/**
 * Runs a reduce attempt: brings the runs to scratch, merges them (by key, then map task, then position), calls
 * `reduce` for each key and writes the lines it emits, in the order it emits them, to one file, which may be empty.
 * A key for which `reduce` throws is skipped with all of its values, up to `skipBadRecords` of them.
 *
 * Rejects with a `ProgramError` that names the key where the program threw; with `MapReduceError` otherwise: what
 * `read` throws, `INPUT_LOST` where a run is not what its map task made, `STORAGE`, `ABORTED`. Nothing is then left
 * in scratch.
 */
export async function runReduceTask (work: ReduceWork, options: ReduceTaskOptions): Promise<TaskFiles> {
  const { fanIn = MERGE_FAN_IN, mergeBufferBytes: bufferBytes, signal } = options
  const scratch = guardScratch(options.scratch)
  const tally = new Tally()
  const skips = new Skips(work.skipBadRecords)
  try {
    const copied = await bringRuns(work.runs, abortableRead(options.read, signal), scratch)
    throwIfAborted(signal)
    tally.add(SHUFFLE_BYTES, work.runs.reduce((sum, { bytes }) => sum + bytes, 0))
    const { sections } = narrow(copied, { scratch, fanIn, bufferBytes })
    const lines = new LineWriter(scratch, work.separator, options.program.output)
    const merge = openMerge(sections, bufferBytes)
    if (options.program.reduce === 'identity' && !skips.allowed) await passPairs(merge, lines, tally, options)
    else await reduceGroups({ groups: new Groups(merge), lines, scratch, tally, skips }, work, options)
    const { lines: records } = lines
    const file = lines.close()
    scratch.clear(file)
    tally.add(REDUCE_OUTPUT_RECORDS, records)
    if (skips.count > 0) tally.add(REDUCE_SKIPPED_GROUPS, skips.count)
    return { outputs: [{ partition: work.task, records, file }], counters: tally.toCounters(), skipped: skips.listed }
  } catch (error) {
    scratch.clear()
    throw error
  }
}

/** Brings runs, one after another, into one scratch file: a task can have more runs than a process may open files. */
async function bringRuns (runs: RunRef[], read: ReadContent, scratch: GuardedScratch): Promise<RunSection[]> {
  const out = scratch.create()
  for (const { cid, bytes, mapTask } of runs) {
    const copied = await out.bring?.(cid) ?? await copy(read(cid, {}), out)
    if (copied !== bytes) throw new MapReduceError('INPUT_LOST', `run ${cid} of map task ${mapTask} has ${copied} bytes and was made with ${bytes}`)
  }
  const file = out.close()
  let start = 0
  return runs.map(({ cid, bytes, mapTask }) => {
    const section: RunSection = { file, start, bytes, label: `run ${cid} of map task ${mapTask}`, code: 'INPUT_LOST' }
    start += bytes
    return section
  })
}

/** Resolves with how many bytes were written. */
async function copy (content: AsyncIterable<Uint8Array>, out: ScratchWriter): Promise<number> {
  let copied = 0
  for await (const chunk of content) {
    out.write(chunk)
    copied += chunk.length
  }
  return copied
}

/** What `'identity'` does, without a call and an object for each pair. */
async function passPairs (merge: Merge, lines: LineWriter, tally: Tally, { onProgress, signal, pause }: TaskOptions): Promise<void> {
  let keys = 0
  let values = 0
  while (merge.reader !== undefined) {
    const passed = passSome(merge, lines)
    keys += passed.keys
    values += passed.values
    onProgress?.(values)
    await pause?.()
    throwIfAborted(signal)
  }
  tally.add(REDUCE_INPUT_GROUPS, keys)
  tally.add(REDUCE_INPUT_RECORDS, values)
}

/** Passes the next PAUSE_VALUES pairs, or all that are left. */
function passSome (merge: Merge, lines: LineWriter): { keys: number, values: number } {
  let keys = 0
  let values = 0
  while (merge.reader !== undefined && values < PAUSE_VALUES) {
    if (merge.newKey) keys++
    passOne(lines, merge.reader)
    values++
    merge.advance()
  }
  return { keys, values }
}

function passOne (lines: LineWriter, reader: RunReader): void {
  try {
    lines.pass(reader)
  } catch (error) {
    throw callFailure('reduce', keyPlace(reader.key()), error)
  }
}

interface Reduction {
  groups: Groups
  lines: LineWriter
  scratch: GuardedScratch
  tally: Tally
  skips: Skips
}

async function reduceGroups (reduction: Reduction, work: ReduceWork, options: TaskOptions): Promise<void> {
  const { groups, lines, tally, skips } = reduction
  const { program, onProgress, signal, pause } = options
  const context: ProgramContext = { args: Object.freeze({ ...work.args }), count: tally.count }
  let ended = false
  let emitting = false
  const emit: Emit = (key, value) => {
    if (ended) throw new ProgramError('emit was called after reduce had returned', '')
    if (emitting) throw nestedEmit()
    emitting = true
    try {
      lines.write(key, value)
    } finally {
      emitting = false
    }
  }
  const call = reduceOf(program)
  const reduce = (): void => { reduceGroup(groups, call, emit, context) }
  let keys = 0
  let values = 0
  let pauseAt = PAUSE_VALUES
  while (groups.next()) {
    if (skips.allowed) reduceOrSkip(reduction, reduce)
    else reduceOrFail(groups, reduce)
    keys++
    values += groups.values.count
    if (values < pauseAt) continue
    pauseAt = values + PAUSE_VALUES
    onProgress?.(values)
    await pause?.()
    throwIfAborted(signal)
  }
  ended = true
  onProgress?.(values)
  tally.add(REDUCE_INPUT_GROUPS, keys)
  tally.add(REDUCE_INPUT_RECORDS, values)
}

/** The first throw fails the attempt. */
function reduceOrFail ({ key, values }: Groups, reduce: () => void): void {
  try {
    reduce()
  } catch (error) {
    throw callFailure('reduce', keyPlace(key), error)
  }
  values.close()
}

/** A call that throws leaves no trace but a note. */
function reduceOrSkip ({ groups: { key, values }, lines, scratch, tally, skips }: Reduction, reduce: () => void): void {
  lines.begin()
  tally.begin()
  try {
    reduce()
  } catch (error) {
    lines.drop()
    tally.drop()
    // What failed may have been ours, and the program may have caught it: then these throw it again.
    scratch.check()
    values.close()
    skips.note({ key: shownKey(key) }, callFailure('reduce', keyPlace(key), error), error)
    return
  }
  values.close()
  lines.keep()
  tally.keep()
}

function reduceGroup ({ key, values }: Groups, call: ReduceFunction, emit: Emit, context: ProgramContext): void {
  const result: unknown = call(key, values, emit, context)
  if (result !== undefined) refuseDeferred('reduce', keyPlace(key), result)
}
