/** Slots that a table starts with, a power of two. */
const FIRST_SLOTS = 4 * 1024
const GROWTH = 4
/** Slots looked at for a key. More of them are taken only where many keys share a hash, by chance or by design. */
const MAX_PROBES = 16
/** Longest string that is hashed here; beyond, the engine's own hash is cheaper. */
const MAX_HASHED_CHARS = 32

/** FNV-1a over UTF-16 code units. */
const FNV_OFFSET_BASIS = 0x811c9dc5
const FNV_PRIME = 0x01000193
/** In place of a hash: a free slot. */
const FREE = 0

/** What a table holds: it is found by its key. */
export interface KeyedByString {
  readonly key: unknown
}

/**
 * Entries by their strings, which only `clear` removes. Open addressing, with a hash made by a loop over the
 * characters: finding a string that was just cut out of a line takes the engine's `Map` about twice as long.
 */
export class KeyTable<E extends KeyedByString> {
  #hashes = new Int32Array(FIRST_SLOTS)
  #entries = new Array<E | undefined>(FIRST_SLOTS).fill(undefined)
  #taken = 0
  /** Long strings, and those for which no slot is near. */
  readonly #others = new Map<string, E>()

  get (key: string): E | undefined {
    if (key.length > MAX_HASHED_CHARS) return this.#others.get(key)
    const hashes = this.#hashes
    const mask = hashes.length - 1
    const hash = hashOf(key)
    for (let slot = hash & mask, left = MAX_PROBES; left > 0; slot = (slot + 1) & mask, left--) {
      const found = hashes[slot]!
      if (found === hash) {
        const entry = this.#entries[slot]!
        if (entry.key === key) return entry
      } else if (found === FREE) return undefined
    }
    return this.#others.get(key)
  }

  /** Adds an entry under a key that has none. */
  add (key: string, entry: E): void {
    if (2 * this.#taken >= this.#hashes.length) this.#grow()
    this.#place(key, key.length > MAX_HASHED_CHARS ? FREE : hashOf(key), entry)
  }

  clear (): void {
    this.#hashes.fill(FREE)
    this.#entries.fill(undefined)
    this.#taken = 0
    this.#others.clear()
  }

  /** `hash` is FREE where the table does not hash the key. */
  #place (key: string, hash: number, entry: E): void {
    const slot = hash === FREE ? -1 : this.#freeSlot(hash)
    if (slot < 0) {
      this.#others.set(key, entry)
      return
    }
    this.#hashes[slot] = hash
    this.#entries[slot] = entry
    this.#taken++
  }

  #freeSlot (hash: number): number {
    const mask = this.#hashes.length - 1
    for (let slot = hash & mask, left = MAX_PROBES; left > 0; slot = (slot + 1) & mask, left--) {
      if (this.#hashes[slot] === FREE) return slot
    }
    return -1
  }

  #grow (): void {
    const hashes = this.#hashes
    const entries = this.#entries
    const others = [...this.#others]
    this.#hashes = new Int32Array(GROWTH * hashes.length)
    this.#entries = new Array<E | undefined>(GROWTH * hashes.length).fill(undefined)
    this.#taken = 0
    this.#others.clear()
    for (let slot = 0; slot < hashes.length; slot++) {
      const entry = entries[slot]
      if (entry !== undefined) this.#place(String(entry.key), hashes[slot]!, entry)
    }
    for (const [key, entry] of others) this.#place(key, key.length > MAX_HASHED_CHARS ? FREE : hashOf(key), entry)
  }
}

function hashOf (key: string): number {
  let hash = FNV_OFFSET_BASIS
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), FNV_PRIME)
  // The low bits choose the slot: let the high ones have a say.
  return hash ^ (hash >>> 15) || 1
}
