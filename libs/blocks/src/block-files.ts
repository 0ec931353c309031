import { randomUUID } from 'node:crypto'
import { access, mkdir, open, opendir, rename, rm, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { NextToLast } from 'blockstore-fs/sharding'
import { base32upper } from 'multiformats/bases/base32'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import * as Digest from 'multiformats/hashes/digest'
import type { Layer, Listed, OwnLayer, StoredBlock } from './layer.ts'
import type { Stats } from 'node:fs'

/** Where a file is written before it is a block's; in the same file system, so that it can be renamed. */
const UNFINISHED = '.unfinished'

/**
 * Blocks as files in a directory, named and sharded as blockstore-fs does (`XY/….data`, from the multihash), so that its
 * tools read them. Written and read by hand, because that is up to ten times as fast (tools/benchmark/STORES.md), tells
 * a full disk from other failures, and leaves nothing of a write that failed.
 */
export class BlockFiles implements Layer {
  readonly name: string
  readonly #sharding = new NextToLast()

  constructor (directory: string) {
    this.name = directory
  }

  async has (cid: CID): Promise<boolean> {
    const path = this.pathOf(cid)
    return await access(path).then(() => true, orAbsent(path, false))
  }

  async read (cid: CID): Promise<StoredBlock | undefined> {
    const path = this.pathOf(cid)
    return await readWhole(path).catch(orAbsent(path, undefined))
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
    const path = this.pathOf(cid)
    const unfinished = join(this.name, UNFINISHED, randomUUID())
    try {
      const file = await open(unfinished, 'wx')
      let stamp: string
      try {
        await file.writeFile(bytes)
        stamp = stampOf(await file.stat())
      } finally {
        await file.close()
      }
      await moveTo(unfinished, path)
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
  const file = await open(path, 'r')
  try {
    const stats = await file.stat()
    const bytes = Buffer.allocUnsafeSlow(stats.size)
    for (let at = 0; at < bytes.length;) {
      const { bytesRead } = await file.read(bytes, at)
      if (bytesRead === 0) return { bytes: bytes.subarray(0, at) }
      at += bytesRead
    }
    return { bytes, stamp: stampOf(stats) }
  } finally {
    await file.close()
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
