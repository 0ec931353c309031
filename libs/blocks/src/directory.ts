import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import * as dagPb from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { CODEC, parseCid } from './cid.ts'
import { MAX_BLOCK_BYTES } from './constants.ts'
import type { Ask, BlockSource } from './source.ts'

export interface DirectoryEntry {
  name: string
  cid: string
  bytes: number
}

/** Whether a name can stand in a directory without leading elsewhere when it is written to disk. */
export function isFileName (name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name)
}

/**
 * Stores a flat UnixFS directory (CIDv1, links sorted by name) of files and directories that exist, as `ipfs add -r`
 * makes it. Each link's Tsize is that of the child's DAG, so the first block of a child that is not raw is read.
 * `BAD_INPUT` for names that are doubled or no names, and where the directory outgrows one block (about 20,000 entries).
 */
export async function makeDirectory (source: BlockSource, entries: readonly DirectoryEntry[], ask: Ask): Promise<string> {
  const names = new Set<string>()
  for (const { name } of entries) {
    if (!isFileName(name)) throw new MapReduceError('BAD_INPUT', `${JSON.stringify(name)} cannot name a file in a directory`)
    if (names.has(name)) throw new MapReduceError('BAD_INPUT', `two files of a directory are named '${name}'`)
    names.add(name)
  }
  const links: dagPb.PBLink[] = []
  for (const { name, cid, bytes } of entries) {
    const hash = parseCid(cid)
    links.push({ Name: name, Hash: hash, Tsize: await dagBytes(source, hash, bytes, ask) })
  }
  const block = dagPb.encode(dagPb.prepare({ Data: new UnixFS({ type: 'directory' }).marshal(), Links: links }))
  if (block.byteLength > MAX_BLOCK_BYTES) {
    throw new MapReduceError('BAD_INPUT', `a directory of ${entries.length} files needs a block of ${block.byteLength} bytes, over the limit of ${MAX_BLOCK_BYTES}: nest them in directories`)
  }
  const cid = CID.createV1(dagPb.code, await sha256.digest(block))
  await source.put(cid, block)
  return `${cid}`
}

async function dagBytes (source: BlockSource, cid: CID, bytes: number, ask: Ask): Promise<number> {
  if (cid.code === CODEC.raw) return bytes
  if (cid.code !== CODEC.dagPb) throw new MapReduceError('BAD_INPUT', `${cid} is neither a file nor a directory`)
  const block = await source.get(cid, ask)
  return dagPb.decode(block).Links.reduce((sum, { Tsize }) => sum + (Tsize ?? 0), block.byteLength)
}
