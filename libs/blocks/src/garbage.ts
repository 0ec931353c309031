import { parseCid } from './cid.ts'
import { PinIndex } from './pins.ts'
import type { Store } from './store.ts'
import type { CID } from 'multiformats/cid'

/** What was removed, and what stays. */
export interface Collected {
  blocks: number
  bytes: number
  /** Blocks that a pinned root keeps. */
  kept: number
  /** Roots of `unpin` that were kept here, as they were named. */
  released: string[]
}

/** What goes, and until when. */
export interface CollectOptions {
  /** Roots that are not kept any more; unknown ones are no error. */
  unpin?: string[]
  /** Counts what would go, and changes nothing. */
  dryRun?: boolean
  signal?: AbortSignal
}

/** Removes every block of a store that no pin keeps. Nothing else may use the store meanwhile: what is being written is not pinned yet. */
export async function collectGarbage ({ blockstore, datastore }: Store, { unpin = [], dryRun = false, signal }: CollectOptions = {}): Promise<Collected> {
  const pins = new PinIndex(datastore)
  const collected: Collected = { blocks: 0, bytes: 0, kept: 0, released: [] }
  for (const root of unpin) if (await pins.keeps(parseCid(root))) collected.released.push(root)
  const released = distinct(collected.released.map(parseCid))
  if (!dryRun) for (const root of released) await pins.release(root)
  const unwanted: CID[] = []
  for await (const { cid, bytes } of blockstore.getAll()) {
    signal?.throwIfAborted()
    if (await pins.isPinned(cid, dryRun ? released : [])) {
      collected.kept++
      continue
    }
    for await (const piece of bytes) collected.bytes += piece.byteLength
    unwanted.push(cid)
  }
  collected.blocks = unwanted.length
  if (dryRun) return collected
  for (const cid of unwanted) {
    signal?.throwIfAborted()
    await blockstore.delete(cid)
  }
  return collected
}

function distinct (cids: CID[]): CID[] {
  return [...new Map(cids.map(cid => [`${cid.toV1()}`, cid])).values()]
}
