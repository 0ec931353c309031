import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { isBlockOf } from './cid.ts'

/**
 * The blocks that one virtual peer holds. It outlives the peer's process, unless it is wiped. As in the real store, a block is
 * checked by its hash when it is read: a damaged one counts as absent and is dropped.
 */
export interface Disk {
  get: (cid: string) => Uint8Array | undefined
  /** Does not read the block: a damaged one counts. */
  has: (cid: string) => boolean
  /** Throws `STORAGE` where the disk is full and the block is not there yet. */
  set: (cid: string, block: Uint8Array) => void
  delete: (cid: string) => void
  /** What is there, by CID, in the order of writing. */
  cids: () => string[]
  /** Roots that are kept, with all below them. */
  readonly pins: Set<string>
  wipe: () => void
  /** Flips a byte of a block that is there. */
  rot: (cid: string) => void
  /** A full disk takes nothing new. */
  full: boolean
}

/** Called with each block that was there and is not any more, whoever dropped it. */
export type OnDropped = (cid: string) => void

export function createDisk (onDropped: OnDropped = () => {}): Disk {
  const blocks = new Map<string, Uint8Array>()
  const pins = new Set<string>()
  const drop = (cid: string): void => { if (blocks.delete(cid)) onDropped(cid) }
  const disk: Disk = {
    full: false,
    get (cid) {
      const block = blocks.get(cid)
      if (block === undefined || isBlockOf(cid, block)) return block
      drop(cid)
      return undefined
    },
    has: cid => blocks.has(cid),
    set (cid, block) {
      if (blocks.has(cid)) return
      if (disk.full) throw new MapReduceError('STORAGE', `cannot write block ${cid} (${block.length} bytes): no space left on the disk; free some and start again`)
      blocks.set(cid, block)
    },
    delete: drop,
    cids: () => [...blocks.keys()],
    pins,
    wipe () {
      pins.clear()
      for (const cid of [...blocks.keys()]) drop(cid)
    },
    rot (cid) {
      const block = blocks.get(cid)
      if (block === undefined) return
      // A new array: the sound one is shared with the disks that it was fetched to.
      blocks.set(cid, block.length === 0 ? Uint8Array.of(0) : block.map((byte, i) => i === block.length >>> 1 ? byte ^ 1 : byte))
    }
  }
  return disk
}
