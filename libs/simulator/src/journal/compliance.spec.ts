import { journalCompliance } from '@ipfs-mapreduce/mapreduce/compliance'
import { createClock } from '../clock.ts'
import { createLifetime, type Lifetime } from '../lifetime.ts'
import { pace } from '../pace.ts'
import { createRandom } from '../prng.ts'
import { createVirtualJournals } from './virtual-journals.ts'

journalCompliance('a virtual disk', () => {
  const clock = createClock()
  const journals = createVirtualJournals({ clock, random: createRandom('compliance') })
  let process: Lifetime | undefined
  return {
    start () {
      process?.end()
      process = createLifetime(clock, 'master')
      return journals.open('master', process)
    },
    setWritable (writable) { journals.setFull('master', !writable) },
    teardown: pace(clock)
  }
})
