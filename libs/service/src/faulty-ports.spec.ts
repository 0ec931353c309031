import { createFiles, openStore } from '@ipfs-mapreduce/blocks'
import { injectFaults, parseFaults, seededRandom, type FaultInjection } from '@ipfs-mapreduce/faults'
import { filesCompliance } from '@ipfs-mapreduce/mapreduce/compliance'
import { createNetwork } from '@ipfs-mapreduce/network'
import { networkCompliance } from '@ipfs-mapreduce/protocol/compliance'
import type { Network } from '@ipfs-mapreduce/protocol'
import { systemClock } from './clock.ts'
import { IN_MEMORY } from './data-dir.ts'

/** Faults that concern every part and never strike: what stands between an actor and its ports must not show. */
const NEVER = 'drop:gossip,p=0; delay:request,ms=5,p=0; corrupt:answer,p=0; crash:attempt,p=0; crash:store,p=0; slow:fetch,ms=5,p=0; full:disk,p=0; missing:block,p=0; rot:block,p=0; corrupt:block,p=0'
/** A raw block of 'nobody has this'. */
const MISSING = 'bafkreiemqpndzewx4bioklzfvhtiegsfny5fxuc3nkjk2vmcpjxiammsti'

const never = (): FaultInjection => injectFaults(parseFaults(NEVER), {
  random: seededRandom(1),
  clock: systemClock,
  crash: () => { throw new Error('a fault struck that never does') },
  onFault: ({ kind, target }) => { throw new Error(`${kind}:${target} struck`) }
})

networkCompliance('libp2p under faults that never strike', () => {
  const made: Network[] = []
  return {
    network: async () => {
      const network = never().network(await createNetwork({ cluster: 'local' }))
      made.push(network)
      return network
    },
    connect: async (a, b) => { await a.dial(b.addresses()[0]!) },
    teardown: async () => { await Promise.all(made.splice(0).map(network => network.close())) }
  }
})

filesCompliance('a Helia store under faults that never strike', async () => {
  const faults = never()
  const store = await openStore(IN_MEMORY, { faults: faults.blocks })
  const files = await createFiles({ store })
  return { files: faults.files(files), missing: MISSING, teardown: async () => { await files.stop() } }
})
