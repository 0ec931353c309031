import { blockKey } from './cid.ts'
import type { Listed, OwnLayer, StoredBlock } from './layer.ts'
import type { Helia } from '@helia/interface'
import type { CID } from 'multiformats/cid'

/** Errors of a Helia node that say that it does not have a block, or keeps it. */
const ABSENT = new Set(['NotFoundError', 'BlockNotFoundWhileOfflineError'])
const PINNED = 'BlockPinnedError'

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
      await this.#blocks.delete(cid)
      return bytes
    } catch (error) {
      // Its owner has pinned it meanwhile.
      if ((error as Error).name !== PINNED) throw error
      return 0
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
