import { ByteSink } from './datum/index.ts'
import { MapReduceError } from './errors.ts'
import type { Scratch, ScratchFile, ScratchWriter } from './scratch.ts'

/** Scratch in memory, for tests, simulation and small jobs. */
export function memoryScratch (): Scratch {
  return { create: () => new MemoryWriter() }
}

class MemoryWriter implements ScratchWriter {
  readonly #sink = new ByteSink()

  write (bytes: Uint8Array): void {
    this.#sink.append(bytes)
  }

  close (): ScratchFile {
    return new MemoryFile(this.#sink.toBytes())
  }
}

class MemoryFile implements ScratchFile {
  readonly bytes: number
  #content: Uint8Array | undefined

  constructor (content: Uint8Array) {
    this.#content = content
    this.bytes = content.length
  }

  read (into: Uint8Array, position: number): number {
    if (this.#content === undefined) throw new MapReduceError('STORAGE', 'a scratch file was read after it had been removed')
    const part = this.#content.subarray(position, position + into.length)
    into.set(part)
    return part.length
  }

  remove (): void {
    this.#content = undefined
  }
}
