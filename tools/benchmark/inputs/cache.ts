import { createReadStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeRecords } from './records.ts'
import { writeSmallFiles } from './small-files.ts'
import { writeText } from './text.ts'

/** Part of each name: raised when a generator makes other bytes than before. */
const FORMAT = 3
/** What is smaller takes no time worth telling of. */
const TOLD_BYTES = 8 * 1024 * 1024
const DIRECTORY = join(tmpdir(), 'ipmr-benchmark')

export type InputKind = 'text' | 'records' | 'small-files'

export interface InputInit {
  kind: InputKind
  /** Bytes, or files of `small-files`. */
  size: number
  seed: number
}

/** The path of an input, made unless it was made before: in the system's temporary folder, named by kind, size and seed. */
export async function input ({ kind, size, seed }: InputInit, say: (line: string) => void): Promise<string> {
  const path = join(DIRECTORY, `${kind}-${size}-${seed}.v${FORMAT}`)
  if (!await exists(path)) {
    if (kind === 'small-files' || size >= TOLD_BYTES) say(`making ${kind} of ${size} ${kind === 'small-files' ? 'files' : 'bytes'} (seed ${seed})`)
    await mkdir(DIRECTORY, { recursive: true })
    const next = `${path}.${process.pid}`
    await rm(next, { recursive: true, force: true })
    if (kind === 'text') await writeText(next, { bytes: size, seed })
    else if (kind === 'records') await writeRecords(next, { bytes: size, seed })
    else await writeSmallFiles(next, { files: size, seed })
    await rename(next, path)
  }
  return path
}

/** Reads a file once, so that nobody is the first to wait for the disk. */
export async function readThrough (path: string): Promise<void> {
  const stream = createReadStream(path, { highWaterMark: 1024 * 1024 })
  for await (const chunk of stream) void chunk
}

async function exists (path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return false
  }
}
