import { createNetwork } from '@ipfs-mapreduce/network'
import { multiaddr } from '@multiformats/multiaddr'
import { runsOf } from './content.ts'
import type { Peer } from './peer.ts'

const PROTOCOL = '/ipmr/benchmark/raw/1.0.0'
const WRITE_BYTES = 256 * 1024
const STREAM_TIMEOUT_MS = 120_000

/** The same node, and one stream on it that carries the bytes from memory to nowhere: no hashes, no store, no requests. */
export const rawStreamPeer: Peer = {
  hold: async init => {
    const network = await createNetwork({ cluster: 'benchmark', mdns: false })
    const content = await runsOf(init)
    await network.libp2p.handle(PROTOCOL, async stream => {
      for (const run of content) {
        for (let at = 0; at < run.length; at += WRITE_BYTES) {
          if (!stream.send(run.subarray(at, at + WRITE_BYTES))) await stream.onDrain({ signal: AbortSignal.timeout(STREAM_TIMEOUT_MS) })
        }
      }
      await stream.close()
    })
    return { address: network.addresses()[0]!, cids: [], bytes: content.reduce((sum, run) => sum + run.length, 0) }
  },
  reach: async ({ address }) => {
    const network = await createNetwork({ cluster: 'benchmark', mdns: false })
    await network.dial(address)
    return {
      pull: async () => {
        const stream = await network.libp2p.dialProtocol(multiaddr(address), PROTOCOL)
        let bytes = 0
        for await (const chunk of stream) bytes += chunk.byteLength
        return bytes
      }
    }
  }
}
