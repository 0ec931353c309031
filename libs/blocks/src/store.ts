import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { MemoryDatastore } from 'datastore-core'
import { LevelDatastore } from 'datastore-level'
import { Key } from 'interface-datastore'
import { BlockFiles, OwnBlockFiles } from './block-files.ts'
import { LocalBlockstore } from './local.ts'
import { silent } from './log.ts'
import { MemoryLayer } from './memory-layer.ts'
import { Space } from './space.ts'
import type { BlockFaults } from './checked-layer.ts'
import type { Layer } from './layer.ts'
import type { Log } from './log.ts'
import type { Held, MaxBytes } from './space.ts'
import type { Datastore } from 'interface-datastore'

/** The data directory of a store that keeps nothing. */
export const MEMORY = ':memory:'
/** The bytes of all blocks and their number, while no process has the store open. */
const STORED = new Key('/mapreduce/stored')

/** How much a store may hold, and what it reads beside. */
export interface StoreOptions {
  /** Most bytes of blocks; without it there is no bound. In memory, `disk` is none either. */
  maxBytes?: MaxBytes
  /** Block directories of other stores on this machine (`DATA_DIR/blocks`): read, never written. One may appear later. */
  readOnly?: string[]
  /** Other places to read blocks from, after those. */
  layers?: Layer[]
  log?: Log
  /** Faults that blocks suffer; for tests of what bears them. */
  faults?: BlockFaults
}

/** Where a peer keeps what it has. One process at a time holds a directory. */
export interface Store {
  blockstore: LocalBlockstore
  datastore: Datastore
  /** Bytes of all blocks, once they are counted; undefined where the store is not bounded. */
  storedBytes: () => Promise<number | undefined>
  /** Blocks, their bytes, and the bound on them now; undefined while they are counted, and where the store is not bounded. */
  usage: () => Held & { maxBytes: number } | undefined
  /** Lets another process have the directory. Nothing may use the store afterwards. */
  close: () => Promise<void>
}

/**
 * Opens `dataDir/blocks` (a file per block) and `dataDir/datastore` (LevelDB: keys, peers, pins), or a store in
 * memory. A block is written to a temporary file and renamed, so that a killed process leaves whole blocks only;
 * after a power cut, blocks that did not reach the disk are found by their hashes: what is known to be sound (`blocks/.checked`)
 * is known until the machine starts anew. Rejects with `STORAGE`
 * where another process holds the directory or it cannot be written.
 *
 * Where the store is bounded its blocks are counted in the background, which writes wait for, unless the
 * process that had it before closed it and left the number.
 */
export async function openStore (dataDir: string, options: StoreOptions = {}): Promise<Store> {
  const { maxBytes, faults, log = silent } = options
  const others = [...(options.readOnly ?? []).map(directory => new BlockFiles(directory)), ...options.layers ?? []]
  if (dataDir === MEMORY) {
    const own = new MemoryLayer()
    const space = typeof maxBytes === 'number' ? new Space({ layer: own, maxBytes, log }) : undefined
    return { blockstore: new LocalBlockstore({ own, space, others, log, faults }), datastore: new MemoryDatastore(), storedBytes: async () => (await space?.counted())?.bytes, usage: () => space?.used, close: async () => {} }
  }
  const own = new OwnBlockFiles(join(dataDir, 'blocks'))
  await usable(dataDir, async () => { await mkdir(dataDir, { recursive: true }) })
  const datastore = await openDatastore(dataDir)
  try {
    await usable(dataDir, async () => { await own.open() })
    const known = await takeStored(datastore)
    const space = maxBytes === undefined ? undefined : new Space({ layer: own, maxBytes, log, ...known !== undefined && { known } })
    const blockstore = new LocalBlockstore({ own, space, others, log, faults })
    return {
      blockstore,
      datastore,
      storedBytes: async () => (await space?.counted())?.bytes,
      usage: () => space?.used,
      close: async () => {
        await blockstore.keepSound()
        if (space?.used !== undefined) await leaveStored(datastore, space.used, log)
        await datastore.close()
      }
    }
  } catch (error) {
    await datastore.close()
    throw error
  }
}

/** What the last process left; it is true only until the first block is written. What cannot be read of it is counted anew. */
async function takeStored (datastore: Datastore): Promise<Held | undefined> {
  if (!await datastore.has(STORED)) return undefined
  const left = /^(\d+) (\d+)$/.exec(new TextDecoder().decode(await datastore.get(STORED)))
  await datastore.delete(STORED)
  return left === null ? undefined : { bytes: Number(left[1]), blocks: Number(left[2]) }
}

async function leaveStored (datastore: Datastore, { bytes, blocks }: Held, log: Log): Promise<void> {
  try {
    await datastore.put(STORED, new TextEncoder().encode(`${bytes} ${blocks}`))
  } catch (error) {
    log.warn({ error: String(error) }, 'the size of the store could not be kept; the next start counts its blocks')
  }
}

async function usable (dataDir: string, open: () => Promise<void>): Promise<void> {
  try {
    await open()
  } catch (cause) {
    throw new MapReduceError('STORAGE', `cannot use the data directory ${dataDir}: ${(cause as Error).message}`, { cause })
  }
}

async function openDatastore (dataDir: string): Promise<LevelDatastore> {
  const datastore = new LevelDatastore(join(dataDir, 'datastore'))
  try {
    // The adapter's own open() drops the code that tells a lock from other failures.
    await datastore.db.open({ createIfMissing: true, compression: false })
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined
    throw new MapReduceError('STORAGE', cause?.code === 'LEVEL_LOCKED'
      ? `the data directory ${dataDir} is in use by another process; stop it, or choose another --data-dir`
      : `cannot open the database in ${dataDir}: ${cause?.message ?? (error as Error).message}`, { cause: error })
  }
  return datastore
}
