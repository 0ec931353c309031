import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { MAX_SCRATCH_FILES, MAX_SCRATCH_READ_BYTES } from './constants.ts'

interface OpenFile {
  readonly path: string
  bytes: number
  /** Held while it is written, and from its first read to its end: a task makes more files than a process may open. */
  fd: number | undefined
  writing: boolean
}

/** More was written than an attempt may. */
export class ScratchExceeded extends Error {
  constructor (maxBytes: number) {
    super(`its scratch files are more than ${maxBytes} bytes together (maxScratchBytes)`)
    this.name = 'ScratchExceeded'
  }
}

/**
 * The scratch files of an attempt by number, in a directory that exists and that nobody else writes to. Throws what the
 * file system throws, `ScratchExceeded`, and a `RangeError` on numbers and ranges that are none.
 */
export class FsScratch {
  readonly #directory: string
  readonly #maxBytes: number
  readonly #files = new Map<number, OpenFile>()
  #created = 0
  #bytes = 0

  constructor (directory: string, maxBytes: number) {
    this.#directory = directory
    this.#maxBytes = maxBytes
  }

  create (): number {
    if (this.#files.size >= MAX_SCRATCH_FILES) throw new RangeError(`an attempt has up to ${MAX_SCRATCH_FILES} scratch files at a time`)
    const number = ++this.#created
    const path = join(this.#directory, String(number))
    this.#files.set(number, { path, bytes: 0, fd: openSync(path, 'wx'), writing: true })
    return number
  }

  write (number: number, bytes: Uint8Array): void {
    const file = this.#file(number)
    if (!file.writing) throw new RangeError('the scratch file is closed')
    this.#bytes += bytes.length
    if (this.#bytes > this.#maxBytes) throw new ScratchExceeded(this.#maxBytes)
    file.bytes += bytes.length
    for (let at = 0; at < bytes.length;) at += writeSync(file.fd!, bytes, at)
  }

  /** Ends writing. */
  close (number: number): void {
    const file = this.#file(number)
    file.writing = false
    closeFile(file)
  }

  /** Up to `bytes` bytes from `position` on; none at the end. */
  read (number: number, position: number, bytes: number): Uint8Array {
    const file = this.#file(number)
    if (file.writing || !(Number.isSafeInteger(position) && position >= 0)) throw new RangeError('no place in a scratch file')
    const into = new Uint8Array(Math.max(0, Math.min(bytes, MAX_SCRATCH_READ_BYTES, file.bytes - position)))
    if (into.length > 0) {
      file.fd ??= openSync(file.path, 'r')
      const read = readSync(file.fd, into, 0, into.length, position)
      if (position + read >= file.bytes) closeFile(file)
      return into.subarray(0, read)
    }
    closeFile(file)
    return into
  }

  remove (number: number): void {
    const file = this.#file(number)
    this.#files.delete(number)
    closeFile(file)
    rmSync(file.path, { force: true })
    this.#bytes -= file.bytes
  }

  /** Closes what is open. The files stay. */
  dispose (): void {
    for (const file of this.#files.values()) closeFile(file)
    this.#files.clear()
  }

  #file (number: number): OpenFile {
    const file = this.#files.get(number)
    if (file === undefined) throw new RangeError('no scratch file has this number')
    return file
  }
}

function closeFile (file: OpenFile): void {
  const { fd } = file
  if (fd === undefined) return
  file.fd = undefined
  closeSync(fd)
}
