import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filesCompliance } from '@ipfs-mapreduce/mapreduce/compliance'
import { createHeliaLight } from 'helia'
import { createFiles } from './files.ts'
import { filesOnHelia } from './files-on-helia.ts'
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

filesCompliance('a Helia node', async () => {
  const helia = await createHeliaLight().start()
  const files = await filesOnHelia({ helia })
  return { files, missing: MISSING, teardown: async () => { await helia.stop() } }
})

filesCompliance('a Helia node on the network', async () => {
  const { node, stop } = peers()
  const helia = await createHeliaLight().start()
  const files = await filesOnHelia({ helia, libp2p: await node() })
  return {
    files,
    missing: MISSING,
    teardown: async () => {
      await files.stop()
      await stop()
      await helia.stop()
    }
  }
})
