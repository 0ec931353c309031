import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { NextToLast } from 'blockstore-fs/sharding'
import type { Blockstore } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'

/** A place that blocks are read from; its bytes are not checked yet. */
export interface Layer {
  /** What a person calls it. */
  name: string
  has: (cid: CID) => Promise<boolean>
  /** `undefined` where the block is absent. `STORAGE` where it cannot be read. */
  read: (cid: CID) => Promise<Uint8Array | undefined>
}

/** The directory of a blockstore-fs store. Whole files are read, not 64 KiB pieces of them as its own `get` does. */
export function directoryLayer (directory: string): Layer {
  const sharding = new NextToLast()
  const pathOf = (cid: CID): string => {
    const { dir, file } = sharding.encode(cid)
    return join(directory, dir, file)
  }
  return {
    name: directory,
    has: async cid => await access(pathOf(cid)).then(() => true, absent(pathOf(cid), false)),
    read: async cid => await readFile(pathOf(cid)).catch(absent(pathOf(cid), undefined))
  }
}

/** A store in memory. */
export function memoryLayer (store: Blockstore): Layer {
  return {
    name: 'memory',
    has: async cid => await store.has(cid),
    read: async cid => {
      if (!await store.has(cid)) return undefined
      for await (const bytes of store.get(cid)) return bytes
      return new Uint8Array(0)
    }
  }
}

/** `value` where a file is not there; everything else is a failure of the disk. */
function absent <T> (path: string, value: T): (cause: NodeJS.ErrnoException) => T {
  return cause => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return value
    throw new MapReduceError('STORAGE', `cannot read block file ${path}: ${cause.message}`, { cause })
  }
}
