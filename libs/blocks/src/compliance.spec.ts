import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filesCompliance } from '@ipfs-mapreduce/mapreduce/compliance'
import { createFiles } from './files.ts'
import { MISSING, peers } from './peers.spec.support.ts'
import { MEMORY, openStore } from './store.ts'

filesCompliance('a store in memory', async () => {
  const store = await openStore(MEMORY)
  const files = await createFiles({ store })
  return { files, missing: MISSING, teardown: async () => { await files.stop() } }
})

filesCompliance('a store in a directory', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'ipmr-blocks-'))
  const store = await openStore(dataDir)
  const files = await createFiles({ store })
  return {
    files,
    missing: MISSING,
    teardown: async () => {
      await files.stop()
      await store.close()
      await rm(dataDir, { recursive: true })
    }
  }
})

filesCompliance('a store on the network', async () => {
  const { peer, stop } = peers()
  const { files } = await peer()
  return { files, missing: MISSING, teardown: stop }
})
