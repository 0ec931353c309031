import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '@ipfs-mapreduce/blocks'
import type { Layer, Store } from '@ipfs-mapreduce/blocks'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { countBlocksAsHeap } from '@ipfs-mapreduce/service'
import { messageOf } from './errors.ts'

/** Commands that may use one data directory at the same time. */
export const MAX_SHELVES = 32

export interface Repo {
  /** Blocks and pins: this command's own shelf to write to, and those of others to read from. */
  store: Store
  /** The folders of blocks of all shelves, for services on this machine to read from. */
  blockDirs: string[]
}

/**
 * Opens the CLI's repo. A store has one user at a time, and nobody wants to wait for another command to end: so a
 * repo is a row of stores, `DIR/1`, `DIR/2` and so on. A command writes to the first that is free and reads from all,
 * and what one `ipmr` has added every other finds. `layers`, and other folders of blocks, are read beside them.
 */
export async function openRepo (dataDir: string, layers: Layer[] = [], folders: string[] = []): Promise<Repo> {
  countBlocksAsHeap()
  const shelves = Array.from({ length: MAX_SHELVES }, (_, index) => join(dataDir, String(index + 1)))
  for (const shelf of shelves) {
    const others = shelves.filter(other => other !== shelf).map(blocksOf).filter(existsSync)
    try {
      const store = await openStore(shelf, { readOnly: [...others, ...folders], layers })
      return { store, blockDirs: [blocksOf(shelf), ...others] }
    } catch (error) {
      if (!isLocked(error)) throw new MapReduceError('STORAGE', `cannot open the data directory ${dataDir}: ${messageOf(error)}`, { cause: error })
    }
  }
  throw new MapReduceError('STORAGE', `${MAX_SHELVES} commands use ${dataDir} at this moment: wait for one, or name another with --data-dir`)
}

/** Opens every shelf of a repo at once, so that no other command has one. `TRANSIENT` where one does. */
export async function openWholeRepo (dataDir: string): Promise<Store[]> {
  const stores: Store[] = []
  try {
    for (let shelf = 1; shelf <= MAX_SHELVES; shelf++) {
      const path = join(dataDir, String(shelf))
      if (existsSync(path)) stores.push(await openStore(path))
    }
    return stores
  } catch (error) {
    for (const store of stores) await store.close()
    if (isLocked(error)) throw new MapReduceError('TRANSIENT', `another ipmr command uses ${dataDir}, and may need what nothing keeps: wait until it has ended`, { cause: error })
    throw new MapReduceError('STORAGE', `cannot open the data directory ${dataDir}: ${messageOf(error)}`, { cause: error })
  }
}

function blocksOf (shelf: string): string {
  return join(shelf, 'blocks')
}

/** Whether a store could not be opened because another process holds it. */
function isLocked (error: unknown): boolean {
  let cause = error
  while (typeof cause === 'object' && cause !== null) {
    if ('code' in cause && cause.code === 'LEVEL_LOCKED') return true
    cause = 'cause' in cause ? cause.cause : undefined
  }
  return false
}
