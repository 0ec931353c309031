import { constants, createWriteStream } from 'node:fs'
import { access, mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { FileEntry, Files, ReadOptions } from '@ipfs-mapreduce/mapreduce'
import { plainReason, UsageError } from './errors.ts'

/** Hadoop's mark of a job whose output is whole. */
export const SUCCESS_FILE = '_SUCCESS'

/** Refuses a directory that holds something, as a job's output never mixes with another's, and one that cannot be written: before the work is done, not after it. */
export async function refuseOccupied (dir: string): Promise<void> {
  const entries = await list(dir)
  if (entries === undefined || entries.length === 0) return await refuseUnwritable(dir)
  throw new UsageError(`the output directory ${dir} is not empty: choose another, such as --output ${await freeName(dir)}, or remove it`)
}

/** Asks of the directory, or of the nearest one above it that is there. */
async function refuseUnwritable (dir: string): Promise<void> {
  for (let place = resolve(dir); ; place = dirname(place)) {
    try {
      await access(place, constants.W_OK | constants.X_OK)
      if ((await stat(place)).isDirectory()) return
      throw new UsageError(`the output directory ${dir} cannot be made: ${place} is a file`)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && place !== dirname(place)) continue
      if (error instanceof UsageError) throw error
      throw new UsageError(`the output directory ${dir} cannot be written: ${place}: ${plainReason(error)}`, '', { cause: error })
    }
  }
}

async function list (dir: string): Promise<string[] | undefined> {
  try {
    return await readdir(dir)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') return undefined
    if (code === 'ENOTDIR') throw new UsageError(`--output ${dir} is a file, or below one: name a directory`, '', { cause: error })
    throw error
  }
}

async function freeName (dir: string): Promise<string> {
  for (let n = 2; ; n++) {
    const name = `${dir.replace(/[/\\]+$/, '')}-${n}`
    if (await list(name) === undefined) return name
  }
}

/**
 * Writes the files under a result to a directory, each under a temporary name until it is whole, and then the mark of success.
 * Where the system refuses that, the work is done all the same: it is said how to have the result elsewhere.
 */
export async function writeOutput (files: Files, result: string, dir: string, options: ReadOptions): Promise<string[]> {
  const written: string[] = []
  try {
    await mkdir(dir, { recursive: true }).catch((error: unknown) => { throw unwritable(dir, error) })
    for await (const entry of files.walk(result, options)) {
      const path = join(dir, entry.path)
      await writeFileWhole(files, entry, path, options)
      written.push(path)
    }
    await writeFile(join(dir, SUCCESS_FILE), '')
  } catch (error) {
    if (!(error instanceof MapReduceError) || error.code !== 'STORAGE') throw error
    throw new MapReduceError('STORAGE', `${error.message}; the result is there, and ipmr get ${result} -o DIR writes it elsewhere`, { cause: error })
  }
  return written
}

/** Fills a directory, which must be new or empty, so that its name never shows half of it. */
export async function writeDirectoryWhole (dir: string, write: (unfinished: string) => Promise<void>): Promise<void> {
  await refuseOccupied(dir)
  const unfinished = join(dirname(dir), `.${basename(dir)}.${process.pid}.tmp`)
  await mkdir(unfinished, { recursive: true })
  try {
    await write(unfinished)
    if (await list(dir) === undefined) await rename(unfinished, dir)
    else await moveInto(dir, unfinished)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    throw error
  }
}

/** An empty directory that is there stays: somebody may stand in it. */
async function moveInto (dir: string, unfinished: string): Promise<void> {
  for (const name of await readdir(unfinished)) await rename(join(unfinished, name), join(dir, name))
  await rmdir(unfinished)
}

/** Writes one file so that its name never shows half of it. */
export async function writeFileWhole (files: Files, entry: FileEntry, path: string, options: ReadOptions): Promise<void> {
  const unfinished = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
  try {
    await mkdir(dirname(path), { recursive: true })
    await pipeline(Readable.from(files.read(entry.cid, options)), createWriteStream(unfinished), { signal: options.signal })
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw unwritable(path, error)
  }
}

/** What the system refused is told of the name that was asked for. */
function unwritable (path: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  return code === undefined || syscall === undefined ? error : new MapReduceError('STORAGE', `cannot write ${path}: ${plainReason(error)}`, { cause: error })
}
