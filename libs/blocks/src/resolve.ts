import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import * as dagPb from '@ipld/dag-pb'
import { walkPath } from 'ipfs-unixfs-exporter'
import { CODEC, parseCid } from './cid.ts'
import { decodeNode } from './node.ts'
import { readable } from './walk.ts'
import type { Ask, BlockSource } from './source.ts'
import type { CID } from 'multiformats/cid'

/** What a path names. */
export interface Resolved {
  cid: string
  /** The last part of the path; the CID where there is no other. */
  name: string
  type: 'file' | 'directory'
  /** Bytes of a file; of a directory, what its links declare. */
  bytes: number
}

/** Splits `CID`, `CID/a/b`, `/ipfs/CID/a/b` and `ipfs://CID/a/b` (whose path is percent-encoded). `BAD_INPUT` otherwise. */
export function parsePath (text: string): { cid: CID, path: string[] } {
  const uri = /^ipfs:\/\/(.*)$/i.exec(text)
  const plain = uri?.[1] == null ? text.replace(/^\/ipfs\//, '') : decodeUri(text, uri[1])
  const [root = '', ...path] = plain.replace(/\/+$/, '').split('/')
  const cid = parseCid(root)
  if (path.includes('')) throw new MapReduceError('BAD_INPUT', `'${text}' has an empty part in its path`)
  return { cid, path }
}

/** Finds what a path names. `BAD_INPUT` where it does not exist, or is neither a file nor a directory. */
export async function resolvePath (source: BlockSource, text: string, ask: Ask): Promise<Resolved> {
  const { cid: root, path } = parsePath(text)
  const cid = path.length === 0 ? root : await follow(source, root, path, text, ask)
  const block = await source.get(cid, ask)
  const node = decodeNode(cid, block)
  const name = path.at(-1) ?? `${root}`
  if (node.type === 'file') return { cid: `${cid}`, name, type: 'file', bytes: node.file.bytes }
  if (node.type === 'directory') return { cid: `${cid}`, name, type: 'directory', bytes: declaredBytes(cid, block) }
  throw new MapReduceError('BAD_INPUT', `'${text}' is a ${node.unixfs}, neither a file nor a directory`)
}

async function follow (source: BlockSource, root: CID, path: string[], text: string, ask: Ask): Promise<CID> {
  let cid = root
  try {
    for await (const entry of walkPath([`${root}`, ...path].join('/'), readable(source, ask))) cid = entry.cid
  } catch (cause) {
    if (cause instanceof MapReduceError) throw cause
    throw new MapReduceError('BAD_INPUT', `'${text}' does not exist: there is no '${path.join('/')}' under ${root}`, { cause })
  }
  return cid
}

function declaredBytes (cid: CID, block: Uint8Array): number {
  if (cid.code !== CODEC.dagPb) return block.byteLength
  return dagPb.decode(block).Links.reduce((sum, { Tsize }) => sum + (Tsize ?? 0), 0)
}

function decodeUri (text: string, encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch (cause) {
    throw new MapReduceError('BAD_INPUT', `'${text}' is not a valid URI`, { cause })
  }
}
