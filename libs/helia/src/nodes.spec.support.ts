import { gossipsub } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createHelia } from 'helia'

/** A Helia node as somebody makes it who wants no public network: TCP on loopback, and gossipsub unless told otherwise. */
export async function heliaNode ({ pubsub = true, maxEarlyStreams }: { pubsub?: boolean, maxEarlyStreams?: number } = {}) {
  return await createHelia({
    http: { delegatedRouters: [], recursiveGateways: [] },
    libp2p: {
      addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux({ ...maxEarlyStreams !== undefined && { maxEarlyStreams } })],
      peerDiscovery: [],
      services: { identify: identify(), ...pubsub && { pubsub: gossipsub() } }
    }
  }).start()
}

export type Node = Awaited<ReturnType<typeof heliaNode>>
