import { existsSync } from 'node:fs'
import type { Daemon } from '@ipfs-mapreduce/kubo'
import { createClosers, createLog } from '@ipfs-mapreduce/service'
import type { Closers, Log } from '@ipfs-mapreduce/service'
import { openOffline } from '../client/client.ts'
import { meetDaemon } from '../client/ipfs.ts'
import type { CommandContext } from '../commands/context.ts'
import { UsageError } from '../errors.ts'
import { addLocal } from '../input/prepare.ts'
import type { Adder } from '../input/prepare.ts'
import { createReporter } from '../view/reporter.ts'

export interface AddOptions { chunkSize: number, dataDir: string, ipfsApi?: string, quiet?: boolean, json?: boolean }

/** `ipmr add`: each path's CID on a line of its own, pinned in this machine's repo, or in an IPFS daemon alone. */
export async function add (paths: string[], { chunkSize, dataDir, ipfsApi, quiet = false, json = false }: AddOptions, { interrupt, elapsed, print }: CommandContext): Promise<void> {
  const missing = paths.find(path => !existsSync(path))
  if (missing !== undefined) throw new UsageError(`cannot add ${missing === '' ? '""' : missing}: there is no such file or directory`)
  const log = createLog('ipmr', { level: 'silent', format: 'json' })
  const report = createReporter({ stream: process.stderr, quiet, elapsed })
  const closers = createClosers(log)
  try {
    const daemon = ipfsApi === undefined ? undefined : await meetDaemon(ipfsApi, log)
    const adder = daemon === undefined ? await intoRepo(dataDir, log, closers) : intoDaemon(daemon)
    const added: Array<{ path: string, cid: string, bytes: number }> = []
    for (const path of paths) {
      const { cid, bytes } = await addLocal(adder, path, { chunkBytes: chunkSize, report, signal: interrupt.signal })
      report.done()
      if (json) added.push({ path, cid, bytes })
      else await print(`${cid}\n`)
    }
    if (json) await print(`${JSON.stringify(added, null, 2)}\n`)
  } finally {
    await closers.close()
  }
}

async function intoRepo (dataDir: string, log: Log, closers: Closers): Promise<Adder> {
  const { files } = await openOffline(dataDir, log, closers)
  return async (path, { signal, ...options }) => {
    const added = await files.addPath(path, options)
    await files.pin(added.cid, { ...signal !== undefined && { signal } })
    return added
  }
}

function intoDaemon (daemon: Daemon): Adder {
  return async (path, options) => await daemon.add(path, options)
}
