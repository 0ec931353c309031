/** Slots that a table starts with, a power of two. */
const FIRST_SLOTS = 4 * 1024
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
    this.#place(key, entry)
  }

  clear (): void {
    this.#hashes.fill(FREE)
    this.#entries.fill(undefined)
    this.#taken = 0
    this.#others.clear()
  }

  #place (key: string, entry: E): void {
    const hash = key.length > MAX_HASHED_CHARS ? FREE : hashOf(key)
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
    const entries = [...this.#entries.filter(entry => entry !== undefined), ...this.#others.values()]
    const slots = 2 * this.#hashes.length
    this.#hashes = new Int32Array(slots)
    this.#entries = new Array<E | undefined>(slots).fill(undefined)
    this.#taken = 0
    this.#others.clear()
    for (const entry of entries) this.#place(String(entry.key), entry)
  }
}

function hashOf (key: string): number {
  let hash = FNV_OFFSET_BASIS
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), FNV_PRIME)
  // The low bits choose the slot: let the high ones have a say.
  return hash ^ (hash >>> 15) || 1
}
