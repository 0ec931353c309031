import { afterEach, describe, expect, it } from '@jest/globals'
import { createNetwork } from './create-network.ts'
import type { Libp2pNetwork } from './create-network.ts'
import { meet, serviceTag } from './discovery.ts'
import { silentLog } from './log.ts'

const made: Libp2pNetwork[] = []
async function network (): Promise<Libp2pNetwork> {
  const one = await createNetwork({ cluster: 'local' })
  made.push(one)
  return one
}
/** What an mDNS answer says of a node: its addresses without its peer id. */
const found = (one: Libp2pNetwork) => ({ id: one.libp2p.peerId, multiaddrs: one.libp2p.getMultiaddrs().map(address => address.decapsulate('/p2p')) })

afterEach(async () => { await Promise.all(made.splice(0).map(one => one.close())) })

describe('discovery', () => {
  it('connects to who was found, once', async () => {
    const [a, b] = [await network(), await network()]
    await meet(a.libp2p, found(b), silentLog)
    await meet(a.libp2p, found(b), silentLog)
    expect(a.libp2p.getConnections()).toHaveLength(1)
    expect(a.connected(b.peer)).toBe(true)
  })

  it('does not mind itself, or who has gone', async () => {
    const [a, b] = [await network(), await network()]
    const gone = found(b)
    await b.close()
    const messages: string[] = []
    await meet(a.libp2p, gone, { ...silentLog, debug: (_fields, message) => { messages.push(message) } })
    await meet(a.libp2p, found(a), silentLog)
    expect(a.libp2p.getConnections()).toEqual([])
    expect(messages).toEqual([expect.stringContaining('Cannot connect to a peer found by mDNS')])
  })

  it('keeps clusters apart, within the bounds of a DNS name', () => {
    expect(serviceTag('a')).not.toBe(serviceTag('b'))
    expect(serviceTag('c'.repeat(63)).split('.').every(label => label.length <= 63)).toBe(true)
  })
})
