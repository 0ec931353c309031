import type { KeyedDelta } from './push.ts'

/** Tells a table's changes, by what was sent of each entry last. */
export class KeyedFeed<T> {
  readonly #sent = new Map<string, string>()

  /** Undefined where nothing has changed. */
  next (entries: Iterable<readonly [string, T]>): KeyedDelta<T> | undefined {
    const set: Record<string, T> = {}
    const gone = new Set(this.#sent.keys())
    let changed = false
    for (const [key, value] of entries) {
      gone.delete(key)
      const text = JSON.stringify(value)
      if (this.#sent.get(key) === text) continue
      this.#sent.set(key, text)
      set[key] = value
      changed = true
    }
    for (const key of gone) this.#sent.delete(key)
    return changed || gone.size > 0 ? { set, gone: [...gone] } : undefined
  }
}

export function applyKeyed<T> (table: ReadonlyMap<string, T>, { set, gone }: KeyedDelta<T>): Map<string, T> {
  const next = new Map(table)
  for (const key of gone) next.delete(key)
  for (const [key, value] of Object.entries(set)) next.set(key, value)
  return next
}
