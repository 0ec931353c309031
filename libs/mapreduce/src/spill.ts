import type { PairBuffer } from './pair-buffer.ts'
import { RunWriter } from './run/index.ts'
import type { RunSection } from './run/index.ts'
import type { Scratch, ScratchFile } from './scratch.ts'

/** A sort buffer's content as sorted runs, one per partition, in one scratch file. */
export interface Spill {
  file: ScratchFile
  records: number
  /** By partition; only those that have pairs. */
  runs: Map<number, RunSection>
}

/** Empties a buffer of pairs to scratch. */
export function spill (pairs: PairBuffer, scratch: Scratch): Spill {
  const out = scratch.create()
  const writer = new RunWriter()
  const { count: records } = pairs
  const ends: Array<{ partition: number, start: number, bytes: number }> = []
  let start = 0
  drainByPartition(pairs, {
    begin: () => writer.begin(out),
    records: (bytes, from, to, count) => writer.records(bytes, from, to, count),
    end: partition => {
      const { bytes } = writer.end()
      ends.push({ partition, start, bytes })
      start += bytes
    }
  })
  const file = out.close()
  return { file, records, runs: new Map(ends.map(({ partition, ...section }) => [partition, { ...section, file, label: 'a spilled run' }])) }
}

interface OnPartition {
  begin: (partition: number) => void
  records: (bytes: Uint8Array, start: number, end: number, count: number) => void
  end: (partition: number) => void
}

/** Empties a buffer of pairs in sorted order; tells where a partition begins and ends. */
export function drainByPartition (pairs: PairBuffer, { begin, records, end }: OnPartition): void {
  let current = -1
  pairs.drain((partition, bytes, from, to, count) => {
    if (partition !== current) {
      if (current >= 0) end(current)
      current = partition
      begin(partition)
    }
    records(bytes, from, to, count)
  })
  if (current >= 0) end(current)
}
