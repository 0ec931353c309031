import { stat } from 'node:fs/promises'
import type { Added, AddPathOptions, HeliaFiles } from '@ipfs-mapreduce/blocks'
import type { ReadOptions } from '@ipfs-mapreduce/mapreduce'
import type { IpfsFlags } from '@ipfs-mapreduce/service'
import { explainAbsence } from '../content/absence.ts'
import type { Reporter } from '../view/reporter.ts'
import { isWhole, refuseCollisions } from './source.ts'
import type { InputSource } from './source.ts'

export interface PrepareOptions extends ReadOptions {
  chunkBytes: number
  report: Reporter
  /** Where to say that content is missing, if it is, and whether a cluster was asked too. */
  dataDir: string
  connect?: string
  ipfs?: IpfsFlags
}

interface Prepared { name: string, cid: string, bytes: number, type: 'file' | 'directory' }

/** Puts local inputs into the repo and makes one CID of them all. */
export async function prepareInput (files: HeliaFiles, sources: InputSource[], options: PrepareOptions): Promise<string> {
  const [only] = sources
  // Whether it is a file or a directory, it is the input as it is: the planner finds out which.
  if (sources.length === 1 && only?.kind === 'content' && only.path.length === 0) return only.cid
  refuseCollisions(sources)
  const prepared: Prepared[] = []
  for (const source of sources) prepared.push(await prepareOne(files, source, options))
  const [first] = prepared
  if (only !== undefined && first !== undefined && prepared.length === 1 && isWhole(only, first.type)) return first.cid
  return await files.directory(prepared.map(({ name, cid, bytes }) => ({ name, cid, bytes })))
}

async function prepareOne (files: HeliaFiles, source: InputSource, options: PrepareOptions): Promise<Prepared> {
  const { name } = source
  if (source.kind === 'local') {
    const type = (await stat(source.path)).isDirectory() ? 'directory' : 'file'
    return { name, type, ...await addLocal(async (path, how) => await files.addPath(path, how), source.path, options) }
  }
  options.report.step(`looking up ${source.typed}`)
  const { cid, bytes, type } = await files.resolve([source.cid, ...source.path].join('/'), options).catch(explainAbsence(source.typed, options))
  return { name, cid, bytes, type }
}

/** Puts a local path where it is to be. */
export type Adder = (path: string, options: AddPathOptions & { signal?: AbortSignal }) => Promise<Added>

/** Adds a file or a directory tree of this machine. */
export async function addLocal (add: Adder, path: string, { chunkBytes, report, signal }: Pick<PrepareOptions, 'chunkBytes' | 'report' | 'signal'>): Promise<{ cid: string, bytes: number }> {
  return await add(path, {
    chunkBytes,
    ...signal !== undefined && { signal },
    onProgress: bytes => {
      signal?.throwIfAborted()
      report.bytes(`adding ${path}`, bytes)
    },
    onSkipped: (skipped, reason) => { report.note(`left out ${skipped}: ${reason}`) }
  })
}
