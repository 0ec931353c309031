import { BYTE_SEARCH_WASM } from './byte-search-wasm.ts'

/** What byte-search.wat exports. */
interface Searching {
  memory: { buffer: ArrayBuffer }
  find: (from: number, end: number, length: number) => number
  lines: (from: number, end: number) => number
}

/** Of WebAssembly, what is used here. */
interface WebAssemblyApi {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { exports: unknown }
}

/** Longest that is looked for. */
export const MAX_SOUGHT_BYTES = 1024
/** Longest that is looked through at a time. */
export const SEARCHED_BYTES = 256 * 1024

/** Finds one sequence of bytes, of 1 to MAX_SOUGHT_BYTES, in others, several times as fast as the language's own loops. */
export class ByteSearch {
  readonly #searching: Searching
  readonly #memory: Uint8Array
  readonly #soughtBytes: number
  #end = MAX_SOUGHT_BYTES

  constructor (sought: Uint8Array) {
    if (sought.length === 0 || sought.length > MAX_SOUGHT_BYTES) throw new RangeError(`what is looked for is 1 to ${MAX_SOUGHT_BYTES} bytes, not ${sought.length}`)
    const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly
    this.#searching = new Instance(new Module(BYTE_SEARCH_WASM)).exports as Searching
    this.#memory = new Uint8Array(this.#searching.memory.buffer)
    this.#memory.set(sought)
    this.#soughtBytes = sought.length
  }

  /** Bytes to look through, up to SEARCHED_BYTES; they are copied. */
  load (bytes: Uint8Array): void {
    this.#memory.set(bytes, MAX_SOUGHT_BYTES)
    this.#end = MAX_SOUGHT_BYTES + bytes.length
  }

  /** Where in them it occurs, from a place on; -1 where it does not. */
  find (from: number): number {
    const at = this.#searching.find(MAX_SOUGHT_BYTES + from, this.#end, this.#soughtBytes)
    return at < 0 ? -1 : at - MAX_SOUGHT_BYTES
  }

  /** The newlines in them. */
  get newlines (): number {
    return this.#searching.lines(MAX_SOUGHT_BYTES, this.#end)
  }

  /** Whether it occurs in bytes of any length. */
  isIn (bytes: Uint8Array): boolean {
    const overlapBytes = this.#soughtBytes - 1
    for (let at = 0; at + overlapBytes < bytes.length; at += SEARCHED_BYTES - overlapBytes) {
      this.load(bytes.subarray(at, at + SEARCHED_BYTES))
      if (this.find(0) >= 0) return true
    }
    return false
  }
}
