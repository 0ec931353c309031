import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { blockOf, codecOf, type Block } from './cid.ts'
import { compareText } from './text-order.ts'

/** A child of an inner node: `bytes` is the size of the content below it. */
export interface Link {
  name: string
  cid: string
  bytes: number
}

/**
 * What a CID names. A file of one block is that block, as with raw leaves in UnixFS; a larger one is a node of
 * links to leaves. Inner nodes are JSON: the simulator proves nothing about UnixFS' own bytes, and needs none.
 */
export type Node =
  | { kind: 'leaf', bytes: number }
  | { kind: 'file', links: readonly Link[] }
  | { kind: 'directory', links: readonly Link[] }
  | { kind: 'record' }

export function leafBlock (bytes: Uint8Array): Block {
  return blockOf('raw', bytes)
}

export function fileBlock (leaves: Array<{ cid: string, bytes: number }>): Block {
  return node('file', leaves.map(({ cid, bytes }) => ({ name: '', cid, bytes })))
}

/** The order of entries does not matter: they are sorted by the bytes of their names. */
export function directoryBlock (entries: readonly Link[]): Block {
  const links = entries.map(({ name, cid, bytes }) => ({ name, cid, bytes })).sort((a, b) => compareText(a.name, b.name))
  return node('directory', links)
}

/** The nodes of blocks that were read: each is parsed once, however many read it. */
const parsed = new WeakMap<Uint8Array, Node>()

/** Reads a block by the codec of its CID. */
export function parseNode (cid: string, block: Uint8Array): Node {
  const codec = codecOf(cid)
  if (codec === 'raw') return { kind: 'leaf', bytes: block.length }
  if (codec === 'dag-cbor') return { kind: 'record' }
  const node = parsed.get(block) ?? JSON.parse(new TextDecoder().decode(block)) as Node
  parsed.set(block, node)
  return node
}

/** The size of the content below a node. */
export function contentBytes (of: Node): number {
  if (of.kind === 'leaf') return of.bytes
  if (of.kind === 'record') return 0
  return of.links.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** Refuses what was never a CID, as the real adapter does, before anybody is asked for it. */
export function checkCid (cid: string): void {
  if (codecOf(cid) === undefined) throw new MapReduceError('BAD_INPUT', `${cid} is no CID: give one that starts with "baf"`)
}

function node (kind: 'file' | 'directory', links: Link[]): Block {
  const block = new TextEncoder().encode(JSON.stringify({ kind, links }))
  return blockOf('dag-pb', block)
}
