import { stat } from 'node:fs/promises'
import type { InputSource } from './source.ts'

/** What one mapper reads in the time in which a second one starts. */
export const SMALL_INPUT_BYTES = 4 * 1024 * 1024

/** Whether the inputs are files of this machine that are small together. What is elsewhere, or a directory, may be of any size. */
export async function isSmall (inputs: readonly InputSource[]): Promise<boolean> {
  let bytes = 0
  for (const input of inputs) {
    if (input.kind !== 'local') return false
    const found = await stat(input.path)
    if (!found.isFile()) return false
    bytes += found.size
    if (bytes > SMALL_INPUT_BYTES) return false
  }
  return true
}
