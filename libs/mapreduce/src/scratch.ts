/**
 * The port to an attempt's private, temporary files. It is synchronous: the loops of sort and merge run in a
 * process of their own, and a `values` iterable of a reduce call cannot await.
 */
export interface Scratch {
  create: () => ScratchWriter
}

export interface ScratchWriter {
  write: (bytes: Uint8Array) => void
  /** Ends writing. */
  close: () => ScratchFile
}

export interface ScratchFile {
  readonly bytes: number
  /** Reads up to `into.length` bytes from `position`; returns how many, 0 at the end. */
  read: (into: Uint8Array, position: number) => number
  remove: () => void
}
