import { collectGarbage } from '@ipfs-mapreduce/blocks'
import type { CommandContext } from '../commands/context.ts'
import { UsageError } from '../errors.ts'
import { parseContentPath } from '../input/source.ts'
import { formatBytes } from '../options/parse.ts'
import { openWholeRepo } from '../repo.ts'
import { formatCount, plural } from '../view/format.ts'

export interface GcOptions { dataDir: string, dryRun?: boolean, json?: boolean }

/** `ipmr gc`: what nobody asked to keep goes. */
export async function gc (typed: string[], { dataDir, dryRun = false, json = false }: GcOptions, { interrupt: { signal }, print }: CommandContext): Promise<void> {
  const unpin = typed.map(cidOf)
  const stores = await openWholeRepo(dataDir)
  const total = { blocks: 0, bytes: 0, kept: 0 }
  const notKept = new Set(unpin)
  try {
    for (const store of stores) {
      const { blocks, bytes, kept, released } = await collectGarbage(store, { unpin, dryRun, signal })
      total.blocks += blocks
      total.bytes += bytes
      total.kept += kept
      for (const cid of released) notKept.delete(cid)
    }
  } finally {
    for (const store of stores) await store.close()
  }
  for (const cid of notKept) process.stderr.write(`ipmr: ${cid} is nothing that ipmr add or ipmr run kept here, so there was nothing to let go of\n`)
  const verb = dryRun ? 'would remove' : 'removed'
  await print(json ? `${JSON.stringify({ ...total, notKept: [...notKept], dryRun }, null, 2)}\n` : `${verb} ${plural(total.blocks, 'block')}, ${formatBytes(total.bytes)}; ${formatCount(total.kept)} stay\n`)
}

function cidOf (typed: string): string {
  const found = parseContentPath(typed)
  if (found === undefined || found.path.length > 0) throw new UsageError(`${typed} is no CID: name what ipmr add or ipmr run printed`)
  return found.cid
}
