import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import * as dagPb from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { CODEC } from './cid.ts'
import type { CID } from 'multiformats/cid'

/**
 * Least bytes that an inner node of a file adds to its children's: one link is a CID of 34 bytes, its tags, lengths
 * and Tsize. A node that adds fewer than these (Tsize less file bytes) has no links: it is a leaf.
 */
const MIN_INNER_NODE_BYTES = 42

/** A link of a file's node. `leaf` is known from the link alone. */
export interface FileLink {
  cid: CID
  /** Bytes of the file below it. */
  bytes: number
  leaf: boolean
}

/** A node of a file: its own bytes come before those of its links (UnixFS specification, `Data` and `blocksizes`). */
export interface FileNode {
  data: Uint8Array
  links: FileLink[]
  bytes: number
}

export type UnixFsNode =
  | { type: 'file', file: FileNode }
  | { type: 'directory' | 'other', unixfs: string }

/** Reads a block as UnixFS. `BAD_INPUT` where it is none. */
export function decodeNode (cid: CID, block: Uint8Array): UnixFsNode {
  if (cid.code === CODEC.raw) return { type: 'file', file: { data: block, links: [], bytes: block.byteLength } }
  if (cid.code !== CODEC.dagPb) throw new MapReduceError('BAD_INPUT', `${cid} is not a file or directory: its codec is 0x${cid.code.toString(16)}`)
  const { Data, Links } = decode(cid, () => dagPb.decode(block))
  if (Data == null) throw new MapReduceError('BAD_INPUT', `${cid} is not UnixFS: the node has no data`)
  const unixfs = decode(cid, () => UnixFS.unmarshal(Data))
  if (unixfs.isDirectory()) return { type: 'directory', unixfs: unixfs.type }
  if (unixfs.type !== 'file' && unixfs.type !== 'raw') return { type: 'other', unixfs: unixfs.type }
  if (unixfs.blockSizes.length !== Links.length) {
    throw new MapReduceError('BAD_INPUT', `${cid} is malformed: ${Links.length} links, ${unixfs.blockSizes.length} block sizes`)
  }
  const links = Links.map(({ Hash, Tsize }, i) => {
    const bytes = Number(unixfs.blockSizes[i])
    return { cid: Hash, bytes, leaf: Hash.code === CODEC.raw || (Tsize != null && Tsize >= bytes && Tsize - bytes < MIN_INNER_NODE_BYTES) }
  })
  return { type: 'file', file: { data: unixfs.data ?? new Uint8Array(0), links, bytes: Number(unixfs.fileSize()) } }
}

/** Reads a block as a node of a file. `BAD_INPUT` where it is something else. */
export function decodeFile (cid: CID, block: Uint8Array): FileNode {
  const node = decodeNode(cid, block)
  if (node.type === 'file') return node.file
  throw new MapReduceError('BAD_INPUT', `${cid} is a ${node.unixfs}, not a file`)
}

function decode <T> (cid: CID, how: () => T): T {
  try {
    return how()
  } catch (cause) {
    throw new MapReduceError('BAD_INPUT', `${cid} is not UnixFS: ${(cause as Error).message}`, { cause })
  }
}
