import { MapReduceError, RUN_BLOCK_BYTES, type Files } from '@ipfs-mapreduce/mapreduce'
import { type Block, blockOf } from './cid.ts'
import { importFile } from './content.ts'
import type { Disk } from './disk.ts'
import type { Fetcher } from './fetcher.ts'
import { directoryBlock, parseNode } from './nodes.ts'
import { pieces } from './range.ts'
import { add, createReader, type Reader, WINDOW_BLOCKS } from './reader.ts'
import { decodeRecord, encodeRecord } from './record.ts'
import { compareText } from './text-order.ts'

export interface PortInit {
  disk: Disk
  fetcher: Fetcher
  /** Resolves when the disk has done one thing, in virtual time; never in a dead process. */
  io: () => Promise<void>
}

type Reads = Pick<Files, 'walk' | 'leaves' | 'read' | 'fetch' | 'has' | 'getRecord'>
type Writes = Omit<Files, keyof Reads>

/** The `Files` port of one run of a virtual peer. */
export function createFilesPort (init: PortInit): Files {
  const reader = createReader(init.fetcher)
  return { ...reads(init, reader), ...writes(init, reader) }
}

function reads ({ disk, fetcher, io }: PortInit, reader: Reader): Reads {
  return {
    async * walk (root, options) {
      await io()
      const found = []
      for await (const entry of reader.files(root, '', options)) found.push(entry)
      yield * found.sort((a, b) => compareText(a.path, b.path))
    },
    async * leaves (file, options) {
      await io()
      let offset = 0
      for (const { cid, bytes } of await reader.leaves(file, options)) {
        yield { cid, offset, bytes }
        offset += bytes
      }
    },
    async * read (file, options = {}) {
      await io()
      const wanted = pieces(await reader.leaves(file, options), options)
      for (let at = 0; at < wanted.length; at += WINDOW_BLOCKS) {
        const window = wanted.slice(at, at + WINDOW_BLOCKS)
        const blocks = await Promise.all(window.map(async ({ cid }) => await fetcher.get(cid, options)))
        for (const [i, { from, to }] of window.entries()) yield blocks[i]!.block.slice(from, to)
      }
    },
    async fetch (file, options = {}) {
      await io()
      const total = await reader.obtain([file], options)
      const wanted = pieces(await reader.leaves(file, options), options).map(({ cid }) => cid).filter(cid => cid !== file)
      add(total, await reader.obtain(wanted, options))
      return total
    },
    async has (cids) {
      await io()
      return cids.map(cid => disk.has(cid))
    },
    async getRecord (cid, options) {
      await io()
      const { block } = await fetcher.get(cid, options)
      if (parseNode(cid, block).kind !== 'record') throw new MapReduceError('BAD_INPUT', `${cid} is no record`)
      return decodeRecord(block)
    }
  }
}

function writes ({ disk, io }: PortInit, reader: Reader): Writes {
  /** Blocks are there all at once, when the disk is done, or never. */
  const store = async (blocks: Block[]): Promise<void> => {
    await io()
    for (const { cid, block } of blocks) disk.set(cid, block)
  }
  return {
    async put (content) {
      const { cid, bytes, blocks } = await importFile(content, RUN_BLOCK_BYTES)
      await store(blocks)
      return { cid, bytes }
    },
    async directory (entries) {
      const block = directoryBlock(entries)
      await store([block])
      return block.cid
    },
    async putRecord (value) {
      const block = blockOf('dag-cbor', encodeRecord(value))
      await store([block])
      return block.cid
    },
    async pin (root, options) {
      await io()
      const fetched = await reader.obtainAll(root, options)
      disk.pins.add(root)
      return fetched
    },
    async unpin (root) {
      await io()
      disk.pins.delete(root)
    },
    async remove (file) {
      await io()
      const kept = new Set([...disk.pins].flatMap(root => held(disk, root)))
      for (const cid of held(disk, file)) if (!kept.has(cid)) disk.delete(cid)
    }
  }
}

/** The blocks below a root that a disk holds, the root included. */
export function held (disk: Disk, root: string): string[] {
  const block = disk.get(root)
  if (block === undefined) return []
  const node = parseNode(root, block)
  return [root, ...'links' in node ? node.links.flatMap(({ cid }) => held(disk, cid)) : []]
}
