import { fromHex, MAX_BOUNDS_BYTES, MAX_MAP_TASKS, MAX_REDUCERS, MAX_SORT_BUFFER_BYTES, MIN_SORT_BUFFER_BYTES, toHex } from '@ipfs-mapreduce/mapreduce'
import type { Bounds, Counters, JobSpec, SkippedRecord, SplitRange } from '@ipfs-mapreduce/mapreduce'
import { MAX_ARG_CHARS, MAX_ARGS, MAX_COUNTERS, MAX_NAME_CHARS, MAX_PATH_CHARS, MAX_REASON_CHARS, MAX_ROOTS, MAX_RUNS_PER_MESSAGE, MAX_SEPARATOR_CHARS, MAX_SKIP_BAD_RECORDS, MAX_SKIPPED, MAX_SPLITS_PER_ATTEMPT } from '../constants.ts'
import type { Run, RunAt } from '../messages.ts'
import type * as pb from '../pb/messages.ts'
import { addresses, cid, cut, list, refuse, required, text, whole } from './door.ts'
import { formatInputFormat, parseInputFormat } from './input-format.ts'

export const task = (field: string, value: number): number => whole(field, value, MAX_MAP_TASKS - 1)
export const separator = (value: string): string => text('separator', value, MAX_SEPARATOR_CHARS)

export const encodeArgs = (args: Record<string, string>): Map<string, string> => new Map(Object.entries(args))

/** `Object.fromEntries` defines its properties, so that an argument named `__proto__` is one like any other. */
export function decodeArgs (encoded: Map<string, string>): Record<string, string> {
  if (encoded.size > MAX_ARGS) { throw refuse('args', `has ${encoded.size} items, may have ${MAX_ARGS}`) }
  return Object.fromEntries([...encoded].map(([key, value]) =>
    [text('args', key, MAX_NAME_CHARS, 1), text(`args ${JSON.stringify(key)}`, value, MAX_ARG_CHARS)]))
}

export const encodeCounters = (counters: Counters): pb.Counter[] => Object.entries(counters).map(([name, value]) => ({ name, value }))

export function decodeCounters (encoded: pb.Counter[]): Counters {
  const counters = new Map(list('counters', encoded, MAX_COUNTERS).map(({ name, value }) => {
    const key = text('counters', name, MAX_NAME_CHARS, 1)
    // -0 and 0 are one count.
    return [key, whole(`counters ${JSON.stringify(key)}`, value, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER) + 0]
  }))
  if (counters.size !== encoded.length) { throw refuse('counters', 'has a name twice') }
  return Object.fromEntries(counters)
}

export const encodeSplit = ({ file, cid, offset, length, fileBytes }: SplitRange): pb.SplitRange => ({ file, cid, offset, length, fileBytes })

export function decodeSplits (encoded: pb.SplitRange[]): SplitRange[] {
  return list('splits', encoded, MAX_SPLITS_PER_ATTEMPT).map(split => {
    const fileBytes = whole('splits.fileBytes', split.fileBytes)
    const offset = whole('splits.offset', split.offset, fileBytes)
    return {
      file: text('splits.file', split.file, MAX_PATH_CHARS, 1),
      cid: cid('splits.cid', split.cid),
      offset,
      length: whole('splits.length', split.length, fileBytes - offset),
      fileBytes
    }
  })
}

export const encodeBounds = (bounds: Bounds = []): Uint8Array[] => bounds.map(bound => required('bounds', fromHex(bound)))

/** None is what a job has that does not partition by range, or has one reducer. */
export function decodeBounds (encoded: Uint8Array[], reducers: number): { bounds?: Bounds } {
  if (encoded.length === 0) { return {} }
  if (encoded.length !== reducers - 1) { throw refuse('bounds', `has ${encoded.length} items, ${reducers} reducers take ${reducers - 1}`) }
  const bytes = encoded.reduce((sum, { length }) => sum + length, 0)
  if (bytes > MAX_BOUNDS_BYTES) { throw refuse('bounds', `has ${bytes} bytes, may have ${MAX_BOUNDS_BYTES}`) }
  const bounds = encoded.map(toHex)
  if (bounds.some((bound, i) => i > 0 && bound < bounds[i - 1]!)) { throw refuse('bounds', 'must not fall') }
  return { bounds }
}

/** Absent where there are none. */
export function decodeRoots (encoded: string[]): { roots?: string[] } {
  return encoded.length === 0 ? {} : { roots: list('roots', encoded, MAX_ROOTS).map(root => cid('roots', root)) }
}

/** Absent where the job leaves it to the default. */
export function decodeSortBuffer (field: string, bytes: number | undefined): { sortBufferBytes?: number } {
  return bytes === undefined ? {} : { sortBufferBytes: whole(field, bytes, MAX_SORT_BUFFER_BYTES, MIN_SORT_BUFFER_BYTES) }
}

export const skipBadRecords = (field: string, value: number): number => whole(field, value, MAX_SKIP_BAD_RECORDS)

export const encodeSkipped = ({ file, offset, key, message }: SkippedRecord): pb.SkippedRecord =>
  ({ file: cut(file ?? '', MAX_PATH_CHARS), offset: offset ?? 0, key: cut(key ?? '', MAX_REASON_CHARS), message: cut(message, MAX_REASON_CHARS) })

/** A record of a file has its offset, a group of a reduce its key. */
export function decodeSkipped (encoded: pb.SkippedRecord[]): SkippedRecord[] {
  return list('skipped', encoded, MAX_SKIPPED).map(({ file, offset, key, message }) => ({
    ...file === '' ? { key: cut(key, MAX_REASON_CHARS) } : { file: text('skipped.file', file, MAX_PATH_CHARS), offset: whole('skipped.offset', offset) },
    message: cut(message, MAX_REASON_CHARS)
  }))
}

export const encodeRun = ({ mapTask, partition, cid, bytes, records }: Run): pb.Run => ({ mapTask, partition, cid, bytes, records })

export function decodeRun (encoded: pb.Run | undefined): Run {
  const run = required('run', encoded)
  return {
    mapTask: task('run.mapTask', run.mapTask),
    partition: whole('run.partition', run.partition, MAX_REDUCERS - 1),
    cid: cid('run.cid', run.cid),
    bytes: whole('run.bytes', run.bytes),
    records: whole('run.records', run.records)
  }
}

export const decodeRuns = (encoded: pb.Run[]): Run[] => list('runs', encoded, MAX_RUNS_PER_MESSAGE).map(decodeRun)

export const encodeRunAt = ({ run, providers }: RunAt): pb.RunAt => ({ run: encodeRun(run), providers })

export function decodeRunsAt (encoded: pb.RunAt[]): RunAt[] {
  return list('runs', encoded, MAX_RUNS_PER_MESSAGE)
    .map(({ run, providers }) => ({ run: decodeRun(run), providers: addresses('runs.providers', providers) }))
}

export function encodeSpec (spec: JobSpec): pb.JobSpec {
  return {
    program: spec.program,
    programName: spec.programName,
    inputFormat: formatInputFormat(spec.inputFormat),
    input: spec.input,
    reducers: spec.reducers,
    args: encodeArgs(spec.args),
    separator: spec.separator,
    splitBytes: spec.splitBytes,
    skipBadRecords: spec.skipBadRecords,
    sortBufferBytes: spec.sortBufferBytes,
    bounds: encodeBounds(spec.bounds),
    unsteady: spec.deterministic === false
  }
}

export function decodeSpec (encoded: pb.JobSpec | undefined): JobSpec {
  const spec = required('spec', encoded)
  const reducers = whole('spec.reducers', spec.reducers, MAX_REDUCERS, 1)
  return {
    program: cid('spec.program', spec.program),
    programName: text('spec.programName', spec.programName, MAX_PATH_CHARS),
    inputFormat: parseInputFormat(spec.inputFormat),
    input: cid('spec.input', spec.input),
    reducers,
    args: decodeArgs(spec.args),
    separator: separator(spec.separator),
    splitBytes: whole('spec.splitBytes', spec.splitBytes),
    skipBadRecords: skipBadRecords('spec.skipBadRecords', spec.skipBadRecords),
    ...decodeSortBuffer('spec.sortBufferBytes', spec.sortBufferBytes),
    ...decodeBounds(spec.bounds, reducers),
    ...spec.unsteady && { deterministic: false }
  }
}
