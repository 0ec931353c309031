import { RUN_BLOCK_BYTES } from './constants.ts'
import type { TaskOutput, TaskResult } from './executor.ts'
import type { TaskFiles } from './map-task.ts'
import { readFully } from './scratch-read.ts'
import type { ScratchFile } from './scratch.ts'

/** A scratch file's bytes, in blocks as they will be stored. */
export async function * scratchContent (file: ScratchFile): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < file.bytes;) {
    const block = readFully(file, position, Math.min(RUN_BLOCK_BYTES, file.bytes - position))
    position += block.length
    yield block
  }
}

/** What an executor gives back of an attempt whose scratch lies in its own process. */
export function taskResult ({ outputs, counters, skipped }: TaskFiles): TaskResult {
  return {
    outputs: outputs.map(({ partition, records, file }): TaskOutput =>
      ({ partition, records, bytes: file.bytes, content: () => scratchContent(file) })),
    counters,
    skipped,
    release: async () => {
      for (const { file } of outputs) file.remove()
    }
  }
}
