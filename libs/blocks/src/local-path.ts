import { createReadStream } from 'node:fs'
import { lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { READ_FILE_BYTES } from './constants.ts'

/** How what is read is cut into pieces, and who is told of it. */
export interface LocalPathOptions {
  /** Leaf size: pieces are of whole leaves. */
  chunkBytes: number
  /** Called with the bytes read so far. */
  onProgress?: (bytes: number) => void
  /** Called for what is left out: symbolic links, sockets and the like. */
  onSkipped: (path: string, reason: string) => void
}

/** What lies in a local directory, by its path there: a file with its bytes, or a directory, before what is in it. */
export interface LocalEntry {
  path: string
  content?: AsyncIterable<Uint8Array>
}

/** What a path of this machine names, read as it is asked for. */
export type LocalPath =
  | { type: 'file', content: AsyncIterable<Uint8Array> }
  | { type: 'directory', entries: AsyncIterable<LocalEntry> }

/**
 * Opens a local file, or a directory with all that is in it, dotfiles too, sorted by the bytes of names. A symbolic link is followed
 * where it is the path itself, and left out inside of a directory. `BAD_INPUT` names the path that cannot be read.
 */
export async function openLocalPath (path: string, { chunkBytes, onProgress, onSkipped }: LocalPathOptions): Promise<LocalPath> {
  const progress = { bytes: 0 }
  const open = async function * (file: string, size: number): AsyncGenerator<Uint8Array> {
    for await (const bytes of readFile(file, size, chunkBytes)) {
      progress.bytes += bytes.byteLength
      onProgress?.(progress.bytes)
      yield bytes
    }
  }
  const kind = await stat(path).catch(unreadable(path))
  if (kind.isFile()) return { type: 'file', content: open(path, kind.size) }
  if (!kind.isDirectory()) throw new MapReduceError('BAD_INPUT', `${path} is neither a file nor a directory`)
  return { type: 'directory', entries: entriesOf(path, '', open, onSkipped) }
}

async function * entriesOf (root: string, prefix: string, open: (file: string, size: number) => AsyncIterable<Uint8Array>, skipped: LocalPathOptions['onSkipped']): AsyncGenerator<LocalEntry> {
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
      yield * entriesOf(root, path, open, skipped)
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
