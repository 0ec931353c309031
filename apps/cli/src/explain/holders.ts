import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { MAX_CIDS_PER_QUERY } from '@ipfs-mapreduce/protocol'
import type { Network, WorkerStatus } from '@ipfs-mapreduce/protocol'

/** Who holds which of the blocks that were asked for. */
export interface Holder {
  /** A worker's peer id, or what a person calls it. */
  name: string
  held: Set<string>
}

/** Asks each mapper, as a master does. One that cannot be reached from here holds nothing that is known. */
export async function askHolders (network: Network, mappers: WorkerStatus[], blocks: string[], signal: AbortSignal): Promise<Holder[]> {
  return await Promise.all(mappers.map(async ({ peer, addresses }) => {
    const held = new Set<string>()
    const at = addresses.find(address => address.endsWith(`/p2p/${peer}`)) ?? peer
    try {
      for (let from = 0; from < blocks.length; from += MAX_CIDS_PER_QUERY) {
        const cids = blocks.slice(from, from + MAX_CIDS_PER_QUERY)
        const answer = await network.request(at, { type: 'blocksQuery', cids }, { signal })
        if (answer.type !== 'blocksHeld') throw new MapReduceError('REFUSED', `${peer} answered blocksQuery with ${answer.type}`)
        cids.forEach((cid, index) => { if (answer.held[index] === true) held.add(cid) })
      }
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof MapReduceError)) throw error
      return { name: `${peer} (did not answer)`, held }
    }
    return { name: peer, held }
  }))
}
