import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { MemoryBlockstore } from 'blockstore-core'
import { FsBlockstore } from 'blockstore-fs'
import { MemoryDatastore } from 'datastore-core'
import { LevelDatastore } from 'datastore-level'
import { directoryLayer, memoryLayer } from './layer.ts'
import { LocalBlockstore } from './local.ts'
import { silent } from './log.ts'
import type { BlockFaults } from './local.ts'
import type { Log } from './log.ts'
import type { Datastore } from 'interface-datastore'

export const MEMORY = ':memory:'

export interface StoreOptions {
  /** Block directories of other stores on this machine (`DATA_DIR/blocks`): read, never written. One may appear later. */
  readOnly?: string[]
  log?: Log
  /** Faults that blocks suffer; for tests of what bears them. */
  faults?: BlockFaults
}

/** Where a peer keeps what it has. One process at a time holds a directory. */
export interface Store {
  blockstore: LocalBlockstore
  datastore: Datastore
  close: () => Promise<void>
}

/**
 * Opens `dataDir/blocks` (a file per block) and `dataDir/datastore` (LevelDB: keys, peers, pins), or a store in
 * memory. A block is written to a temporary file and renamed, so that a killed process leaves whole blocks only;
 * after a power cut, blocks that did not reach the disk are found by their hashes. Rejects with `STORAGE`
 * where another process holds the directory or it cannot be written.
 */
export async function openStore (dataDir: string, options: StoreOptions = {}): Promise<Store> {
  const log = options.log ?? silent
  const others = (options.readOnly ?? []).map(directoryLayer)
  if (dataDir === MEMORY) {
    const own = new MemoryBlockstore()
    return { blockstore: new LocalBlockstore(own, [memoryLayer(own), ...others], log, options.faults), datastore: new MemoryDatastore(), close: async () => {} }
  }
  const blocks = join(dataDir, 'blocks')
  const own = new FsBlockstore(blocks)
  try {
    await mkdir(dataDir, { recursive: true })
    await own.open()
  } catch (cause) {
    throw new MapReduceError('STORAGE', `cannot use the data directory ${dataDir}: ${(cause as Error).message}`, { cause })
  }
  const datastore = await openDatastore(dataDir)
  return {
    blockstore: new LocalBlockstore(own, [directoryLayer(blocks), ...others], log, options.faults),
    datastore,
    close: async () => { await datastore.close() }
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
