import { blockKey } from './cid.ts'
import type { Listed, OwnLayer, StoredBlock } from './layer.ts'
import type { CID } from 'multiformats/cid'

/** Blocks in memory, those that were used last at the end. */
export class MemoryLayer implements OwnLayer {
  readonly name = 'memory'
  readonly #blocks = new Map<string, { cid: CID, bytes: Uint8Array }>()

  async has (cid: CID): Promise<boolean> {
    return this.#blocks.has(blockKey(cid))
  }

  async read (cid: CID): Promise<StoredBlock | undefined> {
    const key = blockKey(cid)
    const block = this.#blocks.get(key)
    if (block === undefined) return undefined
    this.#blocks.delete(key)
    this.#blocks.set(key, block)
    return { bytes: block.bytes }
  }

  async write (cid: CID, bytes: Uint8Array): Promise<undefined> {
    this.#blocks.set(blockKey(cid), { cid, bytes })
  }

  async delete (cid: CID): Promise<number> {
    const key = blockKey(cid)
    const bytes = this.#blocks.get(key)?.bytes.byteLength ?? 0
    this.#blocks.delete(key)
    return bytes
  }

  async * list (): AsyncGenerator<Listed> {
    for (const [order, { cid, bytes }] of [...this.#blocks.values()].entries()) yield { cid, bytes: bytes.byteLength, usedMs: order }
  }
}
