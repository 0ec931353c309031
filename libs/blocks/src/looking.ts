import { closeSync, openSync, read } from 'node:fs'
import { promisify } from 'node:util'
import { LOOKING_BUFFERS, LOOKING_BYTES } from './constants.ts'

const readFile = promisify(read)

/** Looks at files whose bytes nobody keeps, in buffers that are used again: new memory for each costs as much as reading it does. */
export class Looking {
  readonly #spare: Buffer[] = []

  /** What `look` says of a file's bytes, which are its own for the call; false where the file is not as long. */
  async at (path: string, bytes: number, look: (bytes: Uint8Array) => Promise<boolean>): Promise<boolean> {
    const buffer = bytes > LOOKING_BYTES ? Buffer.allocUnsafeSlow(bytes) : this.#spare.pop() ?? Buffer.allocUnsafeSlow(LOOKING_BYTES)
    const file = openSync(path, 'r')
    try {
      for (let at = 0; at < bytes;) {
        const { bytesRead } = await readFile(file, buffer, at, bytes - at, at)
        if (bytesRead === 0) return false
        at += bytesRead
      }
      return await look(buffer.subarray(0, bytes))
    } finally {
      closeSync(file)
      if (buffer.length === LOOKING_BYTES && this.#spare.length < LOOKING_BUFFERS) this.#spare.push(buffer)
    }
  }
}
