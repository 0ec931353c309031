import { MapReduceError, type Fetched, type FetchOptions, type FileEntry, type Files, type Leaf, type LeavesOptions, type LendOptions, type Lent, type RangeOptions, type ReadOptions } from '@ipfs-mapreduce/mapreduce'
import type { Perils } from './perils.ts'
import type { Roll } from './roll.ts'
import type { Waits } from './waits.ts'

export interface FaultyFilesInit {
  roll: Roll
  perils: Perils
  waits: Waits
}

/** Files that cannot be had, do not fit, or take their time. */
export function faultyFiles (inner: Files, { roll, perils, waits }: FaultyFilesInit): Files {
  const asked = (cid: string): void => {
    if (!roll.strikes('missing', 'block')) return
    throw new MapReduceError('BLOCK_UNAVAILABLE', `block ${cid} is unavailable: no peer that was asked has it (injected: missing:block)`)
  }
  const stored = (): void => {
    if (!roll.strikes('full', 'disk')) return
    throw new MapReduceError('STORAGE', 'cannot write a block: ENOSPC: no space left on device, write (injected: full:disk)')
  }
  const store = async (): Promise<void> => {
    await perils.begin('store', waits)
    stored()
  }
  return {
    walk: async function * (root: string, options?: ReadOptions): AsyncGenerator<FileEntry> {
      asked(root)
      yield * inner.walk(root, options)
    },
    leaves: async function * (file: string, options?: LeavesOptions): AsyncGenerator<Leaf> {
      asked(file)
      yield * inner.leaves(file, options)
    },
    read: async function * (file: string, options?: RangeOptions): AsyncGenerator<Uint8Array> {
      asked(file)
      yield * inner.read(file, options)
    },
    ...inner.lend !== undefined && {
      lend: async function * (file: string, options: LendOptions): AsyncGenerator<Uint8Array | Lent> {
        asked(file)
        yield * inner.lend!(file, options)
      }
    },
    fetch: async (file: string, options?: FetchOptions): Promise<Fetched> => {
      await perils.begin('fetch', waits, options?.signal)
      asked(file)
      return await inner.fetch(file, options)
    },
    has: async cids => await inner.has(cids),
    put: async content => {
      await store()
      return await inner.put(content)
    },
    directory: async entries => {
      await store()
      return await inner.directory(entries)
    },
    putRecord: async value => {
      await store()
      return await inner.putRecord(value)
    },
    getRecord: async (cid, options) => {
      asked(cid)
      return await inner.getRecord(cid, options)
    },
    pin: async (root, options) => {
      asked(root)
      return await inner.pin(root, options)
    },
    unpin: async root => { await inner.unpin(root) },
    remove: async file => { await inner.remove(file) }
  }
}
