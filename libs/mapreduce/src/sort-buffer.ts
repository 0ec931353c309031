import { Combiner } from './combiner.ts'
import type { Combine } from './combiner.ts'
import { MERGE_FAN_IN, SORT_BUFFER_BYTES } from './constants.ts'
import { COMBINE_INPUT_RECORDS, COMBINE_OUTPUT_RECORDS, MAP_OUTPUT_RECORDS, SPILLED_RECORDS } from './counters.ts'
import type { Tally } from './counters.ts'
import { ProgramError } from './errors.ts'
import type { Bounds } from './job.ts'
import { PairBuffer } from './pair-buffer.ts'
import type { PartitionOf } from './pair-buffer.ts'
import { partitionerOf } from './partitioner.ts'
import { callFailure, keyPlace, nestedEmit, refuseDeferred } from './program-call.ts'
import type { Datum, Emit, Program, ProgramContext } from './program.ts'
import type { RecordFrame } from './record-frame.ts'
import { RunWriter } from './run/index.ts'
import type { Scratch, ScratchWriter } from './scratch.ts'
import { combineSpills, mergeSpills } from './spill-merge.ts'
import type { PartitionRun } from './spill-merge.ts'
import { drainByPartition, spill } from './spill.ts'
import type { Spill } from './spill.ts'

export interface SortBufferOptions {
  program: Program
  context: ProgramContext
  reducers: number
  /** Of a range-partitioned job. */
  bounds?: Bounds
  scratch: Scratch
  tally: Tally
  /** Map output held in memory. Default SORT_BUFFER_BYTES. It decides how often `combine` runs, and so the runs' bytes. */
  bufferBytes?: number
  /** Bytes that are mapped, where that is known. */
  inputBytes?: number
  /** Runs merged at once. Default MERGE_FAN_IN. */
  fanIn?: number
  /** Bytes read from a run at a time. Default MERGE_BUFFER_BYTES. */
  mergeBufferBytes?: number
}

/** The share of the buffer that the combiner's table has; what it gives away is far smaller than itself. */
const COMBINER_SHARE = 0.75
/** Pairs for each byte of input, of a program that emits all that it reads: records have keys and lengths beside. */
const PAIRS_PER_INPUT = 1.25

/**
 * Takes what `map` emits, in any amount, and gives it back as one sorted run per partition: combined in a table
 * where the program can combine, sorted in a flat buffer, spilled to scratch when that is full, and merged.
 * Values of equal keys stay in the order in which they were emitted, unless they were combined.
 */
export class SortBuffer {
  readonly #options: SortBufferOptions
  readonly #pairs: PairBuffer
  readonly #partitionOf: PartitionOf
  readonly #combiner: Combiner | undefined
  readonly #spills: Spill[] = []
  #emitted = 0
  #combineInput = 0
  #combineOutput = 0
  #spilled = 0
  #emitting = false
  #combineEmitting = false
  #finished = false
  /** What failed for good. A program may catch it, but must not go on as if its pairs were kept. */
  #failure: unknown

  constructor (options: SortBufferOptions) {
    const { program, reducers, bounds, bufferBytes = SORT_BUFFER_BYTES, inputBytes = 0 } = options
    this.#options = options
    this.#pairs = program.combine === undefined ? new PairBuffer(bufferBytes, inputBytes * PAIRS_PER_INPUT) : new PairBuffer(bufferBytes * (1 - COMBINER_SHARE))
    this.#partitionOf = partitionerOf(program, reducers, bounds)
    if (program.combine !== undefined) this.#combiner = new Combiner(this.#combine, this.#add, bufferBytes * COMBINER_SHARE)
  }

  /** `emit` of `map`. Throws a `ProgramError` on what cannot be a key or value, and what combining and spilling throw. */
  readonly emit: Emit = (key, value) => {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#finished) throw new ProgramError('emit was called after map had returned', '')
    if (this.#emitting) throw nestedEmit()
    this.#emitting = true
    try {
      if (this.#combiner === undefined) this.#add(key, value)
      else this.#combiner.add(key, value)
    } catch (error) {
      if (!isRefusal(error)) this.#failure = error
      throw error
    } finally {
      this.#emitting = false
    }
    this.#emitted++
  }

  /** Emits what `'identity'` makes of records that lie one after another. Throws as `emit` does. */
  emitRecords (records: Uint8Array, frame: RecordFrame): void {
    for (let at = 0; at < records.length;) {
      if (this.#pairs.full) this.#spill(this.#spills)
      at = this.#pairs.addRecords(records, at, frame, this.#partitionOf)
    }
    this.#emitted += Math.ceil(records.length / frame.recordBytes)
  }

  /** Ends the output. The runs are by partition; partitions without pairs have none. */
  finish (): PartitionRun[] {
    if (this.#failure !== undefined) throw this.#failure
    this.#finished = true
    this.#combiner?.drain()
    const runs = this.#spills.length === 0 ? this.#writeRuns() : this.#mergeAll()
    const { tally, program } = this.#options
    tally.add(MAP_OUTPUT_RECORDS, this.#emitted)
    tally.add(SPILLED_RECORDS, this.#spilled)
    if (program.combine !== undefined) {
      tally.add(COMBINE_INPUT_RECORDS, this.#combineInput)
      tally.add(COMBINE_OUTPUT_RECORDS, this.#combineOutput)
    }
    return runs
  }

  readonly #add: Emit = (key, value) => {
    if (this.#pairs.full) this.#spill(this.#spills)
    this.#pairs.add(key, value, this.#partitionOf)
  }

  #spill (spills: Spill[]): void {
    if (this.#pairs.count === 0) return
    const made = spill(this.#pairs, this.#options.scratch)
    this.#spilled += made.records
    spills.push(made)
  }

  /** All fitted: the runs need no merge. */
  #writeRuns (): PartitionRun[] {
    const runs: PartitionRun[] = []
    const writer = new RunWriter()
    let out: ScratchWriter
    drainByPartition(this.#pairs, {
      begin: () => {
        out = this.#options.scratch.create()
        writer.begin(out)
      },
      records: (bytes, start, end, count) => writer.records(bytes, start, end, count),
      end: partition => {
        const { records } = writer.end()
        runs.push({ partition, records, file: out.close() })
        this.#spilled += records
      }
    })
    return runs
  }

  #mergeAll (): PartitionRun[] {
    this.#spill(this.#spills)
    const { scratch, fanIn = MERGE_FAN_IN, mergeBufferBytes: bufferBytes } = this.#options
    const options = { scratch, fanIn, bufferBytes, onPass: (records: number) => { this.#spilled += records } }
    const runs = this.#combiner === undefined
      ? mergeSpills(this.#spills, options)
      : this.#withStrays(stray => combineSpills(this.#spills, this.#combine, stray, options), strays => mergeSpills(strays, options))
    for (const { file } of this.#spills.splice(0)) file.remove()
    return runs
  }

  /** Merges in what combining emitted under other keys, without combining it once more. */
  #withStrays (merge: (stray: Emit) => PartitionRun[], mergeStrays: (strays: Spill[]) => PartitionRun[]): PartitionRun[] {
    const strays: Spill[] = []
    const runs = merge((key, value) => {
      if (this.#pairs.full) this.#spill(strays)
      this.#pairs.add(key, value, this.#partitionOf)
    })
    this.#spill(strays)
    if (strays.length === 0) return runs
    const merged = mergeStrays([...runs.map(asSpill), ...strays])
    for (const { file } of [...runs, ...strays]) file.remove()
    return merged
  }

  readonly #combine: Combine = (key, values, emit) => {
    const { program, context } = this.#options
    let ended = false
    const collect: Emit = (outKey, outValue) => {
      if (ended) throw new ProgramError('emit was called after combine had returned', '')
      this.#collect(outKey, outValue, emit)
    }
    try {
      const result: unknown = program.combine!(key, values, collect, context)
      if (result !== undefined) refuseDeferred('combine', keyPlace(key), result)
    } catch (error) {
      throw callFailure('combine', keyPlace(key), error)
    } finally {
      ended = true
    }
    values.close()
    this.#combineInput += values.count
  }

  #collect (key: Datum, value: Datum, emit: Emit): void {
    if (this.#combineEmitting) throw nestedEmit()
    this.#combineEmitting = true
    try {
      emit(key, value)
    } finally {
      this.#combineEmitting = false
    }
    this.#combineOutput++
  }
}

function asSpill ({ partition, records, file }: PartitionRun): Spill {
  return { file, records, runs: new Map([[partition, { file, start: 0, bytes: file.bytes, label: 'a combined run' }]]) }
}

/** What was thrown before anything changed: a program may catch it and go on. */
function isRefusal (error: unknown): boolean {
  return error instanceof ProgramError && error.programStack === ''
}
