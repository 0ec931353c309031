import { setTimeout as pause } from 'node:timers/promises'
import { blockKey } from '@ipfs-mapreduce/blocks'
import type { CID } from 'multiformats/cid'

/** Ways to find out which blocks are somewhere. */
export interface LocateInit {
  /** Whether one block is there. Never rejects. */
  has: (cid: CID) => Promise<boolean>
  /** All blocks that are there, of whatever codec. Rejects where they cannot be listed, and when the signal is raised. */
  list: (signal: AbortSignal) => AsyncIterable<CID>
  /** Questions for single blocks at once. */
  maxAsking: number
  /** How long the list may take before questions are asked, too: they slow it down. */
  headStartMs: number
  /** What is not known when it is raised counts as absent. */
  signal: AbortSignal
}

/**
 * Which of many blocks are there, found out in two ways, of which the quicker one ends both: the list of all, which is as long as
 * the store is large, and, if that takes its time or cannot be had, a question for each.
 */
export async function locate (cids: readonly CID[], { has, list, maxAsking, headStartMs, signal }: LocateInit): Promise<boolean[]> {
  const left = new Map(cids.map(cid => [blockKey(cid), cid]))
  const ended = new AbortController()
  const stopped = AbortSignal.any([signal, ended.signal])
  const held = new Set<string>()
  const found = (key: string): void => {
    if (left.delete(key)) held.add(key)
  }
  const listing = async (): Promise<void> => {
    for await (const cid of list(stopped)) {
      found(blockKey(cid))
      if (left.size === 0) return
    }
    // What it does not name is not there.
    left.clear()
  }
  const next = left.entries()
  const asking = async (): Promise<void> => {
    for (const [key, cid] of next) {
      if (stopped.aborted) return
      if (await has(cid)) found(key)
    }
  }
  const listed = listing()
  const asked = async (): Promise<void> => {
    await Promise.race([listed, pause(headStartMs, undefined, { signal: stopped })]).catch(() => {})
    await Promise.all(Array.from({ length: left.size === 0 ? 0 : maxAsking }, asking))
  }
  await Promise.any([listed, asked()])
  ended.abort()
  return cids.map(cid => held.has(blockKey(cid)))
}
