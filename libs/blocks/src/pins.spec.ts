import { expect, it } from '@jest/globals'
import { MemoryDatastore } from 'datastore-core'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { PinIndex } from './pins.ts'

it('knows what is pinned after any order of keeping and releasing', async () => {
  const blocks = await Promise.all([0, 1, 2, 3, 4].map(async i => CID.createV1(0x55, await sha256.digest(new Uint8Array([i])))))
  const roots = await Promise.all([10, 11, 12].map(async i => CID.createV1(0x70, await sha256.digest(new Uint8Array([i])))))
  const step = fc.record({ root: fc.nat(2), keep: fc.option(fc.array(fc.nat(4), { minLength: 1, maxLength: 6 })) })
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.boolean(), async (steps, atOnce) => {
    const index = new PinIndex(new MemoryDatastore())
    const kept = roots.map(() => new Set<number>())
    const done: Array<Promise<void>> = []
    for (const { root, keep } of steps) {
      done.push(keep == null ? index.release(roots[root]!) : index.keep(roots[root]!, keep.map(i => blocks[i]!)))
      if (keep == null) kept[root]!.clear()
      else for (const i of keep) kept[root]!.add(i)
      if (!atOnce) await done.at(-1)
    }
    await Promise.all(done)
    for (const [i, block] of blocks.entries()) {
      expect(await index.isPinned(block)).toBe(kept.some(set => set.has(i)))
      expect(await index.isPinned(block, roots.slice(1))).toBe(kept[0]!.has(i))
    }
    for (const [i, root] of roots.entries()) expect(await index.keeps(root)).toBe(kept[i]!.size > 0)
  }))
})
