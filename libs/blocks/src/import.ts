import { MAX_CHUNK_BYTES, MIN_CHUNK_BYTES, MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'
import { FILE_CONCURRENCY, MAX_LINKS_PER_NODE, WRITE_CONCURRENCY } from './constants.ts'
import type { BlockSource } from './source.ts'
import type { ImportCandidateStream, ImporterOptions } from 'ipfs-unixfs-importer'
import type { CID } from 'multiformats/cid'

/** Where blocks go. */
type BlockSink = Pick<BlockSource, 'put'>

/** Content that was stored. */
export interface Added {
  cid: string
  bytes: number
}

/**
 * The layout of everything that is stored here: CIDv1, raw leaves of one size, balanced, 1024 links a node, directories
 * sharded where their block would have more than 256 KiB. With leaves of 1 MiB it is the profile unixfs-v1-2025 of
 * IPIP-499, so equal content has equal CIDs wherever that is used.
 */
function layout (chunkBytes: number): ImporterOptions {
  if (!Number.isInteger(chunkBytes) || chunkBytes < MIN_CHUNK_BYTES || chunkBytes > MAX_CHUNK_BYTES) {
    throw new MapReduceError('BAD_INPUT', `a chunk size of ${chunkBytes} bytes is not between ${MIN_CHUNK_BYTES} and ${MAX_CHUNK_BYTES}`)
  }
  return {
    profile: 'unixfs-v1-2025',
    reduceSingleLeafToSelf: true,
    chunker: fixedSize({ chunkSize: chunkBytes }),
    layout: balanced({ maxChildrenPerNode: MAX_LINKS_PER_NODE }),
    blockWriteConcurrency: WRITE_CONCURRENCY,
    fileImportConcurrency: FILE_CONCURRENCY
  }
}

/** Stores bytes as a file. The producer must not change what it has yielded. */
export async function importFile (sink: BlockSink, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, chunkBytes: number): Promise<Added> {
  const count = { bytes: 0 }
  return { cid: await importAll(sink, [{ content: counted(content, count) }], layout(chunkBytes)), bytes: count.bytes }
}

/** Stores files and directories, whose paths are relative, in a directory. */
export async function importDirectory (sink: BlockSink, candidates: ImportCandidateStream, chunkBytes: number): Promise<string> {
  return await importAll(sink, candidates, { ...layout(chunkBytes), wrapWithDirectory: true })
}

/** The CID of what was stored last: the root. Nothing is being stored any more when it fails. */
async function importAll (sink: BlockSink, candidates: ImportCandidateStream, options: ImporterOptions): Promise<string> {
  const storing = new Storing(sink)
  try {
    let root: string | undefined
    for await (const { cid } of importer(candidates, storing, options)) root = `${cid}`
    if (root == null) throw new MapReduceError('STORAGE', 'nothing was stored')
    return root
  } catch (error) {
    await storing.end()
    throw error
  }
}

/** The importer fails with the first block that fails, and leaves the others under way: these can be waited for. */
class Storing {
  readonly #sink: BlockSink
  readonly #underWay = new Set<Promise<CID>>()
  #ended = false

  constructor (sink: BlockSink) {
    this.#sink = sink
  }

  async put (cid: CID, bytes: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<CID> {
    if (!(bytes instanceof Uint8Array)) throw new MapReduceError('STORAGE', `block ${cid} came in pieces`)
    if (this.#ended) throw new MapReduceError('STORAGE', `block ${cid} is of content that failed`)
    const put = this.#sink.put(cid, bytes)
    this.#underWay.add(put)
    return await put.finally(() => this.#underWay.delete(put))
  }

  async end (): Promise<void> {
    this.#ended = true
    await Promise.allSettled(this.#underWay)
  }
}

async function * counted (content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, count: { bytes: number }): AsyncGenerator<Uint8Array> {
  for await (const bytes of content) {
    count.bytes += bytes.byteLength
    yield bytes
  }
}
