import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { BaseBlockstore } from 'blockstore-core'
import { NotFoundError } from 'interface-store'
import toBuffer from 'it-to-buffer'
import { blockKey, isBlockOf, isIdentity } from './cid.ts'
import type { Layer } from './layer.ts'
import type { Log } from './log.ts'
import type { Blockstore, Pair } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'

/** What a block's bytes become on their way, where faults are injected. Whoever takes them checks their hash. */
export interface BlockFaults {
  /** As they are read from a disk. */
  stored: (cid: string, bytes: Uint8Array) => Uint8Array
  /** As they are given to another peer. */
  served: (cid: string, bytes: Uint8Array) => Uint8Array
}

/**
 * The blocks of this machine: a store of one's own, and others that are only read. Every block is checked by its
 * hash as it is read: a block file that a crash or a disk spoiled counts as absent, and is fetched again.
 */
export class LocalBlockstore extends BaseBlockstore {
  readonly #own: Blockstore
  readonly #first: Layer
  readonly #others: Layer[]
  readonly #log: Log
  readonly #faults: BlockFaults | undefined
  readonly #writing = new Map<string, Promise<void>>()

  /** `layers`: the own store's first. */
  constructor (own: Blockstore, layers: [Layer, ...Layer[]], log: Log, faults?: BlockFaults) {
    super()
    this.#own = own
    const [first, ...others] = layers
    this.#first = first
    this.#others = others
    this.#log = log
    this.#faults = faults
  }

  /** The block's bytes from whichever layer has it whole; `undefined` where none does. */
  async read (cid: CID): Promise<Uint8Array | undefined> {
    if (isIdentity(cid)) return cid.multihash.digest
    for (const layer of [this.#first, ...this.#others]) {
      const stored = await layer.read(cid)
      if (stored == null) continue
      const bytes = this.#faults?.stored(`${cid}`, stored) ?? stored
      if (await isBlockOf(cid, bytes)) return bytes
      this.#log.warn({ cid: `${cid}`, store: layer.name, bytes: bytes.byteLength }, 'a stored block is damaged; it counts as absent')
      if (layer === this.#first) await this.#own.delete(cid)
    }
    return undefined
  }

  /** Whether the own store holds the block, so that nobody else can delete it. */
  async owns (cid: CID): Promise<boolean> {
    return isIdentity(cid) || await this.#first.has(cid)
  }

  override async has (cid: CID): Promise<boolean> {
    if (await this.owns(cid)) return true
    for (const layer of this.#others) if (await layer.has(cid)) return true
    return false
  }

  /** What bitswap gives to other peers; `read` is how this one reads. */
  override async * get (cid: CID): AsyncGenerator<Uint8Array> {
    const bytes = await this.read(cid)
    if (bytes == null) throw new NotFoundError(`block ${cid} is not in the local store`)
    yield this.#faults?.served(`${cid}`, bytes) ?? bytes
  }

  /** Writes to the own store. Two writers of one block share one write: they would share its temporary file. */
  override async put (cid: CID, content: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<CID> {
    const key = blockKey(cid)
    let writing = this.#writing.get(key)
    if (writing == null) {
      writing = this.#write(cid, content).finally(() => { this.#writing.delete(key) })
      this.#writing.set(key, writing)
    }
    await writing
    return cid
  }

  async #write (cid: CID, content: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
    if (await this.owns(cid)) return
    const bytes = content instanceof Uint8Array ? content : await toBuffer(content)
    try {
      await this.#own.put(cid, bytes)
    } catch (cause) {
      throw new MapReduceError('STORAGE', `cannot write block ${cid} (${bytes.byteLength} bytes) to ${this.#first.name}: ${(cause as Error).message}`, { cause })
    }
  }

  /** Deletes from the own store; absence is no error. */
  override async delete (cid: CID): Promise<void> {
    await this.#own.delete(cid)
  }

  override async * getAll (): AsyncGenerator<Pair> {
    yield * this.#own.getAll()
  }
}
