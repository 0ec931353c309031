import type { ReadContent } from '../executor.ts'

/** Chunks that content is read in: small, so that records lie across them. */
const CHUNK_BYTES = 1000

/** Content by name, to be read as an executor reads it. */
export class ContentTable {
  reads = 0
  readonly #content = new Map<string, Uint8Array>()
  readonly #failures = new Map<string, Error>()
  readonly #hanging = new Set<string>()
  readonly #listeners = new Map<string, () => void>()

  /** Returns the length in bytes. */
  put (name: string, content: Uint8Array | string): number {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    this.#content.set(name, bytes)
    return bytes.length
  }

  /** Reading this rejects. */
  fail (name: string, error: Error): void {
    this.#failures.set(name, error)
  }

  /** Reading this never ends, whatever the signal; `onRead` is told when it has begun. */
  hang (name: string, onRead: () => void): void {
    this.#hanging.add(name)
    this.onRead(name, onRead)
  }

  /** Called when all of a file's bytes have been taken. */
  onRead (name: string, listener: () => void): void {
    this.#listeners.set(name, listener)
  }

  readonly read: ReadContent = (name, options) => this.#chunks(name, options.offset ?? 0, options.length ?? Infinity)

  async * #chunks (name: string, offset: number, length: number): AsyncGenerator<Uint8Array> {
    this.reads++
    const failure = this.#failures.get(name)
    if (failure !== undefined) throw failure
    if (this.#hanging.has(name)) {
      this.#listeners.get(name)?.()
      await new Promise<never>(() => {})
    }
    const content = this.#content.get(name)
    if (content === undefined) throw new Error(`nothing is called ${name}`)
    const end = Math.min(content.length, offset + length)
    for (let at = offset; at < end; at += CHUNK_BYTES) yield content.slice(at, Math.min(at + CHUNK_BYTES, end))
    this.#listeners.get(name)?.()
  }
}
