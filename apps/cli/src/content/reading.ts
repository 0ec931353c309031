import type { HeliaFiles } from '@ipfs-mapreduce/blocks'
import type { FileEntry, ReadOptions } from '@ipfs-mapreduce/mapreduce'
import { createClosers, createLog } from '@ipfs-mapreduce/service'
import type { IpfsFlags } from '@ipfs-mapreduce/service'
import { openClient, openOffline, providerOf, reachMaster } from '../client/client.ts'
import type { DoorFlags } from '../commands/options.ts'
import { UsageError } from '../errors.ts'
import { parseContentPath } from '../input/source.ts'
import { explainAbsence } from './absence.ts'

export interface ReadingOptions extends DoorFlags, IpfsFlags { connect?: string, cluster: string, dataDir: string }

/** What a content path names, ready to be read. */
export interface Content {
  files: HeliaFiles
  name: string
  type: 'file' | 'directory'
  /** The file itself with an empty path, or the files below the directory. */
  entries: () => AsyncIterable<FileEntry>
  reading: ReadOptions
}

/** Opens what `typed` names, here or at the master's cluster, for as long as `use` runs. */
export async function withContent (typed: string, options: ReadingOptions, signal: AbortSignal, use: (content: Content) => Promise<void>): Promise<void> {
  const path = parseContentPath(typed)
  if (path === undefined) throw new UsageError(`${typed === '' ? '""' : typed} is no CID: give CID, CID/path, ipfs://CID/path or /ipfs/CID/path`)
  const searched = { ...options, ipfs: options }
  const log = createLog('ipmr', { level: 'silent', format: 'json' })
  const closers = createClosers(log)
  try {
    const { files, providers } = await open(options, log, closers, signal)
    const reading = { signal, providers }
    const { cid, name, type, bytes } = await files.resolve([path.cid, ...path.path].join('/'), reading).catch(explainAbsence(typed, searched))
    async function * itself (): AsyncIterable<FileEntry> { yield { path: '', cid, bytes } }
    await use({ files, name, type, reading, entries: () => type === 'file' ? itself() : files.walk(cid, reading) }).catch(explainAbsence(typed, searched))
  } finally {
    await closers.close()
  }
}

async function open (options: ReadingOptions, log: ReturnType<typeof createLog>, closers: ReturnType<typeof createClosers>, signal: AbortSignal): Promise<{ files: HeliaFiles, providers: string[] }> {
  const { connect, dataDir } = options
  if (connect === undefined) return { files: (await openOffline(dataDir, log, closers, options)).files, providers: [] }
  const { files, network } = await openClient({ ...options, ipfs: options }, log, closers)
  return { files, providers: [providerOf(await reachMaster(network, connect, signal))] }
}
