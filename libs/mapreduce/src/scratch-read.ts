import { MapReduceError } from './errors.ts'
import type { ScratchFile } from './scratch.ts'

/** `bytes` of a scratch file from `position` on. Throws `STORAGE` where it ends first. */
export function readFully (file: ScratchFile, position: number, bytes: number): Uint8Array<ArrayBuffer> {
  const into = new Uint8Array(bytes)
  for (let filled = 0; filled < bytes;) {
    const count = file.read(into.subarray(filled), position + filled)
    if (count === 0) throw new MapReduceError('STORAGE', `a scratch file of ${file.bytes} bytes ended at ${position + filled}`)
    filled += count
  }
  return into
}
