import { concat, type RangeOptions } from '@ipfs-mapreduce/mapreduce'
import type { Link } from './nodes.ts'

/** A leaf of a file and what of it lies in a range, in bytes of the leaf. */
export interface Piece {
  cid: string
  from: number
  to: number
}

/** The pieces of a file's leaves that make up a range, in order. A range past the end is cut to the file. */
export function pieces (leaves: ReadonlyArray<Pick<Link, 'cid' | 'bytes'>>, { offset = 0, length = Infinity }: RangeOptions): Piece[] {
  const found: Piece[] = []
  const end = offset + length
  let start = 0
  for (const { cid, bytes } of leaves) {
    if (start >= end) break
    const from = Math.max(offset - start, 0)
    const to = Math.min(end - start, bytes)
    if (from < to) found.push({ cid, from, to })
    start += bytes
  }
  return found
}

/** Cuts content into chunks of a size; the last may be shorter. Nothing gives none. */
export async function * chunked (content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, chunkBytes: number): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = []
  let filled = 0
  for await (const bytes of content) {
    for (let at = 0; at < bytes.length;) {
      // A copy: what gives the content may use its buffer again.
      const taken = bytes.slice(at, at + chunkBytes - filled)
      parts.push(taken)
      filled += taken.length
      at += taken.length
      if (filled === chunkBytes) {
        yield concat(parts, filled)
        parts = []
        filled = 0
      }
    }
  }
  if (filled > 0) yield concat(parts, filled)
}
