import { afterEach, describe, expect, it } from '@jest/globals'
import { tcp } from '@libp2p/tcp'
import { createHelia, createHeliaLight } from 'helia'
import { CID } from 'multiformats/cid'
import { filesOnHelia } from './files-on-helia.ts'
import { collect, failure, MISSING, PATIENT_MS, peers } from './peers.spec.support.ts'
import type { HeliaFiles } from './files.ts'
import type { BlockBroker, Helia } from '@helia/interface'
import type { Libp2p } from '@libp2p/interface'

const { node, stop } = peers()
const opened: Array<() => Promise<unknown>> = []

async function host (blockBrokers: BlockBroker[] = [], blockTimeoutMs = 500): Promise<{ helia: Helia, libp2p: Libp2p, files: HeliaFiles }> {
  const helia = createHeliaLight()
  for (const broker of blockBrokers) helia.addBlockBroker(broker)
  await helia.start()
  const libp2p = await node()
  const files = await filesOnHelia({ helia, libp2p, blockTimeoutMs })
  opened.push(async () => { await files.stop() }, async () => await helia.stop())
  return { helia, libp2p, files }
}

afterEach(async () => {
  for (const close of opened.splice(0)) await close()
  await stop()
})

describe('files on a Helia node', () => {
  it('come from another such node, block by block, and are the node\'s own then', async () => {
    const [one, other] = [await host(), await host([], PATIENT_MS)]
    const content = Buffer.alloc(300_000, 'content ')
    const { cid } = await one.files.add([content], { chunkBytes: 64 * 1024 })
    const providers = one.libp2p.getMultiaddrs().map(address => `${address}`)
    expect(await collect(other.files.read(cid, { providers }))).toEqual(content)
    expect(await other.helia.blockstore.has(CID.parse(cid))).toBe(true)
    expect(await other.files.fetch(cid)).toEqual({ blocks: 0, bytes: 0 })
  })

  it('come from wherever the node gets its blocks, where no peer has them', async () => {
    const elsewhere = await host()
    const { cid } = await elsewhere.files.put([Buffer.from('from a gateway')])
    const asked: string[] = []
    const gateway: BlockBroker = {
      name: 'gateway',
      retrieve: async wanted => {
        asked.push(`${wanted}`)
        return await collect(elsewhere.files.read(`${wanted}`))
      }
    }
    const { files } = await host([gateway])
    expect(`${await collect(files.read(cid))}`).toBe('from a gateway')
    expect(asked).toEqual([cid])
  })

  it('that nobody has fail in time, with what was tried', async () => {
    const silent: BlockBroker = { name: 'silent', retrieve: async (_, options) => await new Promise((_resolve, reject) => { options?.signal?.addEventListener('abort', () => { reject(new Error('aborted')) }) }) }
    const { files } = await host([silent])
    const { error, ms } = await failure(collect(files.read(MISSING)))
    expect(error).toMatchObject({ code: 'BLOCK_UNAVAILABLE', message: expect.stringMatching(/did not find block .* within 500 ms/) })
    expect(ms).toBeLessThan(10_000)
    const controller = new AbortController()
    const reading = failure(collect(files.read(MISSING, { signal: controller.signal })))
    controller.abort()
    expect((await reading).error).toMatchObject({ code: 'ABORTED' })
  })

  it('that were the owner\'s before are never deleted, nor those that the owner has pinned', async () => {
    const { helia, files } = await host()
    const owners = await (await filesOnHelia({ helia })).put([Buffer.from('mine')])
    await files.put([Buffer.from('mine')])
    await files.remove(owners.cid)
    expect(await files.has([owners.cid])).toEqual([true])
    const made = await files.put([Buffer.from('made by a job')])
    const pinned = await files.put([Buffer.from('pinned meanwhile')])
    for await (const cid of helia.pins.add(CID.parse(pinned.cid))) expect(`${cid}`).toBe(pinned.cid)
    await files.remove(made.cid)
    await files.remove(pinned.cid)
    expect(await files.has([made.cid, pinned.cid])).toEqual([false, true])
  })

  it('that were made here are deleted on a node without any routing, too', async () => {
    const helia = await createHelia({ http: { delegatedRouters: [], recursiveGateways: [] }, libp2p: { addresses: { listen: [] }, transports: [tcp()], peerDiscovery: [], services: {} } }).start()
    opened.push(async () => await helia.stop())
    const files = await filesOnHelia({ helia })
    const made = await files.put([Buffer.from('made by a job')])
    const pinned = await files.put([Buffer.from('pinned meanwhile')])
    for await (const cid of helia.pins.add(CID.parse(pinned.cid))) expect(`${cid}`).toBe(pinned.cid)
    await files.remove(made.cid)
    await files.remove(pinned.cid)
    expect(await files.has([made.cid, pinned.cid])).toEqual([false, true])
  })

  it('leave node and libp2p running when they stop', async () => {
    const { helia, libp2p, files } = await host()
    const before = libp2p.getProtocols()
    await files.stop()
    expect([helia.status, libp2p.status]).toEqual(['started', 'started'])
    expect(libp2p.getProtocols()).toHaveLength(before.length - 1)
  })
})
