import { MERGE_BUFFER_BYTES } from './constants.ts'
import { Merge } from './merge.ts'
import { RunReader, RunWriter } from './run/index.ts'
import type { RunSection } from './run/index.ts'
import type { Scratch, ScratchFile, ScratchWriter } from './scratch.ts'

export interface PassOptions {
  scratch: Scratch
  /** Runs merged at once. At least 2. */
  fanIn: number
  /** Bytes read from a run at a time. Default MERGE_BUFFER_BYTES. */
  bufferBytes?: number
  /** Called for each pass with the records that it wrote. */
  onPass?: (records: number) => void
}

export interface Narrowed {
  sections: RunSection[]
  /** Frees what the passes wrote. */
  dispose: () => void
}

/**
 * Merges neighbouring runs in passes through scratch until no more than `fanIn` are left, in the same order, so that
 * merging these gives what merging all would. The runs given stay.
 */
export function narrow (sections: RunSection[], options: PassOptions): Narrowed {
  let left = sections
  let file: ScratchFile | undefined
  while (left.length > options.fanIn) {
    const pass = mergePass(left, options)
    file?.remove()
    left = pass.sections
    file = pass.file
  }
  return { sections: left, dispose: () => file?.remove() }
}

function mergePass (sections: RunSection[], { scratch, fanIn, bufferBytes, onPass }: PassOptions): { sections: RunSection[], file: ScratchFile } {
  const out = scratch.create()
  const writer = new RunWriter()
  const merged: Array<{ start: number, bytes: number }> = []
  let start = 0
  let written = 0
  for (let i = 0; i < sections.length; i += fanIn) {
    const { bytes, records } = mergeRuns(sections.slice(i, i + fanIn), writer, out, bufferBytes)
    merged.push({ start, bytes })
    start += bytes
    written += records
  }
  const file = out.close()
  onPass?.(written)
  return { file, sections: merged.map(section => ({ ...section, file, label: 'a merged run' })) }
}

/** Merges runs into one. */
export function mergeRuns (sections: RunSection[], writer: RunWriter, out: ScratchWriter, bufferBytes?: number): { bytes: number, records: number } {
  writer.begin(out)
  const merge = openMerge(sections, bufferBytes)
  for (let reader = merge.reader; reader !== undefined; reader = merge.reader) {
    writer.records(reader.bytes, reader.recordStart, reader.valueEnd, 1)
    merge.advance()
  }
  return writer.end()
}

/** Opens runs, at most `fanIn` of them, to be merged in their order. */
export function openMerge (sections: RunSection[], bufferBytes = MERGE_BUFFER_BYTES): Merge {
  return new Merge(sections.map(section => new RunReader(section, bufferBytes)))
}
