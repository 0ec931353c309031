import { createFiles, openStore } from '@ipfs-mapreduce/blocks'
import type { HeliaFiles } from '@ipfs-mapreduce/blocks'
import { createNetwork } from '@ipfs-mapreduce/network'
import type { Libp2pNetwork } from '@ipfs-mapreduce/network'
import { countBlocksAsHeap } from '@ipfs-mapreduce/service'
import { runsOf } from './content.ts'
import type { Peer } from './peer.ts'

const CLUSTER = 'benchmark'
/** As many as a reduce attempt fetches at once. */
const FETCHES_AT_ONCE = 4

/** What a mapper and a reducer do: runs are in a block store, are fetched by hash, and are stored. */
export const shufflePeer: Peer = {
  hold: async init => {
    const { network, files } = await open(init.directory)
    const cids: string[] = []
    let bytes = 0
    for (const run of await runsOf(init)) {
      cids.push((await files.put([run])).cid)
      bytes += run.length
    }
    return { address: network.addresses()[0]!, cids, bytes }
  },
  reach: async ({ address, cids }, directory) => {
    const { network, files } = await open(directory)
    await network.dial(address)
    return {
      pull: async () => {
        const queue = [...cids]
        let bytes = 0
        const fetchNext = async (): Promise<void> => {
          for (let cid = queue.shift(); cid !== undefined; cid = queue.shift()) {
            const fetched = await files.fetch(cid, { providers: [address] })
            bytes += fetched.bytes
          }
        }
        await Promise.all(Array.from({ length: FETCHES_AT_ONCE }, fetchNext))
        return bytes
      }
    }
  }
}

async function open (directory: string): Promise<{ network: Libp2pNetwork, files: HeliaFiles }> {
  // As services do.
  countBlocksAsHeap()
  const network = await createNetwork({ cluster: CLUSTER, mdns: false })
  const store = await openStore(directory)
  return { network, files: await createFiles({ libp2p: network.libp2p, store }) }
}
