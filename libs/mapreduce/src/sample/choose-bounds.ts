import { MAX_BOUNDS_BYTES } from '../constants.ts'
import { toHex } from '../hex.ts'
import type { Bounds } from '../job.ts'
import { RunReader } from '../run/index.ts'
import type { RunSection } from '../run/index.ts'

/**
 * Cuts a sorted sample of `records` pairs into `reducers` parts of as many pairs each, and gives the keys at which they begin,
 * each as short as tells it from the key before it in the sample (as separators of a prefix B-tree are), cut where all
 * together would be longer than MAX_BOUNDS_BYTES. Where a key has many pairs, bounds are equal; without pairs all are empty.
 */
export function chooseBounds (sample: RunSection, records: number, reducers: number): Bounds {
  const maxBytes = Math.floor(MAX_BOUNDS_BYTES / (reducers - 1))
  const bounds: Bounds = []
  const run = new RunReader(sample)
  let key: Uint8Array = new Uint8Array(0)
  let bound = ''
  for (let at = 0; run.next(); at++) {
    if (!run.repeats) {
      // Without the tag, which tells 1 from '1': a bound is text.
      const next = run.bytes.slice(run.keyStart, run.keyEnd - 1)
      const alike = commonBytes(key, next)
      if (alike < next.length) bound = toHex(next.subarray(0, Math.min(alike + 1, maxBytes)))
      key = next
    }
    while (bounds.length < reducers - 1 && at === Math.floor((bounds.length + 1) * records / reducers)) bounds.push(bound)
  }
  while (bounds.length < reducers - 1) bounds.push(bound)
  return bounds
}

/** How many bytes two keys begin with alike. */
function commonBytes (a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  let at = 0
  while (at < length && a[at] === b[at]) at++
  return at
}
