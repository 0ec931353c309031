import { MapReduceError, type Fetched, type ReadOptions } from '@ipfs-mapreduce/mapreduce'
import type { Fetcher } from './fetcher.ts'
import { contentBytes, type Link, type Node, parseNode } from './nodes.ts'

/** Blocks of one read that are on their way at once. */
export const WINDOW_BLOCKS = 8

/** Reads what blocks mean: leaves of files, files of directories. */
export interface Reader {
  leaves: (file: string, options?: ReadOptions) => Promise<ReadonlyArray<Pick<Link, 'cid' | 'bytes'>>>
  /** The files below a root, in the order of its directories. `path` is that of the root. */
  files: (root: string, path: string, options?: ReadOptions) => AsyncIterable<{ path: string, cid: string, bytes: number }>
  /** Gets blocks, a window at a time, and counts what came from elsewhere. */
  obtain: (cids: readonly string[], options?: ReadOptions) => Promise<Fetched>
  /** Gets all below a root. */
  obtainAll: (root: string, options?: ReadOptions) => Promise<Fetched>
}

export function createReader (fetcher: Fetcher): Reader {
  const nodeOf = async (cid: string, options?: ReadOptions): Promise<Node> => parseNode(cid, (await fetcher.get(cid, options)).block)

  const reader: Reader = {
    async leaves (file, options) {
      const node = await nodeOf(file, options)
      if (node.kind === 'file') return node.links
      if (node.kind === 'leaf') return node.bytes === 0 ? [] : [{ cid: file, bytes: node.bytes }]
      throw new MapReduceError('BAD_INPUT', `${file} is a ${node.kind}, not a file`)
    },
    async * files (root, path, options) {
      const node = await nodeOf(root, options)
      if (node.kind === 'record') throw new MapReduceError('BAD_INPUT', `${root} is a record, not a file or directory`)
      if (node.kind !== 'directory') yield { path: path === '' ? root : path, cid: root, bytes: contentBytes(node) }
      else for (const { name, cid } of node.links) yield * reader.files(cid, path === '' ? name : `${path}/${name}`, options)
    },
    async obtain (cids, options) {
      const total = { blocks: 0, bytes: 0 }
      for (let at = 0; at < cids.length; at += WINDOW_BLOCKS) {
        for (const { block, fetched } of await Promise.all(cids.slice(at, at + WINDOW_BLOCKS).map(async cid => await fetcher.get(cid, options)))) {
          if (fetched) add(total, { blocks: 1, bytes: block.length })
        }
      }
      return total
    },
    async obtainAll (root, options) {
      const total = await reader.obtain([root], options)
      const node = await nodeOf(root, options)
      if (node.kind === 'file') add(total, await reader.obtain(node.links.map(({ cid }) => cid), options))
      if (node.kind === 'directory') for (const { cid } of node.links) add(total, await reader.obtainAll(cid, options))
      return total
    }
  }
  return reader
}

/** Adds what was fetched more to a total. */
export function add (total: Fetched, more: Fetched): void {
  total.blocks += more.blocks
  total.bytes += more.bytes
}
