import { blockKey } from './cid.ts'
import type { Listed, OwnLayer, StoredBlock } from './layer.ts'
import type { Helia } from '@helia/interface'
import type { Blockstore } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'

/** Errors of a Helia node that say that it does not have a block, or keeps it. */
const ABSENT = new Set(['NotFoundError', 'BlockNotFoundWhileOfflineError'])
const PINNED = 'BlockPinnedError'
/** What a node throws that has no routing, after it has looked at its pins and before it deletes (Helia 7.1.15): it cannot take back that it told of the block, which it never did. */
const NO_ROUTING = 'NoContentRoutersError'

/**
 * The blocks of a Helia node. What was there before is its owner's: only blocks that were written here are deleted here, and
 * `helia.gc()` takes what a process that was killed left.
 */
export class HeliaLayer implements OwnLayer {
  readonly name = 'the Helia node'
  readonly #blocks: Helia['blockstore']
  readonly #written = new Set<string>()

  constructor ({ blockstore }: Pick<Helia, 'blockstore'>) {
    this.#blocks = blockstore
  }

  async has (cid: CID): Promise<boolean> {
    return await this.#blocks.has(cid)
  }

  async read (cid: CID): Promise<StoredBlock | undefined> {
    try {
      const pieces: Uint8Array[] = []
      for await (const piece of this.#blocks.get(cid, { offline: true })) pieces.push(piece)
      return { bytes: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces) }
    } catch (error) {
      if (ABSENT.has((error as Error).name)) return undefined
      throw error
    }
  }

  async write (cid: CID, bytes: Uint8Array): Promise<undefined> {
    if (await this.has(cid)) return
    await this.#blocks.put(cid, bytes)
    this.#written.add(blockKey(cid))
  }

  async delete (cid: CID): Promise<number> {
    if (!this.#written.delete(blockKey(cid))) return 0
    const bytes = (await this.read(cid))?.bytes.byteLength ?? 0
    try {
      await this.#delete(cid)
      return bytes
    } catch (error) {
      // Its owner has pinned it meanwhile.
      if ((error as Error).name !== PINNED) throw error
      return 0
    }
  }

  async #delete (cid: CID): Promise<void> {
    try {
      await this.#blocks.delete(cid)
    } catch (error) {
      if ((error as Error).name !== NO_ROUTING || !isWrapped(this.#blocks)) throw error
      await this.#blocks.unwrap().delete(cid)
    }
  }

  async * list (): AsyncGenerator<Listed> {
    for await (const { cid, bytes } of this.#blocks.getAll()) {
      let size = 0
      for await (const piece of bytes) size += piece.byteLength
      yield { cid, bytes: size, usedMs: 0 }
    }
  }
}

/** Helia's own stores give the one that they are around, which their interface does not say. */
function isWrapped (blocks: Helia['blockstore']): blocks is Helia['blockstore'] & { unwrap: () => Pick<Blockstore, 'delete'> } {
  return 'unwrap' in blocks && typeof blocks.unwrap === 'function'
}
