import { DEFAULT_CHUNK_BYTES } from '@ipfs-mapreduce/mapreduce'
import { importDirectory, importFile } from './import.ts'
import { openLocalPath } from './local-path.ts'
import type { Added } from './import.ts'
import type { Log } from './log.ts'
import type { BlockSource } from './source.ts'
import type { DirectoryCandidate, FileCandidate } from 'ipfs-unixfs-importer'

/** How content is cut into blocks. */
export interface AddOptions {
  /** Leaf size, from MIN_CHUNK_BYTES to MAX_CHUNK_BYTES; default DEFAULT_CHUNK_BYTES. */
  chunkBytes?: number
}

/** How content is cut into blocks, and who is told of it. */
export interface AddPathOptions extends AddOptions {
  /** Called with the bytes read so far. */
  onProgress?: (bytes: number) => void
  /** Called for what is left out: symbolic links, sockets and the like. Default: a warning in the log. */
  onSkipped?: (path: string, reason: string) => void
}

/** Stores a local file, or a directory with all that is in it. The names and bytes alone decide the CID. `BAD_INPUT` names the path that cannot be read. */
export async function addPath (source: BlockSource, path: string, options: AddPathOptions, log: Log): Promise<Added> {
  const { chunkBytes = DEFAULT_CHUNK_BYTES, onProgress, onSkipped = (path, reason) => { log.warn({ path, reason }, 'left out') } } = options
  let bytes = 0
  const count = (read: number): void => {
    bytes = read
    onProgress?.(read)
  }
  const local = await openLocalPath(path, { chunkBytes, onSkipped, onProgress: count })
  if (local.type === 'file') return await importFile(source, local.content, chunkBytes)
  const cid = await importDirectory(source, local.entries as AsyncIterable<FileCandidate<AsyncIterable<Uint8Array>> | DirectoryCandidate>, chunkBytes)
  return { cid, bytes }
}
