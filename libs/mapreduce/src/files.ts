import type { Datum } from './program.ts'

/** A leaf block of a file: where its bytes lie in the file. */
export interface Leaf {
  cid: string
  offset: number
  bytes: number
}

/** A file found under an input's root. `path` is relative to the root, `/`-separated. */
export interface FileEntry {
  path: string
  cid: string
  bytes: number
}

/** Until when to wait, and whom to ask. */
export interface ReadOptions {
  signal?: AbortSignal
  /** Who is known to hold the blocks: multiaddrs that end in `/p2p/PEER`. */
  providers?: string[]
  /** CIDs of what the content lies below: some nodes make known that they have a directory, and not that they have each of its files. */
  roots?: string[]
}

/** Which bytes of a file. */
export interface RangeOptions extends ReadOptions {
  /** First byte, default 0. */
  offset?: number
  /** Number of bytes, default to the end. A range past the end is cut to the file. */
  length?: number
}

/** What is known of a file whose leaves are asked for. */
export interface LeavesOptions extends ReadOptions {
  /** The file's size as its directory says, where it is known: what that and the CID tell needs no block. */
  bytes?: number
}

/** Which bytes of a file, and for how long they stay here. */
export interface FetchOptions extends RangeOptions {
  /**
   * The blocks may be dropped when room is short, and are fetched anew by who reads them then: for what others hold.
   * By default they stay until `remove`.
   */
  droppable?: boolean
}

/** Which bytes of a file, and where those that lie in files of this machine are lent. */
export interface LendOptions extends RangeOptions {
  /** A path that nothing is at yet, another one each time; all of them in one file system. */
  place: () => string
}

/** Bytes that lie in a file of this machine: a part of a block that was checked. */
export interface Lent {
  /** Where it was placed for its reader, who only reads it, and removes it. */
  path: string
  /** First byte of it that is meant. */
  offset: number
  bytes: number
}

/** What a fetch moved over the network. */
export interface Fetched {
  blocks: number
  bytes: number
}

/**
 * The port to content. CIDs are strings. Every read ends: with bytes whose hash was checked, or with a
 * `MapReduceError` `BLOCK_UNAVAILABLE` that names the CID and the peers asked.
 * Adapters: `@ipfs-mapreduce/blocks` (Helia), `@ipfs-mapreduce/simulator` (virtual).
 */
export interface Files {
  /** The files under a UnixFS root, sorted by the bytes of their paths. A root that is a file yields itself with its CID as path. */
  walk: (root: string, options?: ReadOptions) => AsyncIterable<FileEntry>
  /** The leaves of a file in order, without fetching them. An empty file yields none. */
  leaves: (file: string, options?: LeavesOptions) => AsyncIterable<Leaf>
  /** The bytes of a file or of a range of it, in order. What was not here stays as long as there is room. */
  read: (file: string, options?: RangeOptions) => AsyncIterable<Uint8Array>
  /**
   * The same as `read`, but that blocks which lie in files here are lent as these instead of read, where they can be: another
   * process reads them for less than it takes to send it their bytes. Left out where blocks are no files.
   */
  lend?: (file: string, options: LendOptions) => AsyncIterable<Uint8Array | Lent>
  /** Makes a file, or a range of it, local. */
  fetch: (file: string, options?: FetchOptions) => Promise<Fetched>
  /** For each block CID whether it is held here. Never asks the network. */
  has: (cids: string[]) => Promise<boolean[]>
  /** Stores content as a UnixFS file (CIDv1, raw leaves of RUN_BLOCK_BYTES): equal bytes give equal CIDs. */
  put: (content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => Promise<{ cid: string, bytes: number }>
  /** Makes a UnixFS directory of files that exist; order does not matter. */
  directory: (entries: Array<{ name: string, cid: string, bytes: number }>) => Promise<string>
  /** Stores a value as one dag-cbor block. */
  putRecord: (value: Datum) => Promise<string>
  /** The value that a dag-cbor block holds. `BAD_INPUT` where it holds none. */
  getRecord: (cid: string, options?: ReadOptions) => Promise<Datum>
  /** Fetches what is missing below a root and keeps all of it until it is unpinned. Pinning twice is pinning once. */
  pin: (root: string, options?: ReadOptions) => Promise<Fetched>
  /** Lets go of what `pin` kept; blocks that another root keeps stay kept. One that was not pinned is no error. */
  unpin: (root: string) => Promise<void>
  /** Drops the blocks of an intermediate file that nothing pins. Absent blocks are no error. */
  remove: (file: string) => Promise<void>
}
