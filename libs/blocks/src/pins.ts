import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { Key } from 'interface-datastore'
import { base32 } from 'multiformats/bases/base32'
import { PIN_BATCH } from './constants.ts'
import { serial } from './serial.ts'
import type { Datastore } from 'interface-datastore'
import type { CID } from 'multiformats/cid'

/**
 * Which blocks are kept, and by which roots, in the datastore:
 * `/mapreduce/pinned-by/ROOT/BLOCK` is there for each block below a pinned root, and `/mapreduce/pinned/BLOCK` counts
 * the roots. A batch keeps both in step, so a crash leaves a block kept for too long at worst, until its root is
 * pinned or unpinned again.
 *
 * Helia's own pins (7.1.15) lose blocks: unpinning a root keeps it in the block's list of pinners, so that pinning it
 * again does not count, and unpinning another root that shares the block then frees it.
 */
export class PinIndex {
  readonly #datastore: Datastore
  /** Changes follow each other: a count is read and then written. */
  readonly #alone = serial()

  constructor (datastore: Datastore) {
    this.#datastore = datastore
  }

  /** Whether any root keeps the block, beside those of `except`, which are different ones. */
  async isPinned (block: CID, except: CID[] = []): Promise<boolean> {
    const key = countKey(name(block))
    if (!await this.#datastore.has(key)) return false
    if (except.length === 0) return true
    let count = decode(await this.#datastore.get(key))
    for (const root of except) if (await this.#datastore.has(rootKey(root, name(block)))) count--
    return count > 0
  }

  /** Whether a root keeps anything. */
  async keeps (root: CID): Promise<boolean> {
    for await (const _ of this.#datastore.queryKeys({ prefix: rootKey(root, '').toString() })) return true
    return false
  }

  /** Keeps blocks for a root. Blocks it keeps already are counted once. */
  async keep (root: CID, blocks: CID[]): Promise<void> {
    const names = [...new Set(blocks.map(name))]
    await this.#alone(async () => {
      const fresh: string[] = []
      for (const block of names) if (!await this.#datastore.has(rootKey(root, block))) fresh.push(block)
      await this.#count(root, fresh, 1)
    })
  }

  /** Gives up everything that a root keeps. */
  async release (root: CID): Promise<void> {
    const prefix = `${rootKey(root, '')}`
    await this.#alone(async () => {
      let blocks: string[] = []
      for await (const key of this.#datastore.queryKeys({ prefix })) {
        blocks.push(key.toString().slice(prefix.length))
        if (blocks.length < PIN_BATCH) continue
        await this.#count(root, blocks, -1)
        blocks = []
      }
      await this.#count(root, blocks, -1)
    })
  }

  async #count (root: CID, blocks: string[], by: 1 | -1): Promise<void> {
    if (blocks.length === 0) return
    const batch = this.#datastore.batch()
    for (const block of blocks) {
      const key = countKey(block)
      const count = (await this.#datastore.has(key) ? decode(await this.#datastore.get(key)) : 0) + by
      if (count > 0) batch.put(key, encode(count))
      else batch.delete(key)
      if (by > 0) batch.put(rootKey(root, block), new Uint8Array(0))
      else batch.delete(rootKey(root, block))
    }
    try {
      await batch.commit()
    } catch (cause) {
      throw new MapReduceError('STORAGE', `cannot write which blocks ${root} keeps: ${(cause as Error).message}`, { cause })
    }
  }
}

function name (block: CID): string {
  return base32.baseEncode(block.multihash.bytes)
}

function countKey (block: string): Key {
  return new Key(`/mapreduce/pinned/${block}`, false)
}

function rootKey (root: CID, block: string): Key {
  return new Key(`/mapreduce/pinned-by/${root.toV1()}/${block}`, false)
}

function encode (count: number): Uint8Array {
  return new TextEncoder().encode(`${count}`)
}

function decode (bytes: Uint8Array): number {
  return Number(new TextDecoder().decode(bytes))
}
