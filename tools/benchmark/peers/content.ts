import { readFile } from 'node:fs/promises'
import type { ContentInit } from './peer.ts'

/** The runs, one after the other: text, as much of what is shuffled is; no two are equal. */
export async function runsOf ({ path, runBytes }: ContentInit): Promise<Uint8Array[]> {
  const content = await readFile(path)
  return Array.from({ length: Math.ceil(content.byteLength / runBytes) }, (_, run) => content.subarray(run * runBytes, (run + 1) * runBytes))
}
