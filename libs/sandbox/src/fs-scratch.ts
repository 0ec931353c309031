import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { Scratch, ScratchFile, ScratchWriter } from '@ipfs-mapreduce/mapreduce'
import { SCRATCH_WRITE_BYTES } from './constants.ts'

export interface FsScratch extends Scratch {
  /** The name in the scratch directory of a file that this scratch made, or of one that stands for it. */
  nameOf: (file: ScratchFile) => string
}

/** Scratch files in a directory that exists and that nobody else writes to. Throws what the file system throws. */
export function fsScratch (directory: string): FsScratch {
  let created = 0
  let lastRead: string | undefined
  return {
    create: () => {
      const name = `${++created}`
      return new FsWriter(join(directory, name), () => { lastRead = name })
    },
    // A task hands out files that wrap ours: which of ours one stands for is seen where a read at its end arrives.
    nameOf: file => {
      lastRead = undefined
      file.read(new Uint8Array(1), file.bytes)
      if (lastRead === undefined) throw new MapReduceError('STORAGE', 'an output is not a file of this scratch')
      return lastRead
    }
  }
}

class FsWriter implements ScratchWriter {
  readonly #path: string
  readonly #onRead: () => void
  readonly #fd: number
  readonly #buffer = new Uint8Array(SCRATCH_WRITE_BYTES)
  #buffered = 0
  #bytes = 0

  constructor (path: string, onRead: () => void) {
    this.#path = path
    this.#onRead = onRead
    this.#fd = openSync(path, 'wx')
  }

  write (bytes: Uint8Array): void {
    this.#bytes += bytes.length
    if (this.#buffered + bytes.length > this.#buffer.length) this.#flush()
    if (bytes.length >= this.#buffer.length) {
      this.#writeAll(bytes)
      return
    }
    this.#buffer.set(bytes, this.#buffered)
    this.#buffered += bytes.length
  }

  close (): ScratchFile {
    this.#flush()
    closeSync(this.#fd)
    return new FsFile(this.#path, this.#bytes, this.#onRead)
  }

  #flush (): void {
    this.#writeAll(this.#buffer.subarray(0, this.#buffered))
    this.#buffered = 0
  }

  #writeAll (bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      at += writeSync(this.#fd, bytes, at)
    }
  }
}

/** Holds a descriptor only between its first read and its end: a task makes more files than a process may open. */
class FsFile implements ScratchFile {
  readonly bytes: number
  readonly #path: string
  readonly #onRead: () => void
  #fd: number | undefined

  constructor (path: string, bytes: number, onRead: () => void) {
    this.#path = path
    this.bytes = bytes
    this.#onRead = onRead
  }

  read (into: Uint8Array, position: number): number {
    this.#onRead()
    if (position >= this.bytes) {
      this.#close()
      return 0
    }
    const fd = this.#fd ??= openSync(this.#path, 'r')
    const read = readSync(fd, into, 0, into.length, position)
    if (position + read >= this.bytes) this.#close()
    return read
  }

  remove (): void {
    this.#close()
    rmSync(this.#path, { force: true })
  }

  #close (): void {
    const fd = this.#fd
    if (fd === undefined) return
    this.#fd = undefined
    closeSync(fd)
  }
}
