import { randomUUID } from 'node:crypto'
import { access, close, closeSync, fstatSync, linkSync, open, read, statSync, unlinkSync, write } from 'node:fs'
import { mkdir, opendir, rename, rm, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { NextToLast } from 'blockstore-fs/sharding'
import { base32upper } from 'multiformats/bases/base32'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import * as Digest from 'multiformats/hashes/digest'
import { UNFINISHED } from './constants.ts'
import { KnownStamps } from './known-stamps.ts'
import { Looking } from './looking.ts'
import type { Judge, Layer, Listed, OwnLayer, Part, StoredBlock } from './layer.ts'
import type { Log } from './log.ts'
import type { Stats } from 'node:fs'

/** By descriptors: the handles of `fs/promises` cost as much again as reading 256 KiB does. */
const [accessFile, openFile, readFile, writeFile, closeFile] = [promisify(access), promisify(open), promisify(read), promisify(write), promisify(close)]

/**
 * Blocks as files in a directory, named and sharded as blockstore-fs does (`XY/….data`, from the multihash), so that its
 * tools read them. Written and read by hand, because that is up to ten times as fast (tools/benchmark/STORES.md), tells
 * a full disk from other failures, and leaves nothing of a write that failed.
 */
export class BlockFiles implements Layer {
  readonly name: string
  readonly #sharding = new NextToLast()
  readonly #looking = new Looking()
  protected readonly known: KnownStamps

  constructor (directory: string) {
    this.name = directory
    this.known = new KnownStamps(directory)
  }

  async has (cid: CID): Promise<boolean> {
    const path = this.pathOf(cid)
    return await accessFile(path).then(() => true, orAbsent(path, false))
  }

  async read (cid: CID): Promise<StoredBlock | undefined> {
    const path = this.pathOf(cid)
    return await readWhole(path).catch(orAbsent(path, undefined))
  }

  async readPart (cid: CID, part: Part, knows: Judge['knows']): Promise<Uint8Array | undefined> {
    const path = this.pathOf(cid)
    return await readSound(path, part, knows).catch(orAbsent(path, undefined))
  }

  stamp (cid: CID): string | undefined {
    const path = this.pathOf(cid)
    try {
      const stats = statSync(path, { throwIfNoEntry: false })
      return stats && stampOf(stats)
    } catch (error) {
      return orAbsent(path, undefined)(error as NodeJS.ErrnoException)
    }
  }

  wasSound (key: string, stamp: string): boolean {
    return this.known.has(key, stamp)
  }

  /** A second name of the block's file: it takes no room, and outlives the first. */
  async link (cid: CID, path: string, { knows, isSound }: Judge): Promise<number | undefined> {
    try {
      // At once, as `stamp`: it takes a tenth of the time of asking another thread for it.
      linkSync(this.pathOf(cid), path)
    } catch {
      // Absent, in another file system, or somebody else's.
      return undefined
    }
    const stats = statSync(path)
    const stamp = stampOf(stats)
    // What cannot be looked at cannot be read either, and that says why.
    if (knows(stamp) || await this.#looking.at(path, stats.size, async bytes => await isSound(bytes, stamp)).catch(() => false)) return stats.size
    unlinkSync(path)
    return undefined
  }

  protected pathOf (cid: CID): string {
    const { dir, file } = this.#sharding.encode(cid)
    return join(this.name, dir, file)
  }

  protected cidOf (file: string): CID | undefined {
    if (!file.endsWith(this.#sharding.extension)) return undefined
    try {
      return CID.createV1(raw.code, Digest.decode(base32upper.decode(file.slice(0, -this.#sharding.extension.length))))
    } catch {
      // Somebody else's: a file manager leaves `._….data` beside each file that it copies.
      return undefined
    }
  }
}

/** A directory of blocks that this process alone writes. */
export class OwnBlockFiles extends BlockFiles implements OwnLayer {
  /** Makes the directory, and clears what a killed process was writing. */
  async open (): Promise<void> {
    const unfinished = join(this.name, UNFINISHED)
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { recursive: true })
  }

  /** Writes to a file of its own and renames it, so that a killed process leaves whole blocks only. */
  async write (cid: CID, bytes: Uint8Array): Promise<string> {
    return (await this.#place(cid, async unfinished => await writeWhole(unfinished, bytes)))!
  }

  async adopt (cid: CID, make: (path: string) => Promise<boolean>): Promise<string | undefined> {
    return await this.#place(cid, async unfinished => await make(unfinished) ? stampOf(statSync(unfinished)) : undefined)
  }

  /** Makes the block's file of what `make` leaves at a path, if it tells its stamp. */
  async #place (cid: CID, make: (unfinished: string) => Promise<string | undefined>): Promise<string | undefined> {
    const unfinished = join(this.name, UNFINISHED, randomUUID())
    try {
      const stamp = await make(unfinished)
      if (stamp !== undefined) await moveTo(unfinished, this.pathOf(cid))
      return stamp
    } catch (error) {
      await rm(unfinished, { force: true })
      throw error
    }
  }

  async delete (cid: CID): Promise<number> {
    const path = this.pathOf(cid)
    try {
      const { size } = await stat(path)
      await unlink(path)
      return size
    } catch (error) {
      return orAbsent(path, 0)(error as NodeJS.ErrnoException)
    }
  }

  noteSound (key: string, stamp: string, log: Log): void {
    this.known.add(key, stamp, log)
  }

  async keepSound (sound: ReadonlyMap<string, string>, log: Log): Promise<void> {
    await this.known.keep(sound, log)
  }

  /** As the file system knows them; one that keeps no access times lists by age. Clears what blockstore-fs left unfinished. */
  async * list (): AsyncGenerator<Listed> {
    for await (const shard of await opendir(this.name)) {
      if (!shard.isDirectory() || shard.name === UNFINISHED) continue
      for await (const { name } of await opendir(join(this.name, shard.name))) {
        const path = join(this.name, shard.name, name)
        if (name.startsWith('.') && name.endsWith('.tmp')) await rm(path, { force: true })
        const cid = this.cidOf(name)
        const found = cid === undefined ? undefined : await stat(path).catch(orAbsent(path, undefined))
        if (cid !== undefined && found?.isFile() === true) yield { cid, bytes: found.size, usedMs: Math.max(found.atimeMs, found.mtimeMs) }
      }
    }
  }
}

async function readWhole (path: string): Promise<StoredBlock> {
  const file = await openFile(path, 'r')
  try {
    // What the system knows of an open file it has in memory; and closing one that was read waits for nothing.
    const stats = fstatSync(file)
    const bytes = await readBytes(file, 0, stats.size)
    return bytes.length < stats.size ? { bytes } : { bytes, stamp: stampOf(stats) }
  } finally {
    closeSync(file)
  }
}

/** `undefined` where the file is not the one that is known, or not as long. */
async function readSound (path: string, { start, end, blockBytes }: Part, knows: Judge['knows']): Promise<Uint8Array | undefined> {
  const file = await openFile(path, 'r')
  try {
    const stats = fstatSync(file)
    if (stats.size !== blockBytes || !knows(stampOf(stats))) return undefined
    const bytes = await readBytes(file, start, end - start)
    return bytes.length < end - start ? undefined : bytes
  } finally {
    closeSync(file)
  }
}

/** Fewer bytes where the file ends before. */
async function readBytes (file: number, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length)
  for (let at = 0; at < length;) {
    const { bytesRead } = await readFile(file, bytes, at, length - at, start + at)
    if (bytesRead === 0) return bytes.subarray(0, at)
    at += bytesRead
  }
  return bytes
}

/** Writes a new file; resolves with its stamp. */
async function writeWhole (path: string, bytes: Uint8Array): Promise<string> {
  const file = await openFile(path, 'wx')
  try {
    for (let at = 0; at < bytes.length;) at += (await writeFile(file, bytes, at)).bytesWritten
    return stampOf(fstatSync(file))
  } finally {
    // Some file systems write, and say that they are full, no earlier than here.
    await closeFile(file)
  }
}

async function moveTo (from: string, path: string): Promise<void> {
  try {
    await rename(from, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    await mkdir(dirname(path), { recursive: true })
    await rename(from, path)
  }
}

/** What changes when a file is written anew. */
function stampOf ({ ino, size, mtimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs}`
}

/** `value` where a file is not there; everything else is a failure of the disk. */
function orAbsent <T> (path: string, value: T): (cause: NodeJS.ErrnoException) => T {
  return cause => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return value
    throw new MapReduceError('STORAGE', `cannot use block file ${path}: ${cause.message}`, { cause })
  }
}
