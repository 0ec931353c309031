import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { Scratch, ScratchFile, ScratchWriter } from '@ipfs-mapreduce/mapreduce'
import { SCRATCH_WRITE_BYTES } from '../constants.ts'
import { done } from './door.ts'
import type { Door } from './door.ts'

export interface DoorScratch extends Scratch {
  /** The number of the file that this scratch made, or of one that stands for it. */
  numberOf: (file: ScratchFile) => number
}

/** Has content appended to a scratch file; resolves with how many bytes it has. */
export type Bring = (file: number, cid: string) => Promise<number>

/** Scratch files behind the door. Throws what the door says was wrong. */
export function doorScratch (door: Door, bring: Bring): DoorScratch {
  let lastRead: number | undefined
  const open = (file: number, bytes: number): ScratchFile => ({
    bytes,
    read: (into, position) => {
      lastRead = file
      if (position >= bytes) return 0
      const content = done(door.read(file, position, into.length))
      into.set(content)
      return content.length
    },
    remove: () => { door.remove(file) }
  })
  return {
    create: () => {
      const file = done(door.create())
      return new DoorWriter({ door, bring, file, finish: bytes => open(file, bytes) })
    },
    // A task hands out files that wrap ours: which of ours one stands for is seen where a read at its end arrives.
    numberOf: file => {
      lastRead = undefined
      file.read(new Uint8Array(1), file.bytes)
      if (lastRead === undefined) throw new MapReduceError('STORAGE', 'an output is not a file of this scratch')
      return lastRead
    }
  }
}

interface DoorWriterInit {
  door: Door
  bring: Bring
  file: number
  finish: (bytes: number) => ScratchFile
}

/** Gathers small writes, so that not each goes through the door. */
class DoorWriter implements ScratchWriter {
  readonly #init: DoorWriterInit
  #buffer: Uint8Array | undefined
  #buffered = 0
  #bytes = 0

  constructor (init: DoorWriterInit) {
    this.#init = init
  }

  write (bytes: Uint8Array): void {
    this.#bytes += bytes.length
    if (this.#buffered + bytes.length > SCRATCH_WRITE_BYTES) this.#flush()
    if (bytes.length >= SCRATCH_WRITE_BYTES) return this.#pass(bytes)
    this.#buffer ??= new Uint8Array(SCRATCH_WRITE_BYTES)
    this.#buffer.set(bytes, this.#buffered)
    this.#buffered += bytes.length
  }

  async bring (cid: string): Promise<number> {
    this.#flush()
    const { bring, file } = this.#init
    const bytes = await bring(file, cid)
    this.#bytes += bytes
    return bytes
  }

  close (): ScratchFile {
    this.#flush()
    this.#buffer = undefined
    const { door, file, finish } = this.#init
    done(door.close(file))
    return finish(this.#bytes)
  }

  #flush (): void {
    if (this.#buffered > 0) this.#pass(this.#buffer!.subarray(0, this.#buffered))
    this.#buffered = 0
  }

  /** A view is copied with all of the memory that it is a view of: only what is written goes through the door. */
  #pass (bytes: Uint8Array): void {
    const { door, file } = this.#init
    done(door.write(file, bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice()))
  }
}
