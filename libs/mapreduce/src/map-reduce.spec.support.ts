import type { Bounds, Counters, SkippedRecord, SplitRange } from './job.ts'
import { sumCounters } from './counters.ts'
import { runMapTask } from './map-task.ts'
import type { Program } from './program.ts'
import { runReduceTask } from './reduce-task.ts'
import { memoryScratch } from './scratch-memory.ts'
import type { ScratchFile } from './scratch.ts'

export interface Job {
  program: Program
  content: Uint8Array
  /** Where the file is cut; each part is a map task. */
  cuts: number[]
  reducers: number
  bufferBytes?: number
  fanIn?: number
  args?: Record<string, string>
  bounds?: Bounds
  /** Of each task. */
  skipBadRecords?: number
  draftBytes?: number
}

export const FILE = 'text.txt'

export function splitsOf (content: Uint8Array, cuts: number[]): SplitRange[] {
  const edges = [...new Set([0, ...cuts.map(cut => Math.min(cut, content.length)), content.length])].sort((a, b) => a - b)
  return edges.slice(0, -1).map((offset, i) => ({ file: FILE, cid: FILE, offset, length: edges[i + 1]! - offset, fileBytes: content.length }))
}

export function bytesOf (file: ScratchFile): Uint8Array {
  const bytes = new Uint8Array(file.bytes)
  file.read(bytes, 0)
  return bytes
}

/** Runs a whole job over one file through the map and reduce tasks. */
export async function runJob ({ program, content, cuts, reducers, bufferBytes, fanIn, args = {}, bounds, skipBadRecords = 0, draftBytes }: Job): Promise<{ parts: Uint8Array[], counters: Counters, skipped: SkippedRecord[] }> {
  const runs = new Map<string, Uint8Array>([[FILE, content]])
  const read = async function * (cid: string, { offset = 0, length = Infinity }): AsyncGenerator<Uint8Array> {
    const bytes = runs.get(cid)!
    yield bytes.subarray(offset, Math.min(bytes.length, offset + length))
  }
  const counters: Counters[] = []
  const skipped: SkippedRecord[] = []
  const byPartition = Array.from({ length: reducers }, () => [] as Array<{ mapTask: number, cid: string, bytes: number }>)
  for (const [task, range] of splitsOf(content, cuts).entries()) {
    const mapped = await runMapTask({ kind: 'map', task, reducers, args, splits: [range], skipBadRecords, bounds }, { program, read, scratch: memoryScratch(), bufferBytes, fanIn, draftBytes })
    counters.push(mapped.counters)
    skipped.push(...mapped.skipped)
    for (const { partition, file } of mapped.outputs) {
      const cid = `run-${task}-${partition}`
      runs.set(cid, bytesOf(file))
      byPartition[partition]!.push({ mapTask: task, cid, bytes: file.bytes })
    }
  }
  const parts: Uint8Array[] = []
  for (const [task, refs] of byPartition.entries()) {
    const reduced = await runReduceTask({ kind: 'reduce', task, args, separator: ' ', runs: refs, skipBadRecords }, { program, read, scratch: memoryScratch(), fanIn, mergeBufferBytes: 100 })
    counters.push(reduced.counters)
    skipped.push(...reduced.skipped)
    parts.push(bytesOf(reduced.outputs[0]!.file))
  }
  return { parts, counters: sumCounters(counters), skipped }
}
