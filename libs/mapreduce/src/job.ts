import type { InputFormat } from './program.ts'

/** What a job is: everything that decides its result, and nothing of who runs it. */
export interface JobSpec {
  /** CID of the program's bundle: one ES module. */
  program: string
  /** What a person calls the program; it does not decide the result. */
  programName: string
  /** How the program cuts its input; the planner must know it, and does not run programs. */
  inputFormat: InputFormat
  /** CID of the input: a UnixFS file or directory. */
  input: string
  /** Number of partitions, each one output file. */
  reducers: number
  args: Record<string, string>
  /** Between key and value on an output line. */
  separator: string
  /** Target bytes of a split; 0 chooses by the input's size. */
  splitBytes: number
  /** Records that may make the program throw, and are skipped; with one more the job fails. */
  skipBadRecords: number
  /** Map output held in memory, default SORT_BUFFER_BYTES. It decides the runs' bytes, so it is not the workers' to choose. */
  sortBufferBytes?: number
  /** Where false, two attempts at a task may give different answers, which are not compared. Default: true. */
  deterministic?: boolean
  /** Where a program partitions by range: the keys at which its partitions begin, see `Bounds`. */
  bounds?: Bounds
}

/**
 * The keys at which the partitions 1, 2, … of a range-partitioned job begin, one fewer than there are reducers: bytes, as
 * `toHex` writes them, that never fall. A key is in the last partition whose bound is not greater than the key's text bytes.
 * Equal bounds leave partitions empty.
 */
export type Bounds = string[]

/** A range of one file. `blocks` are the leaves it lies in: the hint of where to map it. */
export interface Split {
  file: string
  cid: string
  offset: number
  length: number
  blocks: string[]
}

/** A split as an attempt needs it. `fileBytes` tells where the last record may end. */
export interface SplitRange {
  file: string
  cid: string
  offset: number
  length: number
  fileBytes: number
}

/** A sorted run of one partition, made by one map task. */
export interface RunRef {
  mapTask: number
  cid: string
  bytes: number
}

/** One map attempt's work. Splits are in input order; several small files may share an attempt. */
export interface MapWork {
  kind: 'map'
  task: number
  reducers: number
  args: Record<string, string>
  splits: SplitRange[]
  /** Records that may make `map` throw and are skipped; with one more the attempt fails. */
  skipBadRecords: number
  /** The job's, where it has one. */
  sortBufferBytes?: number
  bounds?: Bounds
}

/** One reduce attempt's work. Runs are sorted by map task. */
export interface ReduceWork {
  kind: 'reduce'
  task: number
  args: Record<string, string>
  separator: string
  runs: RunRef[]
  /** Keys that may make `reduce` throw and are skipped; with one more the attempt fails. */
  skipBadRecords: number
}

/** One attempt's work. */
export type Work = MapWork | ReduceWork

/** A record that made the program throw and was skipped: where it lies in its file, or the key of a reduce's group. */
export interface SkippedRecord {
  file?: string
  offset?: number
  key?: string
  /** What the program threw. */
  message: string
}

/** Counters of one attempt by name, e.g. `map.input.records`; the job's are their sums over committed tasks. */
export type Counters = Record<string, number>
