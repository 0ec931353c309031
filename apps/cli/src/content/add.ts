import { existsSync } from 'node:fs'
import { createClosers, createLog } from '@ipfs-mapreduce/service'
import { openOffline } from '../client/client.ts'
import type { CommandContext } from '../commands/context.ts'
import { UsageError } from '../errors.ts'
import { addLocal } from '../input/prepare.ts'
import { createReporter } from '../view/reporter.ts'

export interface AddOptions { chunkSize: number, dataDir: string, quiet?: boolean, json?: boolean }

/** `ipmr add`: each path's CID on a line of its own, pinned. */
export async function add (paths: string[], { chunkSize, dataDir, quiet = false, json = false }: AddOptions, { interrupt, elapsed, print }: CommandContext): Promise<void> {
  const missing = paths.find(path => !existsSync(path))
  if (missing !== undefined) throw new UsageError(`cannot add ${missing}: there is no such file or directory`)
  const log = createLog('ipmr', { level: 'silent', format: 'json' })
  const report = createReporter({ stream: process.stderr, quiet, elapsed })
  const closers = createClosers(log)
  try {
    const { files } = await openOffline(dataDir, log, closers)
    const added: Array<{ path: string, cid: string, bytes: number }> = []
    for (const path of paths) {
      const { cid, bytes } = await addLocal(files, path, { chunkBytes: chunkSize, report, signal: interrupt.signal })
      await files.pin(cid, { signal: interrupt.signal })
      report.done()
      if (json) added.push({ path, cid, bytes })
      else await print(`${cid}\n`)
    }
    if (json) await print(`${JSON.stringify(added, null, 2)}\n`)
  } finally {
    await closers.close()
  }
}
