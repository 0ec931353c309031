import { createFiles, openStore } from '@ipfs-mapreduce/blocks'
import type { HeliaFiles } from '@ipfs-mapreduce/blocks'
import { createNetwork } from '@ipfs-mapreduce/network'
import type { Libp2pNetwork } from '@ipfs-mapreduce/network'
import { runContent } from './content.ts'
import type { Peer } from './peer.ts'

const CLUSTER = 'benchmark'
/** As many as a reduce attempt fetches at once. */
const FETCHES_AT_ONCE = 4

/** What a mapper and a reducer do: runs are in a block store, are fetched by hash, and are stored. */
export const shufflePeer: Peer = {
  hold: async ({ directory, runs, runBytes }) => {
    const { network, files } = await open(directory)
    const cids: string[] = []
    for (let run = 0; run < runs; run++) cids.push((await files.put([runContent({ runBytes }, run)])).cid)
    return { address: network.addresses()[0]!, cids, bytes: runs * runBytes }
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
  const network = await createNetwork({ cluster: CLUSTER, mdns: false })
  const store = await openStore(directory)
  return { network, files: await createFiles({ libp2p: network.libp2p, store }) }
}
