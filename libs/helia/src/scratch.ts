import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory for temporary files. */
export interface Scratch {
  path: string
  /** Removes it, unless it was somebody's before. */
  remove: () => Promise<void>
}

/** The directory that was chosen, or a new one among the system's temporary files. */
export async function openScratch (chosen: string | undefined): Promise<Scratch> {
  if (chosen !== undefined) return { path: chosen, remove: async () => {} }
  const path = await mkdtemp(join(tmpdir(), 'ipfs-mapreduce-'))
  return { path, remove: async () => { await rm(path, { recursive: true, force: true }) } }
}
