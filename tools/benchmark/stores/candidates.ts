import { createRequire } from 'node:module'
import { mkdir, open as openFile, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openStore } from '@ipfs-mapreduce/blocks'
import { NextToLast } from 'blockstore-fs/sharding'
import toBuffer from 'it-to-buffer'
import type { CID } from 'multiformats/cid'

/** A store of blocks that is measured, in a process that has loaded what a service loads: garbage is collected at that price. */
export interface Candidate {
  put: (cid: CID, bytes: Uint8Array) => Promise<unknown>
  get: (cid: CID) => Promise<Uint8Array | undefined>
  delete: (cid: CID) => Promise<unknown>
  /** Bytes of all blocks, as they are found when a store is opened. */
  total: () => Promise<number>
  close: () => Promise<void>
}

type Open = (directory: string) => Promise<Candidate>

/** Loads a store's modules; `modules` is a folder in which those that the project does not need are installed. Throws where they are not. */
export async function candidate (name: string, modules: string | undefined): Promise<Open> {
  const load = CANDIDATES[name]
  if (load === undefined) throw new Error(`no store is called ${name}: ${Object.keys(CANDIDATES).join(', ')}`)
  return await load(modules)
}

export const CANDIDATES: Record<string, (modules?: string) => Promise<Open>> = {
  'this project': async () => ours, 'blockstore-fs': blockstoreFs, 'plain files': async () => plainFiles, LevelDB: levelDb, LMDB: lmdb
}

const key = (cid: CID): Uint8Array => cid.multihash.bytes
const sharding = new NextToLast()

/** What the services use: bounded, with its check of each block's hash. */
async function ours (directory: string): Promise<Candidate> {
  const store = await openStore(directory, { maxBytes: 'disk' })
  const { blockstore } = store
  return {
    put: (cid, bytes) => blockstore.put(cid, bytes),
    get: cid => blockstore.read(cid),
    delete: cid => blockstore.delete(cid),
    total: async () => await store.storedBytes() ?? NaN,
    close: () => store.close()
  }
}

async function blockstoreFs (): Promise<Open> {
  const { FsBlockstore } = await import('blockstore-fs')
  return async directory => {
    const store = new FsBlockstore(directory)
    await store.open()
    return {
      put: (cid, bytes) => store.put(cid, bytes),
      get: async cid => await store.has(cid) ? await toBuffer(store.get(cid)) : undefined,
      delete: cid => store.delete(cid),
      total: async () => await bytesOfFiles(directory),
      close: () => store.close()
    }
  }
}

/** The same files, written and read with as few calls as there can be. */
async function plainFiles (directory: string): Promise<Candidate> {
  const known = new Set<string>()
  const written = join(directory, '.new')
  await mkdir(written, { recursive: true })
  let next = 0
  const pathOf = (cid: CID): string => {
    const { dir, file } = sharding.encode(cid)
    return join(directory, dir, file)
  }
  return {
    put: async (cid, bytes) => {
      const temporary = join(written, String(next++))
      const file = await openFile(temporary, 'wx')
      try {
        await file.write(bytes)
      } finally {
        await file.close()
      }
      const { dir } = sharding.encode(cid)
      if (!known.has(dir)) {
        await mkdir(join(directory, dir), { recursive: true })
        known.add(dir)
      }
      await rename(temporary, pathOf(cid))
    },
    get: async cid => await readFile(pathOf(cid)).catch(absent),
    delete: async cid => { await unlink(pathOf(cid)) },
    total: async () => await bytesOfFiles(directory),
    close: async () => { await rm(written, { recursive: true }) }
  }
}

async function levelDb (): Promise<Open> {
  const { ClassicLevel } = await import('classic-level')
  return async directory => {
    const level = new ClassicLevel<Uint8Array, Uint8Array>(directory, { keyEncoding: 'view', valueEncoding: 'view', compression: false })
    await level.open()
    return {
      put: (cid, bytes) => level.put(key(cid), bytes),
      get: cid => level.get(key(cid)),
      delete: cid => level.del(key(cid)),
      total: async () => {
        let bytes = 0
        for await (const value of level.values()) bytes += value.byteLength
        return bytes
      },
      close: () => level.close()
    }
  }
}

async function lmdb (modules = process.cwd()): Promise<Open> {
  const path = createRequire(join(modules, 'index.js')).resolve('lmdb')
  const { open } = await import(pathToFileURL(path).href) as { open: (options: object) => Lmdb }
  return async directory => {
    // Compression and its shared structures are for records; blocks are bytes.
    const db = open({ path: directory, encoding: 'binary', keyEncoding: 'binary', compression: false })
    return {
      put: (cid, bytes) => db.put(key(cid), bytes),
      get: async cid => db.getBinary(key(cid)),
      delete: cid => db.remove(key(cid)),
      total: async () => {
        let bytes = 0
        for (const { value } of db.getRange()) bytes += value.byteLength
        return bytes
      },
      close: () => db.close()
    }
  }
}

/** The part of lmdb-js that is used here. */
interface Lmdb {
  put: (key: Uint8Array, value: Uint8Array) => Promise<boolean>
  getBinary: (key: Uint8Array) => Uint8Array | undefined
  remove: (key: Uint8Array) => Promise<boolean>
  getRange: () => Iterable<{ value: Uint8Array }>
  close: () => Promise<void>
}

function absent (error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

async function bytesOfFiles (directory: string): Promise<number> {
  let bytes = 0
  for (const { name, parentPath } of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (name.endsWith('.data')) bytes += (await stat(join(parentPath, name))).size
  }
  return bytes
}
