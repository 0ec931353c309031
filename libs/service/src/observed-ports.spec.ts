import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFiles, openStore } from '@ipfs-mapreduce/blocks'
import { fileJournal } from '@ipfs-mapreduce/journal'
import { filesCompliance, journalCompliance } from '@ipfs-mapreduce/mapreduce/compliance'
import { createNetwork } from '@ipfs-mapreduce/network'
import { createMetrics, type Metrics } from '@ipfs-mapreduce/observe/metrics'
import { networkCompliance } from '@ipfs-mapreduce/protocol/compliance'
import type { Network } from '@ipfs-mapreduce/protocol'
import { systemClock } from './clock.ts'
import { IN_MEMORY } from './data-dir.ts'

/** A raw block of 'nobody has this'. */
const MISSING = 'bafkreiemqpndzewx4bioklzfvhtiegsfny5fxuc3nkjk2vmcpjxiammsti'

// What stands between an actor and its ports must not show.
const measured = (): Metrics => createMetrics({ role: 'master', version: '0', cluster: 'local', now: systemClock.now })

networkCompliance('libp2p that is measured', () => {
  const made: Network[] = []
  return {
    network: async () => {
      const metrics = measured()
      const network = metrics.network!(await createNetwork({ cluster: 'local', metrics: metrics.libp2p }))
      made.push(network)
      return network
    },
    connect: async (a, b) => { await a.dial(b.addresses()[0]!) },
    teardown: async () => { await Promise.all(made.splice(0).map(network => network.close())) }
  }
})

filesCompliance('a Helia store that is measured', async () => {
  const store = await openStore(IN_MEMORY)
  const files = await createFiles({ store })
  return { files: measured().files!(files), missing: MISSING, teardown: async () => { await files.stop() } }
})

journalCompliance('a directory that is measured', async () => {
  const home = await mkdtemp(join(tmpdir(), 'ipmr-measured-'))
  const dir = join(home, 'journal')
  const away = join(home, 'away')
  return {
    start: async () => measured().journal!(await fileJournal({ dir, sync: false })),
    setWritable: writable => writable ? rename(away, dir) : rename(dir, away),
    teardown: () => rm(home, { recursive: true })
  }
})
