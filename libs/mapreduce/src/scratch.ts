/**
 * The port to an attempt's private, temporary files. It is synchronous: the loops of sort and merge run in a
 * process of their own, and a `values` iterable of a reduce call cannot await.
 */
export interface Scratch {
  /** Begins a new file. Throws `STORAGE` where there is no room. */
  create: () => ScratchWriter
}

/** A file that is being written. */
export interface ScratchWriter {
  /** Appends bytes, which the caller may change afterwards. Throws `STORAGE` where there is no room. */
  write: (bytes: Uint8Array) => void
  /**
   * Appends content, as a task's `read` gives it, without its bytes coming here; resolves with how many they are. Rejects with what
   * reading throws. Left out where they have to.
   */
  bring?: (cid: string) => Promise<number>
  /** Ends writing. */
  close: () => ScratchFile
}

/** A file that was written. */
export interface ScratchFile {
  readonly bytes: number
  /** Reads up to `into.length` bytes from `position`; returns how many, 0 at the end. */
  read: (into: Uint8Array, position: number) => number
  /** Frees its room. It cannot be read afterwards. */
  remove: () => void
}
