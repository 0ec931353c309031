import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { BaseBlockstore } from 'blockstore-core'
import { NotFoundError } from 'interface-store'
import toBuffer from 'it-to-buffer'
import { CheckedLayer } from './checked-layer.ts'
import { blockKey, isIdentity } from './cid.ts'
import { CHECKED_BLOCKS } from './constants.ts'
import { inOrder } from './window.ts'
import type { BlockFaults } from './checked-layer.ts'
import type { Layer, OwnLayer, Part } from './layer.ts'
import type { Log } from './log.ts'
import type { Space } from './space.ts'
import type { Pair } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'

type Content = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>

export interface LocalInit {
  own: OwnLayer
  /** Bounds what `own` holds; without it, nothing does. */
  space?: Space
  /** Only read. */
  others: Layer[]
  log: Log
  faults?: BlockFaults
}

/**
 * The blocks of this machine: a store of one's own, and others that are only read. Every block is checked by its
 * hash: a block file that a crash or a disk spoiled counts as absent, and is fetched again.
 */
export class LocalBlockstore extends BaseBlockstore {
  readonly #own: OwnLayer
  readonly #space: Space | undefined
  readonly #first: CheckedLayer
  /** The one that had the last block first: it will have the next one too, and looking for a file that is not there costs as much as finding one. */
  #layers: readonly CheckedLayer[]
  readonly #log: Log
  readonly #faults: BlockFaults | undefined
  #noted = 0
  readonly #writing = new Map<string, Promise<boolean>>()
  readonly #dropping = new Map<string, Promise<void>>()

  constructor ({ own, space, others, log, faults }: LocalInit) {
    super()
    this.#own = own
    this.#space = space
    this.#first = new CheckedLayer(own, faults)
    this.#layers = [this.#first, ...others.map(other => new CheckedLayer(other, faults))]
    this.#log = log
    this.#faults = faults
  }

  /** The block's bytes from whichever layer has it whole; `undefined` where none does. */
  async read (cid: CID): Promise<Uint8Array | undefined> {
    if (isIdentity(cid)) return cid.multihash.digest
    for (const checked of this.#layers) {
      const bytes = await checked.read(cid)
      if (bytes === undefined) continue
      if (bytes !== 'damaged') {
        if (checked === this.#first) this.#space?.touch(cid)
        this.#found(checked)
        return bytes
      }
      await this.#noteDamaged(cid, checked)
    }
    return undefined
  }

  /** Bytes of a block, where they can be had without reading the whole of it. */
  async readPart (cid: CID, part: Part): Promise<Uint8Array | undefined> {
    for (const checked of this.#layers) {
      const bytes = await checked.readPart(cid, part)
      if (bytes === undefined) continue
      if (checked === this.#first) this.#space?.touch(cid)
      this.#found(checked)
      return bytes
    }
    return undefined
  }

  /** Makes a block that lies whole in a file of this machine a file at `path` too; resolves with its size, or `undefined` where it does not. */
  async lend (cid: CID, path: string): Promise<number | undefined> {
    for (const checked of this.#layers) {
      const bytes = await checked.lend(cid, path)
      if (bytes === undefined) continue
      if (checked === this.#first) this.#space?.touch(cid)
      this.#found(checked)
      return bytes
    }
    return undefined
  }

  #found (at: CheckedLayer): void {
    if (this.#layers[0] !== at) this.#layers = [at, ...this.#layers.filter(checked => checked !== at)]
  }

  async #noteDamaged (cid: CID, checked: CheckedLayer): Promise<void> {
    this.#log.warn({ cid: `${cid}`, store: checked.layer.name }, 'a stored block is damaged; it counts as absent')
    // Held or not: it is put again, or fetched.
    if (checked === this.#first) await this.#erase(cid)
  }

  /** Whether the own store holds the block, so that nobody else can delete it. */
  async owns (cid: CID): Promise<boolean> {
    return isIdentity(cid) || await this.#own.has(cid)
  }

  /** The same, and its bytes are its own; they are read only where nobody has since they were written. */
  async ownsWhole (cid: CID): Promise<boolean> {
    return isIdentity(cid) || await this.#isSound(cid)
  }

  override async has (cid: CID): Promise<boolean> {
    if (isIdentity(cid)) return true
    for (const checked of this.#layers) {
      const { layer } = checked
      if (layer.stamp === undefined ? !await layer.has(cid) : layer.stamp(cid) === undefined) continue
      this.#found(checked)
      return true
    }
    return false
  }

  /** The same of many: each layer is asked for what those before it do not have. */
  async hasEach (cids: readonly CID[]): Promise<boolean[]> {
    const held = cids.map(isIdentity)
    for (const { layer } of this.#layers) {
      const left = [...held.keys()].filter(at => !held[at])
      if (left.length === 0) break
      let next = 0
      for await (const has of eachOf(layer, left.map(at => cids[at]!))) held[left[next++]!] = has
    }
    return held
  }

  /** What bitswap gives to other peers; `read` is how this one reads. */
  override async * get (cid: CID): AsyncGenerator<Uint8Array> {
    const bytes = await this.read(cid)
    if (bytes == null) throw new NotFoundError(`block ${cid} is not in the local store`)
    yield this.#faults?.served(`${cid}`, bytes) ?? bytes
  }

  /** Writes to the own store, where the block stays until it is deleted. `STORAGE` where it does not fit. */
  override async put (cid: CID, content: Content): Promise<CID> {
    const bytes = content instanceof Uint8Array ? content : await toBuffer(content)
    await this.holding(cid, async () => { await this.store(cid, bytes) })
    return cid
  }

  /**
   * Brings a block here that is not to be dropped until it is deleted. It is held from before it comes, and no
   * longer where it does not.
   */
  async holding<T> (cid: CID, bring: () => Promise<T>): Promise<T> {
    if (this.#space === undefined) return await bring()
    this.#space.hold(cid)
    await this.#dropping.get(blockKey(cid))
    try {
      const brought = await bring()
      // Someone else's attempt to bring it may have failed meanwhile.
      this.#space.hold(cid)
      return brought
    } catch (error) {
      if (!await this.owns(cid)) this.#space.release(cid)
      throw error
    }
  }

  /** Writes a block that may be dropped later where room is short, unless it is held or pinned by then. */
  async store (cid: CID, bytes: Uint8Array): Promise<void> {
    if (!await this.cache(cid, bytes)) throw this.#space!.refusal(cid, bytes.byteLength)
  }

  /** The same, of a block that can be had elsewhere: false where there is no room for it. `STORAGE` where it cannot be written. */
  async cache (cid: CID, bytes: Uint8Array): Promise<boolean> {
    return await this.#once(cid, async () => await this.#write(cid, bytes))
  }

  /**
   * Makes a block that another layer has whole one of the own store, where it stays when that layer loses it: a second name of its
   * file where that can be, else a copy. False where none has it; `STORAGE` where it does not fit.
   */
  async adopt (cid: CID): Promise<boolean> {
    if (await this.#once(cid, async () => await this.#link(cid))) return true
    const bytes = await this.read(cid)
    if (bytes !== undefined) await this.store(cid, bytes)
    return bytes !== undefined
  }

  /** How a block that is not held is dropped where room is short: by `drop`, unless something else needs it. */
  dropBy (drop: (cid: CID) => Promise<void>): void {
    this.#space?.dropBy(drop)
  }

  /** Deletes a block from the own store unless it is held. */
  async drop (cid: CID): Promise<void> {
    const key = blockKey(cid)
    if (this.#space?.isHeld(cid) === true || this.#writing.has(key)) return
    const dropping = this.#erase(cid).finally(() => { this.#dropping.delete(key) })
    this.#dropping.set(key, dropping)
    await dropping
  }

  /** Deletes from the own store; absence is no error. */
  override async delete (cid: CID): Promise<void> {
    this.#space?.forget(cid)
    await this.#erase(cid)
  }

  /** Tells processes that come after this one, or read beside it, which blocks of the own store are sound. */
  async keepSound (): Promise<void> {
    await this.#own.keepSound?.(this.#first.sound, this.#log)
  }

  override async * getAll (): AsyncGenerator<Pair> {
    for await (const { cid } of this.#own.list()) yield { cid, bytes: this.get(cid) }
  }

  /** Of those who bring one block into the own store at once, one does; another does where that one could not. */
  async #once (cid: CID, bring: () => Promise<boolean>): Promise<boolean> {
    const key = blockKey(cid)
    for (let other = this.#writing.get(key); other !== undefined; other = this.#writing.get(key)) if (await other) return true
    const bringing = bring().finally(() => { this.#writing.delete(key) })
    this.#writing.set(key, bringing)
    return await bringing
  }

  async #write (cid: CID, bytes: Uint8Array): Promise<boolean> {
    if (isIdentity(cid)) return true
    if (await this.#isSound(cid)) return true
    if (await this.#space?.take(bytes.byteLength) === false) return false
    try {
      await this.#brought(cid, await this.#own.write(cid, bytes))
      return true
    } catch (cause) {
      this.#space?.give(bytes.byteLength)
      throw new MapReduceError('STORAGE', `cannot write block ${cid} (${bytes.byteLength} bytes) to ${this.#own.name}: ${(cause as Error).message}`, { cause })
    }
  }

  /** Whether the own store has the block now, by a second name of another layer's file. */
  async #link (cid: CID): Promise<boolean> {
    if (await this.#isSound(cid)) return true
    for (const layer of this.#layers) if (layer !== this.#first && await this.#linkFrom(layer, cid)) return true
    return false
  }

  async #linkFrom (layer: CheckedLayer, cid: CID): Promise<boolean> {
    let taken = 0
    try {
      const stamp = await this.#own.adopt?.(cid, async path => {
        const bytes = await layer.lend(cid, path)
        if (bytes === undefined) return false
        if (await this.#space?.take(bytes) === false) throw this.#space!.refusal(cid, bytes)
        taken = bytes
        return true
      })
      if (stamp === undefined) return false
      await this.#brought(cid, stamp)
      this.#found(layer)
      return true
    } catch (cause) {
      this.#space?.give(taken)
      if (cause instanceof MapReduceError) throw cause
      throw new MapReduceError('STORAGE', `cannot link block ${cid} from ${layer.layer.name} to ${this.#own.name}: ${(cause as Error).message}`, { cause })
    }
  }

  async #brought (cid: CID, stamp: string | undefined): Promise<void> {
    this.#space?.touch(cid)
    if (stamp === undefined) return
    this.#first.vouch(cid, stamp)
    this.#own.noteSound?.(blockKey(cid), stamp, this.#log)
    // Else what is noted would grow for ever.
    if (++this.#noted % CHECKED_BLOCKS === 0) await this.keepSound()
  }

  /** Whether the own store has a block whole; one that it has otherwise is gone afterwards. */
  async #isSound (cid: CID): Promise<boolean> {
    const known = this.#first.glance(cid)
    if (known !== undefined) return known === 'sound'
    const here = await this.#first.read(cid)
    if (here === 'damaged') await this.#noteDamaged(cid, this.#first)
    return here !== undefined && here !== 'damaged'
  }

  async #erase (cid: CID): Promise<void> {
    this.#first.forget(cid)
    // What is deleted while blocks are counted would be missed, or not.
    await this.#space?.counted()
    const freed = await this.#own.delete(cid)
    this.#space?.give(freed)
  }
}

async function * eachOf (layer: Layer, cids: CID[]): AsyncGenerator<boolean> {
  if (layer.hasEach === undefined) yield * inOrder(cids, () => 0, async cid => await layer.has(cid))
  else yield * await layer.hasEach(cids)
}
