import { MapReduceError } from './errors.ts'
import type { Scratch, ScratchFile, ScratchWriter } from './scratch.ts'

/** A scratch that knows its files. */
export interface GuardedScratch extends Scratch {
  /** Removes all files but `keep`, those still being written too. */
  clear: (keep?: ScratchFile) => void
  /** Throws what has failed, if something has. */
  check: () => void
}

/**
 * Turns what a scratch throws into a `MapReduceError` `STORAGE`. After the first failure everything throws it again:
 * a program whose `emit` met it may have caught it.
 */
export function guardScratch (scratch: Scratch): GuardedScratch {
  return new Guard(scratch)
}

class Guard implements GuardedScratch {
  readonly #scratch: Scratch
  readonly #writers = new Set<ScratchWriter>()
  readonly #files = new Set<ScratchFile>()
  #failure: MapReduceError | undefined

  constructor (scratch: Scratch) {
    this.#scratch = scratch
  }

  create (): ScratchWriter {
    const writer = this.#guard('write to', () => this.#scratch.create())
    this.#writers.add(writer)
    return {
      write: bytes => this.#guard('write to', () => writer.write(bytes)),
      ...writer.bring !== undefined && {
        bring: async (cid: string) => {
          this.check()
          return await writer.bring!(cid)
        }
      },
      close: () => {
        this.#writers.delete(writer)
        return this.#guardFile(this.#guard('write to', () => writer.close()))
      }
    }
  }

  check (): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  clear (keep?: ScratchFile): void {
    for (const file of [...this.#files]) if (file !== keep) file.remove()
    for (const writer of this.#writers) discard(writer)
    this.#writers.clear()
  }

  #guard<T> (doing: string, work: () => T): T {
    this.check()
    try {
      return work()
    } catch (cause) {
      this.#failure = new MapReduceError('STORAGE', `cannot ${doing} scratch: ${String(cause)}; is the disk full?`, { cause })
      throw this.#failure
    }
  }

  #guardFile (file: ScratchFile): ScratchFile {
    const guarded: ScratchFile = {
      bytes: file.bytes,
      read: (into, position) => this.#guard('read from', () => file.read(into, position)),
      remove: () => {
        this.#files.delete(guarded)
        file.remove()
      }
    }
    this.#files.add(guarded)
    return guarded
  }
}

/** A file half written is only left behind by a failure, and it is that failure which is to be told. */
function discard (writer: ScratchWriter): void {
  try {
    writer.close().remove()
  } catch {
    return
  }
}
