import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { collect, failure, peers } from './peers.spec.support.ts'
import { MEMORY, openStore } from './store.ts'
import type { BlockFaults } from './checked-layer.ts'
import type { Peer } from './peers.spec.support.ts'

/** A peer that sends nothing of use is left after a third of it. */
const BLOCK_TIMEOUT_MS = 1_500

const flipped = (bytes: Uint8Array): Uint8Array => {
  const copy = new Uint8Array(bytes)
  copy[0]! ^= 1
  return copy
}

describe('blocks that are damaged on their way', () => {
  const honest: BlockFaults = { stored: (_, bytes) => bytes, served: (_, bytes) => bytes }
  let cluster: ReturnType<typeof peers>
  let damaged: string[]
  beforeEach(() => {
    cluster = peers()
    damaged = []
  })
  afterEach(async () => { await cluster.stop() })

  const peer = async (faults: Partial<BlockFaults>): Promise<Peer> =>
    await cluster.peer({ store: await openStore(MEMORY, { faults: { ...honest, ...faults } }), blockTimeoutMs: BLOCK_TIMEOUT_MS })
  const damage = (cid: string, bytes: Uint8Array): Uint8Array => {
    damaged.push(cid)
    return flipped(bytes)
  }

  it('by the peer that serves them are told by their hash, and come from another peer', async () => {
    const liar = await peer({ served: damage })
    const other = await peer({})
    const reader = await peer({})
    const bytes = randomBytes(1000)
    const { cid } = await liar.files.put([bytes])
    expect((await other.files.put([bytes])).cid).toBe(cid)
    await reader.libp2p.dial(liar.libp2p.getMultiaddrs())
    const alone = await failure(reader.files.fetch(cid, { providers: liar.addresses }))
    expect(alone.error).toMatchObject({ code: 'BLOCK_UNAVAILABLE', message: expect.stringContaining(cid) })
    expect(damaged).toContain(cid)
    expect(await reader.files.has([cid])).toEqual([false])
    expect(bytes.equals(await collect(reader.files.read(cid, { providers: [...liar.addresses, ...other.addresses] })))).toBe(true)
  })

  it('on the disk count as absent, and are fetched again', async () => {
    let rotten = true
    const reader = await peer({ stored: (cid, bytes) => rotten ? damage(cid, bytes) : bytes })
    const other = await peer({})
    const bytes = randomBytes(1000)
    const { cid } = await reader.files.put([bytes])
    await other.files.put([bytes])
    const alone = await failure(collect(reader.files.read(cid)))
    expect(alone.error).toMatchObject({ code: 'BLOCK_UNAVAILABLE' })
    expect(await reader.files.has([cid])).toEqual([false])
    rotten = false
    expect(bytes.equals(await collect(reader.files.read(cid, { providers: other.addresses })))).toBe(true)
    expect(damaged).toEqual([cid])
  })
})
