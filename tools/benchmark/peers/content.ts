import { textChunks } from '../inputs/text.ts'
import type { ContentInit } from './peer.ts'

/** The bytes of each run: text, as much of what is shuffled is; no two runs are equal. */
export function runContent ({ runBytes }: Pick<ContentInit, 'runBytes'>, run: number): Uint8Array {
  return Buffer.concat([...textChunks({ bytes: runBytes, seed: 1 + run })])
}
