import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generator } from './random.ts'
import { textChunks } from './text.ts'

/** Sizes of files are spread evenly between these. */
const LEAST_BYTES = 512
const MOST_BYTES = 8 * 1024
const FILES_PER_DIRECTORY = 1_000

export interface SmallFilesInit {
  files: number
  seed: number
}

/** The size of each file, in order of their names. */
export function smallFileSizes ({ files, seed }: SmallFilesInit): number[] {
  const random = generator(seed)
  return Array.from({ length: files }, () => LEAST_BYTES + Math.floor(random() * (MOST_BYTES - LEAST_BYTES)))
}

/** Writes a directory of small texts cut from one, in subdirectories: the same for the same seed and number. */
export async function writeSmallFiles (directory: string, init: SmallFilesInit): Promise<void> {
  const sizes = smallFileSizes(init)
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  const text = Buffer.concat([...textChunks({ bytes, seed: init.seed })])
  let at = 0
  for (const [n, size] of sizes.entries()) {
    const folder = join(directory, `d${String(Math.floor(n / FILES_PER_DIRECTORY)).padStart(3, '0')}`)
    if (n % FILES_PER_DIRECTORY === 0) await mkdir(folder, { recursive: true })
    const end = n === sizes.length - 1 ? bytes : lineEnd(text, at + size)
    await writeFile(join(folder, `f${String(n).padStart(6, '0')}.txt`), text.subarray(Math.min(at, end), end))
    at = Math.max(at, end)
  }
}

/** Just past the first line that ends at `from` or later. */
function lineEnd (text: Buffer, from: number): number {
  const newline = text.indexOf(0x0a, from)
  return newline < 0 ? text.length : newline + 1
}
