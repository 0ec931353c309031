import { RUN_BLOCK_BYTES } from './constants.ts'
import { MapReduceError } from './errors.ts'
import type { TaskOutput, TaskResult } from './executor.ts'
import type { TaskFiles } from './map-task.ts'
import type { ScratchFile } from './scratch.ts'

/** A scratch file's bytes, in blocks as they will be stored. */
export async function * scratchContent (file: ScratchFile): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < file.bytes;) {
    const block = new Uint8Array(Math.min(RUN_BLOCK_BYTES, file.bytes - position))
    const count = file.read(block, position)
    if (count === 0) throw new MapReduceError('STORAGE', `a scratch file of ${file.bytes} bytes ended at ${position}`)
    position += count
    yield block.subarray(0, count)
  }
}

/** What an executor gives back of an attempt whose scratch lies in its own process. */
export function taskResult ({ outputs, counters }: TaskFiles): TaskResult {
  return {
    outputs: outputs.map(({ partition, records, file }): TaskOutput =>
      ({ partition, records, bytes: file.bytes, content: () => scratchContent(file) })),
    counters,
    release: async () => {
      for (const { file } of outputs) file.remove()
    }
  }
}
