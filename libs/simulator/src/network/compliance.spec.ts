import { networkCompliance } from '@ipfs-mapreduce/protocol/compliance'
import { createClock } from '../clock.ts'
import { pace } from '../pace.ts'
import { createRandom } from '../prng.ts'
import { createVirtualNetwork } from './virtual-network.ts'

networkCompliance('a virtual peer', () => {
  const clock = createClock()
  const network = createVirtualNetwork({ clock, random: createRandom('compliance') })
  const stop = pace(clock)
  let joined = 0
  return {
    network: async () => network.join(`p${++joined}`),
    connect: async (a, b) => { await a.dial(b.addresses()[0]!) },
    teardown: stop
  }
})
