import { statfs } from 'node:fs/promises'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { blockKey } from './cid.ts'
import { DISK_SHARE, LIST_PAUSE_MS } from './constants.ts'
import type { OwnLayer } from './layer.ts'
import type { Log } from './log.ts'
import type { CID } from 'multiformats/cid'

/** Most bytes of blocks in a store, or `disk`: what it has when it is opened, and DISK_SHARE of what is free then. */
export type MaxBytes = number | 'disk'

/** Blocks, and their bytes together. Empty blocks need no room, and are left out. */
export interface Held {
  bytes: number
  blocks: number
}

export interface SpaceInit {
  layer: OwnLayer
  maxBytes: MaxBytes
  /** What the store holds, where it is known; else it is counted. */
  known?: Held
  log: Log
}

/**
 * The bytes of a store's blocks, and the bound that they keep to. Blocks that were made here, or fetched to stay, are *held*
 * until they are deleted. Others are a cache: they are dropped for new ones where room is short, the least recently used
 * first, and none that is pinned.
 */
export class Space {
  readonly #layer: OwnLayer
  readonly #log: Log
  readonly #held = new Set<string>()
  /** What may be dropped, the least recently used first; undefined until room was short for the first time. */
  #droppable: Map<string, CID> | undefined
  #listedMs = -Infinity
  #makingRoom: Promise<void> | undefined
  #usedBytes = 0
  #usedBlocks = 0
  #maxBytes = 0
  #isMeasured = false
  readonly #measured: Promise<void>
  /** Deletes a block unless it is pinned or held. */
  #drop: (cid: CID) => Promise<void> = async () => {}

  constructor (init: SpaceInit) {
    this.#layer = init.layer
    this.#log = init.log
    this.#measured = this.#measure(init)
    // A failure is met by whoever writes.
    this.#measured.catch(() => {})
  }

  /** All blocks, and the bytes that they may take; undefined while they are not counted. */
  get used (): Held & { maxBytes: number } | undefined {
    return this.#isMeasured ? { bytes: this.#usedBytes, blocks: this.#usedBlocks, maxBytes: this.#maxBytes } : undefined
  }

  /** The same, when they are counted; undefined where they cannot be. */
  async counted (): Promise<Held | undefined> {
    await this.#measured.catch(() => {})
    return this.used
  }

  dropBy (drop: (cid: CID) => Promise<void>): void {
    this.#drop = drop
  }

  /** Takes the bytes of a block that is about to be written; false where there is no room for them. */
  async take (bytes: number): Promise<boolean> {
    await this.#measured
    while (this.#usedBytes + bytes > this.#maxBytes) if (!await this.#makeRoom(bytes)) return false
    this.#usedBytes += bytes
    if (bytes > 0) this.#usedBlocks++
    return true
  }

  /** What is told where a block found no room. */
  refusal (cid: CID, bytes: number): MapReduceError {
    return new MapReduceError('STORAGE', `block ${cid} of ${bytes} bytes does not fit: ${bytesText(this.#usedBytes)} of ${bytesText(this.#maxBytes)} in ${this.#layer.name} are used, by what jobs and pins need; allow more with --max-storage, or wait until jobs have ended`)
  }

  /** Gives back the bytes of a block that was deleted, or not written after all. */
  give (bytes: number): void {
    this.#usedBytes -= bytes
    if (bytes > 0) this.#usedBlocks--
  }

  hold (cid: CID): void {
    this.#held.add(blockKey(cid))
    this.#droppable?.delete(blockKey(cid))
  }

  release (cid: CID): void {
    this.#held.delete(blockKey(cid))
  }

  isHeld (cid: CID): boolean {
    return this.#held.has(blockKey(cid))
  }

  /** A block is here that may be dropped later than all others. */
  touch (cid: CID): void {
    if (this.#droppable === undefined || this.isHeld(cid)) return
    const key = blockKey(cid)
    this.#droppable.delete(key)
    this.#droppable.set(key, cid)
  }

  forget (cid: CID): void {
    this.#held.delete(blockKey(cid))
    this.#droppable?.delete(blockKey(cid))
  }

  async #measure ({ layer, maxBytes, known }: SpaceInit): Promise<void> {
    const { bytes, blocks } = known ?? await this.#count()
    this.#usedBytes = bytes
    this.#usedBlocks = blocks
    this.#maxBytes = maxBytes === 'disk' ? this.#usedBytes + DISK_SHARE * await freeBytes(layer.name) : maxBytes
    this.#isMeasured = true
  }

  async #count (): Promise<Held> {
    const held = { bytes: 0, blocks: 0 }
    for await (const { bytes } of this.#layer.list()) {
      held.bytes += bytes
      if (bytes > 0) held.blocks++
    }
    return held
  }

  /** Whether it was worth while to look. One caller looks for all who wait. */
  async #makeRoom (bytes: number): Promise<boolean> {
    if (this.#makingRoom === undefined) {
      if (this.#droppable?.size === 0 && performance.now() - this.#listedMs < LIST_PAUSE_MS) return false
      this.#makingRoom = this.#dropFor(bytes).finally(() => { this.#makingRoom = undefined })
    }
    await this.#makingRoom
    return true
  }

  async #dropFor (bytes: number): Promise<void> {
    if (this.#droppable === undefined || this.#droppable.size === 0) await this.#listDroppable()
    const before = this.#usedBytes
    for (const [key, cid] of this.#droppable!) {
      if (this.#usedBytes + bytes <= this.#maxBytes) break
      this.#droppable!.delete(key)
      await this.#drop(cid)
    }
    this.#log.debug({ store: this.#layer.name, bytes: before - this.#usedBytes }, 'blocks that nothing needs were dropped to make room')
  }

  async #listDroppable (): Promise<void> {
    const found = []
    for await (const block of this.#layer.list()) if (!this.isHeld(block.cid)) found.push(block)
    found.sort((a, b) => a.usedMs - b.usedMs)
    this.#droppable = new Map(found.map(({ cid }) => [blockKey(cid), cid]))
    this.#listedMs = performance.now()
  }
}

async function freeBytes (directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize
}

function bytesText (bytes: number): string {
  const unit = bytes < 2 ** 20 ? 'KiB' : bytes < 2 ** 30 ? 'MiB' : 'GiB'
  const size = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }[unit]
  return `${Number((bytes / size).toFixed(1))} ${unit}`
}
