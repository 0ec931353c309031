import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Lent } from '@ipfs-mapreduce/mapreduce'
import { MAX_SCRATCH_FILES, MAX_SCRATCH_READ_BYTES } from './constants.ts'

/** Bytes of a scratch file: in a file of its own, or in one that was lent. */
interface Part {
  readonly path: string
  /** Where in that file they begin, and where in the scratch file. */
  readonly at: number
  readonly start: number
  bytes: number
}

interface OpenFile {
  /** Where what is written goes. */
  readonly path: string
  writtenBytes: number
  bytes: number
  readonly parts: Part[]
  /** Held while it is written. */
  fd: number | undefined
  /** By path: held from the first read of a part to its end, since a task makes more files than a process may open. */
  readonly reading: Map<string, number>
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
    this.#files.set(number, { path, writtenBytes: 0, bytes: 0, parts: [], fd: openSync(path, 'wx'), reading: new Map() })
    return number
  }

  write (number: number, bytes: Uint8Array): void {
    const file = this.#writing(number)
    this.#bytes += bytes.length
    if (this.#bytes > this.#maxBytes) throw new ScratchExceeded(this.#maxBytes)
    append(file, { path: file.path, at: file.writtenBytes, bytes: bytes.length })
    file.writtenBytes += bytes.length
    for (let at = 0; at < bytes.length;) at += writeSync(file.fd!, bytes, at)
  }

  /** Appends what lies in a file that was lent, which stays as long as this one: it takes no room. */
  borrow (number: number, { path, offset, bytes }: Lent): void {
    append(this.#writing(number), { path, at: offset, bytes })
  }

  /** Ends writing. */
  close (number: number): void {
    const file = this.#file(number)
    if (file.fd !== undefined) closeSync(file.fd)
    file.fd = undefined
  }

  /** Up to `bytes` bytes from `position` on; none at the end. */
  read (number: number, position: number, bytes: number): Uint8Array {
    const file = this.#file(number)
    if (file.fd !== undefined || !(Number.isSafeInteger(position) && position >= 0)) throw new RangeError('no place in a scratch file')
    const into = new Uint8Array(Math.max(0, Math.min(bytes, MAX_SCRATCH_READ_BYTES, file.bytes - position)))
    if (into.length === 0) closeReading(file)
    for (let read = 0; read < into.length;) {
      const more = readPart(file, partAt(file.parts, position + read), into.subarray(read), position + read)
      if (more === 0) return into.subarray(0, read)
      read += more
    }
    return into
  }

  remove (number: number): void {
    const file = this.#file(number)
    this.close(number)
    this.#files.delete(number)
    closeReading(file)
    rmSync(file.path, { force: true })
    this.#bytes -= file.writtenBytes
  }

  /** Closes what is open. The files stay. */
  dispose (): void {
    for (const [number, file] of this.#files) {
      this.close(number)
      closeReading(file)
    }
    this.#files.clear()
  }

  #file (number: number): OpenFile {
    const file = this.#files.get(number)
    if (file === undefined) throw new RangeError('no scratch file has this number')
    return file
  }

  #writing (number: number): OpenFile {
    const file = this.#file(number)
    if (file.fd === undefined) throw new RangeError('the scratch file is closed')
    return file
  }
}

function append (file: OpenFile, { path, at, bytes }: Omit<Part, 'start'>): void {
  const last = file.parts.at(-1)
  if (last?.path === path && last.at + last.bytes === at) last.bytes += bytes
  else if (bytes > 0) file.parts.push({ path, at, start: file.bytes, bytes })
  file.bytes += bytes
}

/** The part that has a position, which is before the end. */
function partAt (parts: Part[], position: number): Part {
  let from = 0
  for (let to = parts.length; to - from > 1;) {
    const middle = (from + to) >> 1
    if (parts[middle]!.start <= position) from = middle
    else to = middle
  }
  return parts[from]!
}

/** Reads of a part what fits; returns how many bytes that are. */
function readPart ({ reading }: OpenFile, { path, at, start, bytes }: Part, into: Uint8Array, position: number): number {
  const fd = reading.get(path) ?? openSync(path, 'r')
  reading.set(path, fd)
  const read = readSync(fd, into, 0, Math.min(into.length, start + bytes - position), at + position - start)
  if (position + read === start + bytes) {
    reading.delete(path)
    closeSync(fd)
  }
  return read
}

function closeReading ({ reading }: OpenFile): void {
  for (const fd of reading.values()) closeSync(fd)
  reading.clear()
}
