import { MapReduceError } from './errors.ts'
import type { Scratch, ScratchFile, ScratchWriter } from './scratch.ts'

/** A scratch that knows its files and its failures. */
export interface GuardedScratch extends Scratch {
  /** Throws the first failure there was, if any: a program that calls `emit` may have caught it. */
  check: () => void
  /** Removes all files but those of `keep`. */
  clear: (keep?: ReadonlySet<ScratchFile>) => void
}

/** Turns what a scratch throws into a `MapReduceError` `STORAGE`; after the first failure nothing more is written. */
export function guardScratch (scratch: Scratch): GuardedScratch {
  const files = new Set<ScratchFile>()
  let failure: MapReduceError | undefined

  function guard<T> (doing: string, work: () => T): T {
    if (failure !== undefined) throw failure
    try {
      return work()
    } catch (cause) {
      failure = new MapReduceError('STORAGE', `cannot ${doing} scratch: ${String(cause)}; is the disk full?`, { cause })
      throw failure
    }
  }

  function guardWriter (writer: ScratchWriter): ScratchWriter {
    return {
      write: bytes => guard('write to', () => writer.write(bytes)),
      close: () => guardFile(guard('write to', () => writer.close()))
    }
  }

  function guardFile (file: ScratchFile): ScratchFile {
    const guarded: ScratchFile = {
      bytes: file.bytes,
      read: (into, position) => guard('read from', () => file.read(into, position)),
      remove: () => {
        files.delete(guarded)
        file.remove()
      }
    }
    files.add(guarded)
    return guarded
  }

  return {
    create: () => guardWriter(guard('write to', () => scratch.create())),
    check: () => {
      if (failure !== undefined) throw failure
    },
    clear: keep => {
      for (const file of [...files]) if (keep?.has(file) !== true) file.remove()
    }
  }
}
