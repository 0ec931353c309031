import { closeSync, openSync, readSync } from 'node:fs'

/** More than any file of proc(5) has that is read here. */
const MOST_BYTES = 64 * 1024
const GONE = ['ENOENT', 'ESRCH']

/** Files of /proc that are read again and again: open once, and without other threads, since who watches must not take what is measured. */
export class ProcFiles {
  readonly #open = new Map<string, number>()
  readonly #buffer = Buffer.allocUnsafe(MOST_BYTES)

  /** What a file says now; undefined where its process has ended. */
  read (path: string): string | undefined {
    try {
      const fd = this.#open.get(path) ?? openSync(path, 'r')
      this.#open.set(path, fd)
      return this.#buffer.toString('latin1', 0, readSync(fd, this.#buffer, 0, MOST_BYTES, 0))
    } catch (error) {
      if (!GONE.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
      this.#close(path)
      return undefined
    }
  }

  close (): void {
    for (const path of [...this.#open.keys()]) this.#close(path)
  }

  #close (path: string): void {
    const fd = this.#open.get(path)
    if (fd === undefined) return
    this.#open.delete(path)
    closeSync(fd)
  }
}
