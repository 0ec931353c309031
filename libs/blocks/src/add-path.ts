import { createReadStream } from 'node:fs'
import { lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DEFAULT_CHUNK_BYTES, MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { READ_FILE_BYTES } from './constants.ts'
import { importDirectory, importFile } from './import.ts'
import type { Added } from './import.ts'
import type { Log } from './log.ts'
import type { BlockSource } from './source.ts'
import type { DirectoryCandidate, FileCandidate } from 'ipfs-unixfs-importer'

export interface AddOptions {
  /** Leaf size, from MIN_CHUNK_BYTES to MAX_CHUNK_BYTES; default DEFAULT_CHUNK_BYTES. */
  chunkBytes?: number
}

export interface AddPathOptions extends AddOptions {
  /** Called with the bytes read so far. */
  onProgress?: (bytes: number) => void
  /** Called for what is left out: symbolic links, sockets and the like. Default: a warning in the log. */
  onSkipped?: (path: string, reason: string) => void
}

/**
 * Stores a local file, or a directory with all that is in it, dotfiles too. The names and bytes alone decide the CID. A
 * symbolic link is followed where it is the path itself, and left out inside of a directory. `BAD_INPUT` names the path
 * that cannot be read.
 */
export async function addPath (source: BlockSource, path: string, options: AddPathOptions, log: Log): Promise<Added> {
  const chunkBytes = options.chunkBytes ?? DEFAULT_CHUNK_BYTES
  const skipped = options.onSkipped ?? ((path, reason) => { log.warn({ path, reason }, 'left out') })
  const progress = { bytes: 0 }
  const open = async function * (file: string, size: number): AsyncGenerator<Uint8Array> {
    for await (const bytes of readFile(file, size, chunkBytes)) {
      progress.bytes += bytes.byteLength
      options.onProgress?.(progress.bytes)
      yield bytes
    }
  }
  const kind = await stat(path).catch(unreadable(path))
  if (kind.isFile()) return await importFile(source, open(path, kind.size), chunkBytes)
  if (!kind.isDirectory()) throw new MapReduceError('BAD_INPUT', `${path} is neither a file nor a directory`)
  return { cid: await importDirectory(source, candidates(path, '', open, skipped), chunkBytes), bytes: progress.bytes }
}

async function * candidates (root: string, prefix: string, open: (file: string, size: number) => AsyncIterable<Uint8Array>, skipped: (path: string, reason: string) => void): AsyncGenerator<FileCandidate<AsyncIterable<Uint8Array>> | DirectoryCandidate> {
  const directory = join(root, prefix)
  const names = await readdir(directory).catch(unreadable(directory))
  for (const name of names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
    const path = prefix === '' ? name : `${prefix}/${name}`
    const local = join(root, path)
    const kind = await lstat(local).catch(unreadable(local))
    if (kind.isFile()) {
      yield { path, content: open(local, kind.size) }
    } else if (kind.isDirectory()) {
      yield { path }
      yield * candidates(root, path, open, skipped)
    } else {
      skipped(local, kind.isSymbolicLink() ? 'a symbolic link' : 'not a regular file')
    }
  }
}

/** A file's bytes in pieces of whole leaves, so that no leaf is put together from two; a small file in a small buffer. */
async function * readFile (path: string, size: number, chunkBytes: number): AsyncGenerator<Uint8Array> {
  const highWaterMark = size < chunkBytes ? size + 1 : Math.max(1, Math.floor(READ_FILE_BYTES / chunkBytes)) * chunkBytes
  try {
    yield * createReadStream(path, { highWaterMark }) as AsyncIterable<Uint8Array>
  } catch (error) {
    unreadable(path)(error as Error)
  }
}

function unreadable (path: string): (cause: Error) => never {
  return cause => { throw new MapReduceError('BAD_INPUT', `cannot read ${path}: ${cause.message}`, { cause }) }
}
