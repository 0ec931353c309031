import { MAX_CHUNK_BYTES, MapReduceError } from '@ipfs-mapreduce/mapreduce'
import * as dagCbor from '@ipld/dag-cbor'
import * as dagPb from '@ipld/dag-pb'
import { CID } from 'multiformats/cid'
import { CODEC, blockKey, isIdentity } from './cid.ts'
import { MAX_DAG_DEPTH, NODE_WEIGHT_BYTES } from './constants.ts'
import { inOrder } from './window.ts'

interface Link { cid: CID, tsize: number }

/** Reads a block of a DAG that may have links; makes sure of one that has none. `undefined` ends the branch there. */
export interface DagReader {
  read: (cid: CID, stopped: AbortSignal) => Promise<Uint8Array | undefined>
  ensure: (cid: CID, stopped: AbortSignal) => Promise<void>
}

/**
 * Every block of a DAG of dag-pb, dag-cbor and raw blocks, a node before what is below it; each inner node once.
 * Blocks that have no place but their CID (identity) are left out.
 */
export async function * blocksBelow (root: CID, reader: DagReader): AsyncGenerator<CID, void, undefined> {
  yield * visit([{ cid: root, tsize: MAX_CHUNK_BYTES }], reader, new Set(), 0)
}

async function * visit (links: Link[], reader: DagReader, seen: Set<string>, depth: number): AsyncGenerator<CID, void, undefined> {
  if (depth > MAX_DAG_DEPTH) throw new MapReduceError('BAD_INPUT', `the DAG is deeper than ${MAX_DAG_DEPTH} nodes at ${links[0]?.cid}`)
  const load = async ({ cid }: Link, stopped: AbortSignal): Promise<{ cid: CID, links: Link[] } | undefined> => {
    if (isIdentity(cid)) return undefined
    if (cid.code === CODEC.raw) {
      await reader.ensure(cid, stopped)
      return { cid, links: [] }
    }
    const block = await reader.read(cid, stopped)
    return block == null ? undefined : { cid, links: linksOf(cid, block) }
  }
  const fresh = links.filter(({ cid }) => cid.code === CODEC.raw || (!seen.has(blockKey(cid)) && seen.add(blockKey(cid)) != null))
  for await (const node of inOrder(fresh, weightOf, load)) {
    if (node == null) continue
    yield node.cid
    if (node.links.length > 0) yield * visit(node.links, reader, seen, depth + 1)
  }
}

function weightOf ({ cid, tsize }: Link): number {
  return cid.code === CODEC.raw ? tsize : Math.min(Math.max(tsize, NODE_WEIGHT_BYTES), MAX_CHUNK_BYTES)
}

function linksOf (cid: CID, block: Uint8Array): Link[] {
  if (cid.code === CODEC.dagPb) return dagPb.decode(block).Links.map(({ Hash, Tsize }) => ({ cid: Hash, tsize: Tsize ?? MAX_CHUNK_BYTES }))
  if (cid.code === CODEC.dagCbor) return linksIn(dagCbor.decode(block)).map(cid => ({ cid, tsize: MAX_CHUNK_BYTES }))
  throw new MapReduceError('BAD_INPUT', `${cid} has codec 0x${cid.code.toString(16)}, whose links are not understood here`)
}

function linksIn (value: unknown): CID[] {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return []
  const cid = CID.asCID(value)
  return cid != null ? [cid] : Object.values(value).flatMap(linksIn)
}
