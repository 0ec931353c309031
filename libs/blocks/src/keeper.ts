import { CODEC } from './cid.ts'
import { PIN_BATCH } from './constants.ts'
import { blocksBelow } from './dag.ts'
import { PinIndex } from './pins.ts'
import { serial } from './serial.ts'
import { until } from './source.ts'
import type { Ask, BlockSource } from './source.ts'
import type { Datastore } from 'interface-datastore'
import type { CID } from 'multiformats/cid'

/** What stays and what goes: pins, and the removal of what nothing pins. */
export class Keeper {
  readonly #source: BlockSource
  readonly #index: PinIndex
  /** A block is looked up in the pins and deleted before anything else is. */
  readonly #alone = serial()
  /** Blocks that were deleted so far. */
  #deletions = 0

  constructor (source: BlockSource, datastore: Datastore) {
    this.#source = source
    this.#index = new PinIndex(datastore)
    source.local.dropBy(async cid => { await this.#unlessPinned(cid, async () => { await source.local.drop(cid) }) })
  }

  /** Brings every block below a root into the own store and keeps it there. */
  async pin (root: CID, ask: Ask): Promise<void> {
    const before = this.#deletions
    await this.#pinOnce(root, ask)
    await this.#alone(async () => {})
    // A block may have been deleted after it was found and before it was kept; now that all are kept, none is.
    if (before !== this.#deletions) await this.#pinOnce(root, ask)
  }

  async unpin (root: CID): Promise<void> {
    await this.#index.release(root)
  }

  /** Deletes the blocks below a root that are in the own store and not pinned, a node after what is below it. */
  async remove (root: CID): Promise<void> {
    const { local } = this.#source
    const inner: CID[] = []
    const reader = { read: async (cid: CID) => await local.read(cid), ensure: async () => {} }
    for await (const cid of blocksBelow(root, reader)) {
      if (cid.code === CODEC.raw) await this.#delete(cid)
      else inner.push(cid)
    }
    for (const cid of inner.reverse()) await this.#delete(cid)
  }

  async #pinOnce (root: CID, ask: Ask): Promise<void> {
    const reader = {
      read: async (cid: CID, stopped: AbortSignal) => {
        await this.#source.ensure(cid, until(ask, stopped), true)
        return await this.#source.get(cid, until(ask, stopped))
      },
      ensure: async (cid: CID, stopped: AbortSignal) => { await this.#source.ensure(cid, until(ask, stopped), true) }
    }
    let blocks: CID[] = []
    for await (const cid of blocksBelow(root, reader)) {
      blocks.push(cid)
      if (blocks.length < PIN_BATCH) continue
      await this.#index.keep(root, blocks)
      blocks = []
    }
    await this.#index.keep(root, blocks)
  }

  async #delete (cid: CID): Promise<void> {
    await this.#unlessPinned(cid, async () => { await this.#source.local.delete(cid) })
  }

  async #unlessPinned (cid: CID, remove: () => Promise<void>): Promise<void> {
    await this.#alone(async () => {
      if (await this.#index.isPinned(cid)) return
      this.#deletions++
      await remove()
    })
  }
}
