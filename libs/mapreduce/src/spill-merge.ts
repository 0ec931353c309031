import { ByteSink, compareKeys, encodeValue, writeKey } from './datum/index.ts'
import type { Combine } from './combiner.ts'
import { Groups } from './groups.ts'
import { mergeRuns, narrow, openMerge } from './merge-passes.ts'
import type { PassOptions } from './merge-passes.ts'
import type { Datum } from './program.ts'
import { RunWriter } from './run/index.ts'
import type { RunSection } from './run/index.ts'
import type { ScratchFile } from './scratch.ts'
import type { Spill } from './spill.ts'

/** A sorted run of one partition. */
export interface PartitionRun {
  partition: number
  records: number
  file: ScratchFile
}

/** Takes a pair that combining made under another key than it was called for. */
export type Stray = (key: Datum, value: Datum) => void

/** Merges spills, oldest first, into one run per partition that has pairs, by partition. The spills stay. */
export function mergeSpills (spills: Spill[], options: PassOptions): PartitionRun[] {
  const writer = new RunWriter()
  return eachPartition(spills, options, sections => {
    const out = options.scratch.create()
    const { records } = mergeRuns(sections, writer, out, options.bufferBytes)
    return { records, file: out.close() }
  })
}

/** As `mergeSpills`, with the values of each key combined again. */
export function combineSpills (spills: Spill[], combine: Combine, stray: Stray, options: PassOptions): PartitionRun[] {
  const writer = new RunWriter()
  return eachPartition(spills, options, sections => {
    const out = options.scratch.create()
    writer.begin(out)
    combineRuns(sections, combine, stray, writer, options.bufferBytes)
    const { records } = writer.end()
    return { records, file: out.close() }
  })
}

function eachPartition (spills: Spill[], options: PassOptions, merge: (sections: RunSection[]) => Omit<PartitionRun, 'partition'>): PartitionRun[] {
  const partitions = [...new Set(spills.flatMap(({ runs }) => [...runs.keys()]))].sort((a, b) => a - b)
  return partitions.map(partition => {
    const narrowed = narrow(spills.flatMap(({ runs }) => runs.get(partition) ?? []), options)
    const run = { partition, ...merge(narrowed.sections) }
    narrowed.dispose()
    options.onPass?.(run.records)
    return run
  })
}

function combineRuns (sections: RunSection[], combine: Combine, stray: Stray, writer: RunWriter, bufferBytes?: number): void {
  const merge = openMerge(sections, bufferBytes)
  const groups = new Groups(merge)
  const current = new ByteSink()
  const emitted = new ByteSink()
  const emit = (key: Datum, value: Datum): void => {
    emitted.length = 0
    writeKey(emitted, key)
    const keyEnd = emitted.length
    if (compareKeys(emitted.bytes, 0, keyEnd, current.bytes, 0, current.length) !== 0) return stray(key, value)
    encodeValue(emitted, value)
    writer.pair(emitted.bytes, 0, keyEnd, emitted.bytes, keyEnd, emitted.length)
  }
  for (let reader = merge.reader; groups.next(); reader = merge.reader) {
    current.length = 0
    current.append(reader!.bytes, reader!.keyStart, reader!.keyEnd)
    combine(groups.key, groups.values, emit)
  }
}
