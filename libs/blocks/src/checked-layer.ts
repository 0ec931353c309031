import { blockKey, isBlockOf } from './cid.ts'
import { CHECKED_BLOCKS } from './constants.ts'
import type { Layer, Part, StoredBlock } from './layer.ts'
import type { CID } from 'multiformats/cid'

/** What a block's bytes become on their way, where faults are injected. Whoever takes them checks their hash. */
export interface BlockFaults {
  /** As they are read from a disk. */
  stored: (cid: string, bytes: Uint8Array) => Uint8Array
  /** As they are given to another peer. */
  served: (cid: string, bytes: Uint8Array) => Uint8Array
}

/**
 * A layer whose blocks are checked by their hash, each once as long as nobody writes it anew, by this process or by one before it that the
 * layer knows of: hashing takes several times as long as reading a file that the system has in memory.
 */
export class CheckedLayer {
  readonly layer: Layer
  readonly #faults: BlockFaults | undefined
  /** Stamps of what was found sound, or written here, by block; the oldest first. */
  readonly #sound = new Map<string, string>()

  constructor (layer: Layer, faults?: BlockFaults) {
    this.layer = layer
    this.#faults = faults
  }

  /** `undefined` where the block is absent, `damaged` where its bytes are not its own. */
  async read (cid: CID): Promise<Uint8Array | undefined | 'damaged'> {
    // A file that is not there is missed at once; opening it takes another thread, in each layer.
    if (this.glance(cid) === 'absent') return undefined
    const stored = await this.layer.read(cid)
    if (stored === undefined) return undefined
    const { bytes, stamp } = this.#suffered(cid, stored)
    if (stamp !== undefined && this.#isKnown(cid, stamp)) return bytes
    if (!await isBlockOf(cid, bytes)) return 'damaged'
    if (stamp !== undefined) this.vouch(cid, stamp)
    return bytes
  }

  /** Bytes of a block that is known to be sound; `undefined` where only a read of the whole tells whether it is. */
  async readPart (cid: CID, part: Part): Promise<Uint8Array | undefined> {
    if (this.#faults !== undefined || this.glance(cid) === 'absent') return undefined
    return await this.layer.readPart?.(cid, part, stamp => this.#isKnown(cid, stamp))
  }

  /** What is known of a block without reading it; `undefined` where only its bytes tell. */
  glance (cid: CID): 'absent' | 'sound' | undefined {
    if (this.layer.stamp === undefined || this.#faults !== undefined) return undefined
    const stamp = this.layer.stamp(cid)
    if (stamp === undefined) return 'absent'
    return this.#isKnown(cid, stamp) ? 'sound' : undefined
  }

  /** Makes a sound block a file at `path` too; resolves with its size. `undefined` where that cannot be, or it is not sound. */
  async lend (cid: CID, path: string): Promise<number | undefined> {
    if (this.#faults !== undefined) return undefined
    return await this.layer.link?.(cid, path, {
      knows: stamp => this.#isKnown(cid, stamp),
      isSound: async (bytes, stamp) => {
        if (!await isBlockOf(cid, bytes)) return false
        this.vouch(cid, stamp)
        return true
      }
    })
  }

  /** Takes a block's bytes for its own while its stamp is this one. */
  vouch (cid: CID, stamp: string): void {
    const key = blockKey(cid)
    this.#sound.delete(key)
    this.#sound.set(key, stamp)
    if (this.#sound.size > CHECKED_BLOCKS) this.#sound.delete(this.#sound.keys().next().value!)
  }

  /** What was found sound or written, by the block's key, as far as it is remembered. */
  get sound (): ReadonlyMap<string, string> {
    return this.#sound
  }

  forget (cid: CID): void {
    this.#sound.delete(blockKey(cid))
  }

  #isKnown (cid: CID, stamp: string): boolean {
    const key = blockKey(cid)
    if (this.#sound.get(key) === stamp) return true
    if (this.layer.wasSound?.(key, stamp) !== true) return false
    this.vouch(cid, stamp)
    return true
  }

  #suffered (cid: CID, stored: StoredBlock): StoredBlock {
    if (this.#faults === undefined) return stored
    const bytes = this.#faults.stored(`${cid}`, stored.bytes)
    return bytes === stored.bytes ? stored : { bytes }
  }
}
