import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import type { Libp2p } from 'libp2p'
import { runsOf } from './content.ts'
import type { Peer } from './peer.ts'

const PROTOCOL = '/ipmr/benchmark/raw/1.0.0'
const WRITE_BYTES = 256 * 1024
const STREAM_TIMEOUT_MS = 120_000

/** libp2p as it comes, and one stream on it that carries the bytes from memory to nowhere: no hashes, no store, no requests. */
export const rawStreamPeer: Peer = {
  hold: async init => {
    const libp2p = await open()
    const content = await runsOf(init)
    await libp2p.handle(PROTOCOL, async stream => {
      for (const run of content) {
        for (let at = 0; at < run.length; at += WRITE_BYTES) {
          if (!stream.send(run.subarray(at, at + WRITE_BYTES))) await stream.onDrain({ signal: AbortSignal.timeout(STREAM_TIMEOUT_MS) })
        }
      }
      await stream.close()
    })
    return { address: `${libp2p.getMultiaddrs()[0]!}`, cids: [], bytes: content.reduce((sum, run) => sum + run.length, 0) }
  },
  reach: async ({ address }) => {
    const libp2p = await open()
    await libp2p.dial(multiaddr(address))
    return {
      pull: async () => {
        const stream = await libp2p.dialProtocol(multiaddr(address), PROTOCOL)
        let bytes = 0
        for await (const chunk of stream) bytes += chunk.byteLength
        return bytes
      }
    }
  }
}

async function open (): Promise<Libp2p> {
  return await createLibp2p({ addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] }, transports: [tcp()], connectionEncrypters: [noise()], streamMuxers: [yamux()] })
}
