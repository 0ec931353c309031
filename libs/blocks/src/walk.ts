import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { exporter } from 'ipfs-unixfs-exporter'
import { CODEC, parseCid } from './cid.ts'
import { MAX_DAG_DEPTH, NODE_WEIGHT_BYTES } from './constants.ts'
import { isFileName } from './directory.ts'
import { decodeNode } from './node.ts'
import { until } from './source.ts'
import { inOrder } from './window.ts'
import type { Ask, BlockSource } from './source.ts'
import type { FileEntry } from '@ipfs-mapreduce/mapreduce'
import type { ReadableStorage, UnixFSDirectoryEntry } from 'ipfs-unixfs-exporter'
import type { CID } from 'multiformats/cid'

/** A block store as the UnixFS exporter reads it, bound to one operation's providers and signal. */
export function readable (source: BlockSource, ask: Ask): ReadableStorage {
  return {
    get: async function * (cid) { yield await source.get(cid, ask) }
  }
}

/** The files under a root, sorted by the bytes of their paths. Symbolic links and other special nodes are left out. */
export async function * walkFiles (source: BlockSource, root: string, ask: Ask): AsyncGenerator<FileEntry, void, undefined> {
  const cid = parseCid(root)
  const node = decodeNode(cid, await source.get(cid, ask))
  if (node.type === 'file') yield { path: root, cid: root, bytes: node.file.bytes }
  else if (node.type === 'directory') yield * walkDirectory(source, cid, '', ask, 0)
  else throw new MapReduceError('BAD_INPUT', `${root} is a ${node.unixfs}, neither a file nor a directory`)
}

interface Child { name: string, cid: CID, bytes: number, kind: 'file' | 'directory' | 'other' }

async function * walkDirectory (source: BlockSource, directory: CID, prefix: string, ask: Ask, depth: number): AsyncGenerator<FileEntry, void, undefined> {
  if (depth > MAX_DAG_DEPTH) throw new MapReduceError('BAD_INPUT', `directories are nested more than ${MAX_DAG_DEPTH} deep at ${prefix}`)
  for (const child of await childrenOf(source, directory, ask)) {
    const path = prefix + child.name
    if (child.kind === 'directory') yield * walkDirectory(source, child.cid, `${path}/`, ask, depth + 1)
    else if (child.kind === 'file') yield { path, cid: `${child.cid}`, bytes: child.bytes }
  }
}

/** The entries of a directory, flat or sharded, in the order in which their paths sort: a directory's go on with a `/`. */
async function childrenOf (source: BlockSource, directory: CID, ask: Ask): Promise<Child[]> {
  const children: Array<Child & { key: Buffer }> = []
  for await (const child of inOrder(await entriesOf(source, directory, ask), () => NODE_WEIGHT_BYTES, async (entry, stopped) => await classify(source, entry, until(ask, stopped)))) {
    children.push({ ...child, key: Buffer.from(child.kind === 'directory' ? `${child.name}/` : child.name) })
  }
  return children.sort((a, b) => Buffer.compare(a.key, b.key))
}

async function entriesOf (source: BlockSource, directory: CID, ask: Ask): Promise<AsyncIterable<UnixFSDirectoryEntry>> {
  const entry = await exporter(directory, readable(source, ask))
  if (entry.type !== 'directory') throw new MapReduceError('BAD_INPUT', `${directory} is not a directory`)
  return entry.entries()
}

/** A raw leaf's size is its link's; other children tell what they are in their own first block. */
async function classify (source: BlockSource, { cid, name, size }: UnixFSDirectoryEntry, ask: Ask): Promise<Child> {
  if (!isFileName(name)) throw new MapReduceError('BAD_INPUT', `a directory has an entry ${JSON.stringify(name)}, which is no name of a file`)
  if (cid.code === CODEC.raw && size > 0n) return { name, cid, bytes: Number(size), kind: 'file' }
  if (cid.code !== CODEC.raw && cid.code !== CODEC.dagPb) return { name, cid, bytes: 0, kind: 'other' }
  const node = decodeNode(cid, await source.get(cid, ask))
  return { name, cid, bytes: node.type === 'file' ? node.file.bytes : 0, kind: node.type }
}
