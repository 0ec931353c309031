import { closeSync, openSync, readSync } from 'node:fs'
import type { Lent } from '@ipfs-mapreduce/mapreduce'

/** Bytes that lie in a file which was lent, read from their beginning to their end. Open from the first read to the last. */
export class LentFile {
  readonly #path: string
  #at: number
  #left: number
  #fd: number | undefined

  constructor ({ path, offset, bytes }: Lent) {
    this.#path = path
    this.#at = offset
    this.#left = bytes
  }

  get leftBytes (): number {
    return this.#left
  }

  /** The next bytes, as many as there is room for; returns how many. Throws what the file system throws, and where the file ends too soon. */
  read (into: Uint8Array): number {
    this.#fd ??= openSync(this.#path, 'r')
    const wanted = Math.min(into.length, this.#left)
    const read = readSync(this.#fd, into, 0, wanted, this.#at)
    if (read < wanted) throw new Error('a block file ended before its end')
    this.#at += read
    this.#left -= read
    if (this.#left === 0) this.close()
    return read
  }

  close (): void {
    if (this.#fd === undefined) return
    closeSync(this.#fd)
    this.#fd = undefined
  }
}
