import type { Merge } from './merge.ts'
import type { Datum } from './program.ts'
import { GroupValues } from './values.ts'

/** Goes through a merge key by key. Close `values` before the next `next()`. */
export class Groups {
  key: Datum = null
  values: GroupValues
  readonly #merge: Merge

  constructor (merge: Merge) {
    this.#merge = merge
    this.values = new GroupValues(merge)
  }

  /** Goes to the next key; false at the end. Throws a `MapReduceError` on a malformed run. */
  next (): boolean {
    const { reader } = this.#merge
    if (reader === undefined) return false
    this.key = reader.key()
    this.values = new GroupValues(this.#merge)
    return true
  }
}
