import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { CODEC, isIdentity } from './cid.ts'
import { MAX_DAG_DEPTH } from './constants.ts'
import { decodeFile } from './node.ts'
import { until } from './source.ts'
import { inOrder } from './window.ts'
import type { FileLink } from './node.ts'
import type { Ask, BlockSource } from './source.ts'
import type { Lent } from '@ipfs-mapreduce/mapreduce'
import type { CID } from 'multiformats/cid'

/** A block that has bytes of a file: a leaf, or a node whose own bytes come before its links'. */
export interface Piece {
  cid: CID
  offset: number
  bytes: number
  /** The bytes, where finding the piece meant reading them. */
  data?: Uint8Array
}

/** Bytes `start` to `end` (exclusive) of a file. */
export interface Range {
  start: number
  end: number
}

export const WHOLE: Range = { start: 0, end: Infinity }

/**
 * The pieces of a file that a range touches, in order, found by reading inner nodes alone: the sizes of leaves are in
 * their parents. Any depth and layout; branches outside of the range are not read. `BAD_INPUT` where a node belies its parent.
 */
export async function * piecesOf (source: BlockSource, file: CID, range: Range, ask: Ask): AsyncGenerator<Piece, void, undefined> {
  yield * below(source, { cid: file, bytes: NaN, leaf: false }, 0, range, ask, 0)
}

async function * below (source: BlockSource, link: FileLink, offset: number, range: Range, ask: Ask, depth: number): AsyncGenerator<Piece, void, undefined> {
  const { cid } = link
  if (depth > MAX_DAG_DEPTH) throw new MapReduceError('BAD_INPUT', `the file's DAG is deeper than ${MAX_DAG_DEPTH} nodes at ${cid}`)
  const { data, links, bytes } = await source.file(cid, ask)
  // Only the root's size comes from nowhere else.
  if (depth > 0 && bytes !== link.bytes) throw new MapReduceError('BAD_INPUT', `${cid} has ${bytes} bytes where its parent says ${link.bytes}`)
  if (touches(offset, data.byteLength, range)) yield { cid, offset, bytes: data.byteLength, data }
  offset += data.byteLength
  for (const child of links) {
    if (offset >= range.end) return
    if (touches(offset, child.bytes, range)) {
      if (child.leaf) yield { cid: child.cid, offset, bytes: child.bytes }
      else yield * below(source, child, offset, range, ask, depth + 1)
    }
    offset += child.bytes
  }
}

/** The bytes of a range, in order, with several blocks on their way ahead of the reader. */
export async function * readPieces (source: BlockSource, file: CID, range: Range, ask: Ask): AsyncGenerator<Uint8Array, void, undefined> {
  const asking = stoppable(ask)
  yield * inOrder(piecesOf(source, file, range, ask), piece => piece.bytes, async (piece, stopped) => await readPiece(source, piece, range, asking(stopped)))
}

/** The same; leaves that lie in files are made files at the paths that `place` gives, instead of read, where they can be. */
export async function * lendPieces (source: BlockSource, file: CID, range: Range, place: () => string, ask: Ask): AsyncGenerator<Uint8Array | Lent, void, undefined> {
  // A file of one block is known by that block alone.
  const whole = file.code === CODEC.raw ? await lend(source, file, place()) : undefined
  if (whole !== undefined) {
    if (touches(0, whole.bytes, range)) yield part(whole, { offset: 0, bytes: whole.bytes }, range)
    return
  }
  const asking = stoppable(ask)
  yield * inOrder(piecesOf(source, file, range, ask), piece => piece.bytes, async (piece, stopped) => {
    const lent = piece.data === undefined && piece.cid.code === CODEC.raw ? await lend(source, piece.cid, place()) : undefined
    if (lent === undefined) return await readPiece(source, piece, range, asking(stopped))
    checkSize(piece, lent.bytes)
    return part(lent, piece, range)
  })
}

/** A block as a file; `undefined` where it is not here, or cannot be one. */
async function lend (source: BlockSource, cid: CID, path: string): Promise<Lent | undefined> {
  const bytes = await source.local.lend(cid, path)
  return bytes === undefined ? undefined : { path, offset: 0, bytes }
}

function part ({ path }: Lent, piece: Pick<Piece, 'offset' | 'bytes'>, range: Range): Lent {
  const { start, end } = within(piece, range)
  return { path, offset: start, bytes: end - start }
}

async function readPiece (source: BlockSource, piece: Piece, range: Range, ask: Ask): Promise<Uint8Array> {
  const { start, end } = within(piece, range)
  const isPart = piece.data === undefined && piece.cid.code === CODEC.raw && end - start < piece.bytes
  const part = isPart ? await source.local.readPart(piece.cid, { start, end, blockBytes: piece.bytes }) : undefined
  if (part !== undefined) return part
  const bytes = piece.data ?? leafData(piece.cid, await source.get(piece.cid, ask))
  checkSize(piece, bytes.byteLength)
  return bytes.subarray(start, end)
}

function checkSize ({ cid, bytes }: Piece, found: number): void {
  if (found !== bytes) throw new MapReduceError('BAD_INPUT', `leaf ${cid} has ${found} bytes where its parent says ${bytes}`)
}

/** The bytes of a piece that are in a range. */
function within ({ offset, bytes }: Pick<Piece, 'offset' | 'bytes'>, { start, end }: Range): Range {
  return { start: Math.max(start - offset, 0), end: Math.min(end - offset, bytes) }
}

/** Makes the blocks of a range local. */
export async function fetchPieces (source: BlockSource, file: CID, range: Range, ask: Ask): Promise<void> {
  const asking = stoppable(ask)
  const ensure = async (piece: Piece, stopped: AbortSignal): Promise<void> => {
    if (piece.data == null && !isIdentity(piece.cid)) await source.ensure(piece.cid, asking(stopped))
  }
  const pieces = inOrder(piecesOf(source, file, range, ask), piece => piece.bytes, ensure)
  while (!(await pieces.next()).done) continue
}

/** The same ask until work is stopped, made once for all pieces, whose signal is one. */
function stoppable (ask: Ask): (stopped: AbortSignal) => Ask {
  let stopping: Ask | undefined
  return stopped => stopping ??= until(ask, stopped)
}

function leafData (cid: CID, block: Uint8Array): Uint8Array {
  if (cid.code === CODEC.raw) return block
  const { data, links } = decodeFile(cid, block)
  if (links.length > 0) throw new MapReduceError('BAD_INPUT', `${cid} has links where its parent's sizes say that it is a leaf`)
  return data
}

function touches (offset: number, bytes: number, { start, end }: Range): boolean {
  return bytes > 0 && offset < end && offset + bytes > start
}
