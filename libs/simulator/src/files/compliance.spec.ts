import { filesCompliance } from '@ipfs-mapreduce/mapreduce/compliance'
import { createClock } from '../clock.ts'
import { createVirtualNetwork } from '../network/virtual-network.ts'
import { pace } from '../pace.ts'
import { createRandom } from '../prng.ts'
import { cidOf } from './cid.ts'
import { createVirtualFiles } from './virtual-files.ts'

filesCompliance('a virtual peer', () => {
  const clock = createClock()
  const network = createVirtualNetwork({ clock, random: createRandom('compliance') })
  network.join('p1')
  const files = createVirtualFiles({ clock, network }).open('p1')
  return { files, missing: cidOf('raw', new TextEncoder().encode('nobody has this')), teardown: pace(clock) }
})
