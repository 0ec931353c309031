import type { Log } from './log.ts'
import type { CID } from 'multiformats/cid'

/** A block as a layer has it; its bytes are not checked yet. */
export interface StoredBlock {
  bytes: Uint8Array
  /** Another one means that the block was written anew. Undefined where a layer cannot tell. */
  stamp?: string
}

/** A place that blocks are read from. */
export interface Layer {
  /** What a person calls it. */
  name: string
  /** Whether the block is here. `STORAGE` where that cannot be told. */
  has: (cid: CID) => Promise<boolean>
  /** The same of many blocks, in their order, where that takes less than to ask for each. */
  hasEach?: (cids: readonly CID[]) => Promise<boolean[]>
  /** `undefined` where the block is absent. `STORAGE` where it cannot be read. */
  read: (cid: CID) => Promise<StoredBlock | undefined>
  /**
   * Bytes of the block alone, where its stamp is known to be sound; `undefined` where that takes a read of the whole. Left out where
   * blocks are not read in parts.
   */
  readPart?: (cid: CID, part: Part, knows: Judge['knows']) => Promise<Uint8Array | undefined>
  /** The stamp that a read would show, at once; `undefined` where the block is absent. Left out where a layer cannot tell. */
  stamp?: (cid: CID) => string | undefined
  /** Whether a process before this one found the block sound by this stamp. Left out where nothing is known of that. */
  wasSound?: (key: string, stamp: string) => boolean
  /**
   * Makes the block, found sound, a file at `path` too; resolves with its size. `undefined` where it is not sound, or cannot
   * be: a read tells why. Left out where blocks are no files.
   */
  link?: (cid: CID, path: string, judge: Judge) => Promise<number | undefined>
}

/** Bytes `start` to `end` (exclusive) of a block that is to have `blockBytes` in all. */
export interface Part {
  start: number
  end: number
  blockBytes: number
}

/** Tells whether a block is sound. */
export interface Judge {
  /** By its stamp, where that is known. */
  knows: (stamp: string) => boolean
  /** By its bytes, which are lent for the call. */
  isSound: (bytes: Uint8Array, stamp: string) => Promise<boolean>
}

/** A block that a layer lists. */
export interface Listed {
  /** Of its multihash; the codec is not kept. */
  cid: CID
  bytes: number
  /** When it was last written or read, as far as the layer knows: greater is later. */
  usedMs: number
}

/** A layer that is written, too. */
export interface OwnLayer extends Layer {
  /** Resolves with the stamp that a read will show. Nothing is left of a write that failed. */
  write: (cid: CID, bytes: Uint8Array) => Promise<string | undefined>
  /**
   * The same of what `make` leaves at a path in this layer's file system, where that is true; resolves with `undefined` where it is
   * not. Left out where blocks are no files.
   */
  adopt?: (cid: CID, make: (path: string) => Promise<boolean>) => Promise<string | undefined>
  /** The bytes that were freed; 0 where the block was absent. */
  delete: (cid: CID) => Promise<number>
  list: () => AsyncIterable<Listed>
  /** Tells other processes the stamp of a block that was written, by the block's key. */
  noteSound?: (key: string, stamp: string, log: Log) => void
  /** Tells them all that are known, and nothing else. */
  keepSound?: (sound: ReadonlyMap<string, string>, log: Log) => Promise<void>
}
