import { afterEach, describe, expect, it, xit } from '@jest/globals'
import { createFiles, MEMORY, openStore, type HeliaFiles } from '@ipfs-mapreduce/blocks'
import { findIpfs, NO_IPFS, startKubo, type Kubo } from '@ipfs-mapreduce/kubo/testing'
import { makeSwarmKey, parseSwarmKey } from '@ipfs-mapreduce/network'
import { createClosers } from './closers.ts'
import { createLog } from './log.ts'
import { openOutside } from './outside.ts'

const ipfs = findIpfs()
const test = (name: string, run: () => Promise<void>): void => {
  if (ipfs === undefined) xit(`${name} (skipped: ${NO_IPFS})`, run)
  else it(name, run)
}
const log = createLog('test', { level: 'silent', format: 'json' })

describe('IPFS nodes that are asked for what the cluster does not have', () => {
  let closers = createClosers(log)
  afterEach(async () => {
    await closers.close()
    closers = createClosers(log)
  })
  const kubo = async (swarmKey?: string): Promise<Kubo> => {
    const kubo = await startKubo(ipfs!, { peers: true, ...swarmKey !== undefined && { swarmKey } })
    closers.add('kubo', kubo.stop)
    return kubo
  }
  const reader = async (kubo: Kubo, swarmKey?: string): Promise<HeliaFiles> => {
    const outside = await openOutside({ ipfsPeers: kubo.addresses.slice(0, 1), routing: undefined }, { log, closers, ...swarmKey !== undefined && { swarmKey: parseSwarmKey(swarmKey) } })
    const files = await createFiles({ store: await openStore(MEMORY), outside: outside! })
    closers.add('files', files.stop)
    return files
  }
  const text = async (files: HeliaFiles, cid: string): Promise<string> => {
    const pieces: Uint8Array[] = []
    for await (const piece of files.read(cid)) pieces.push(piece)
    return Buffer.concat(pieces).toString()
  }

  it('are none unless they are named', async () => {
    expect(await openOutside({ ipfsPeers: [], routing: undefined }, { log, closers })).toBeUndefined()
  })

  test('have the swarm\'s key where there is one: Kubo\'s own', async () => {
    const key = makeSwarmKey()
    const node = await kubo(key)
    const cid = await node.ipfs(['add', '-Q'], 'for those with the key')
    expect(await text(await reader(node, key), cid)).toBe('for those with the key')
    await expect(text(await reader(node, makeSwarmKey()), cid)).rejects.toMatchObject({ code: 'BLOCK_UNAVAILABLE' })
    await expect(text(await reader(node), cid)).rejects.toMatchObject({ code: 'BLOCK_UNAVAILABLE' })
  })
})
