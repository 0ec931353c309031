import { networkCompliance } from '@ipfs-mapreduce/protocol/compliance'
import type { Libp2pNetwork } from './create-network.ts'
import { createNetwork } from './create-network.ts'

networkCompliance('libp2p', () => {
  const made: Libp2pNetwork[] = []
  return {
    network: async () => {
      const network = await createNetwork({ cluster: 'local' })
      made.push(network)
      return network
    },
    connect: async (a, b) => { await a.dial(b.addresses()[0]!) },
    teardown: async () => { await Promise.all(made.splice(0).map(network => network.close())) }
  }
})
