import { abortableRead, throwIfAborted } from './abort.ts'
import { MAX_RECORD_BYTES } from './constants.ts'
import { MAP_INPUT_BYTES, MAP_INPUT_RECORDS, MAP_SKIPPED_RECORDS, Tally } from './counters.ts'
import type { ReadContent } from './executor.ts'
import type { Counters, MapWork, SkippedRecord } from './job.ts'
import { soughtText } from './must-contain.ts'
import { PairDraft } from './pair-draft.ts'
import { finishCall, mapCall, mapLinesCall, place } from './map-calls.ts'
import type { Mapping } from './map-calls.ts'
import { callFailure } from './program-call.ts'
import type { Program, ProgramContext } from './program.ts'
import { ByteSearch } from './records/byte-search.ts'
import { recordFrameOf } from './record-frame.ts'
import { readManyFixedBytes } from './records/fixed-bytes.ts'
import { readRecords } from './records/read-records.ts'
import type { OnRecord } from './records/read-records.ts'
import { readManyLines } from './records/lines.ts'
import type { Selection } from './records/selected-lines.ts'
import { guardScratch } from './scratch-guard.ts'
import type { GuardedScratch } from './scratch-guard.ts'
import type { Scratch, ScratchFile } from './scratch.ts'
import { Skips } from './skips.ts'
import { SortBuffer } from './sort-buffer.ts'

/** What an attempt's work is done with. */
export interface TaskOptions {
  program: Program
  read: ReadContent
  scratch: Scratch
  /** Called now and then with the records read so far, and at the end. */
  onProgress?: (records: number) => void
  signal?: AbortSignal
  /** Lets the event loop turn, so that an abort is seen even where content comes without waiting. Default: it does not. */
  pause?: () => Promise<void>
}

export interface MapTaskOptions extends TaskOptions {
  /** See `SortBufferOptions`; the work's own comes first. */
  bufferBytes?: number
  fanIn?: number
  /** Pairs of one call in memory where records may be skipped. Default DRAFT_BYTES. */
  draftBytes?: number
}

/** A scratch file that an attempt made. */
export interface TaskFile {
  partition: number
  records: number
  file: ScratchFile
}

/** An attempt's outcome; its files are the caller's to remove. */
export interface TaskFiles {
  outputs: TaskFile[]
  counters: Counters
  skipped: SkippedRecord[]
}

/** Records from one report of progress to the next. */
export const PROGRESS_RECORDS = 10_000

/**
 * Runs a map attempt: reads the splits' records, maps them, and sorts the output into one run per partition that has
 * pairs, by partition. The same work, program and content give the same bytes. A record for which `map` throws is
 * skipped, as if it were not there, up to `skipBadRecords` of them.
 *
 * Rejects with a `ProgramError` that names function, file and offset where the program threw; with `MapReduceError`
 * otherwise: what `read` throws, `BAD_INPUT`, `STORAGE`, `ABORTED`. Nothing is then left in scratch.
 */
export async function runMapTask (work: MapWork, options: MapTaskOptions): Promise<TaskFiles> {
  const { program, signal } = options
  const scratch = guardScratch(options.scratch)
  const tally = new Tally()
  const skips = new Skips(work.skipBadRecords)
  const context: ProgramContext = { args: Object.freeze({ ...work.args }), count: tally.count }
  const inputBytes = work.splits.reduce((sum, { length }) => sum + length, 0)
  const sort = new SortBuffer({ ...options, scratch, context, tally, reducers: work.reducers, bounds: work.bounds, bufferBytes: work.sortBufferBytes ?? options.bufferBytes, inputBytes })
  const draft = new PairDraft(scratch, options.draftBytes)
  const read = abortableRead(options.read, signal, options.pause)
  let records = 0
  const counted = (more: number): void => {
    const before = records
    records += more
    if (Math.floor(records / PROGRESS_RECORDS) > Math.floor(before / PROGRESS_RECORDS)) tellProgress(records, options)
  }
  try {
    const selection = selectionOf(program, context, counted)
    const frame = recordFrameOf(program)
    for (const range of work.splits) {
      const { file } = range
      const mapping: Mapping = { program, file, emit: sort.emit, context }
      const mapLines = skips.allowed ? undefined : mapLinesCall(mapping)
      const mapRecord = skips.allowed ? skippingMapper({ program, file, draft, sort, scratch, tally, skips, context }) : strictMapper(mapping)
      if (frame !== undefined) {
        await readManyFixedBytes({ range, read, signal }, frame.recordBytes, lying => {
          sort.emitRecords(lying, frame)
          counted(Math.ceil(lying.length / frame.recordBytes))
        })
      } else if (mapLines === undefined) {
        await readRecords(program.input, range, read, (value, offset) => {
          mapRecord(value, offset)
          if (++records % PROGRESS_RECORDS === 0) tellProgress(records, options)
        }, { signal, selection })
      } else {
        await readManyLines({ range, read, signal }, MAX_RECORD_BYTES, (lines, offset, count) => {
          mapLines(lines, offset)
          counted(count)
        })
      }
      tally.add(MAP_INPUT_BYTES, range.length)
      throwIfAborted(signal)
    }
    if (records > skips.count) finishCall(program, sort.emit, context)
    tally.add(MAP_INPUT_RECORDS, records)
    if (skips.count > 0) tally.add(MAP_SKIPPED_RECORDS, skips.count)
    options.onProgress?.(records)
    return { outputs: sort.finish(), counters: tally.toCounters(), skipped: skips.listed }
  } catch (error) {
    scratch.clear()
    throw error
  }
}

function tellProgress (records: number, { onProgress, signal }: TaskOptions): void {
  throwIfAborted(signal)
  onProgress?.(records)
}

/** Lines that the program has no use for are only counted. */
function selectionOf (program: Program, context: ProgramContext, onPassed: (records: number) => void): Selection | undefined {
  const text = soughtText(program, context)
  return text === undefined ? undefined : { search: new ByteSearch(new TextEncoder().encode(text)), onPassed }
}

/** The first throw fails the attempt. */
function strictMapper (mapping: Mapping): OnRecord {
  const call = mapCall(mapping)
  return (value, offset) => {
    try {
      call(value, offset)
    } catch (error) {
      throw callFailure('map', place(mapping.file, offset), error)
    }
  }
}

interface SkippingMapping extends Omit<Mapping, 'emit'> {
  draft: PairDraft
  sort: SortBuffer
  scratch: GuardedScratch
  tally: Tally
  skips: Skips
}

/** A call that throws leaves no trace but a note. */
function skippingMapper ({ draft, sort, scratch, tally, skips, ...mapping }: SkippingMapping): OnRecord {
  const { file } = mapping
  const call = mapCall({ ...mapping, emit: draft.emit })
  return (value, offset) => {
    draft.begin()
    tally.begin()
    try {
      call(value, offset)
    } catch (error) {
      draft.drop()
      tally.drop()
      // What failed may have been ours, and the program may have caught it.
      scratch.check()
      skips.note({ file, offset }, callFailure('map', place(file, offset), error), error)
      return
    }
    tally.keep()
    draft.keep(sort.emit)
  }
}
