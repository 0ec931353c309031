import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'
import { messageOf } from './failure.ts'

/** A peer that is said to have content. */
export interface FoundPeer {
  peer: PeerId
  addresses: Multiaddr[]
}

/** One way to look for who has a block. */
export interface Search {
  /** As it is named to a person: `its DHT`. */
  name: string
  /** Resolves when there is somebody to ask; rejects with why nobody is, or when the signal aborts. */
  ready: (signal: AbortSignal) => Promise<void>
  run: (cid: CID, signal: AbortSignal) => AsyncIterable<FoundPeer>
  stop: () => Promise<void>
}

interface Question {
  cid: CID
  found: (peer: FoundPeer) => void
  signal: AbortSignal
  /** Counts from when there is somebody to ask. */
  searchTimeoutMs: number
}

/** Tells of who is said to have a block. Resolves to why it could not be asked; to nothing where it was, or where the signal aborts. */
export async function ask (search: Search, { cid, found, signal, searchTimeoutMs }: Question): Promise<string[]> {
  try {
    await search.ready(signal)
    const timeout = AbortSignal.timeout(searchTimeoutMs)
    try {
      for await (const peer of search.run(cid, AbortSignal.any([signal, timeout]))) {
        if (signal.aborted) break
        found(peer)
      }
    } catch (error) {
      if (timeout.aborted) throw new Error(`it did not end its search in ${searchTimeoutMs / 1000} s`, { cause: error })
      throw error
    }
    return []
  } catch (error) {
    // A router that knows nobody says so with an error.
    if (signal.aborted || (error as Error).name === 'NotFoundError') return []
    return [`${search.name}: ${messageOf(error)}`]
  }
}
