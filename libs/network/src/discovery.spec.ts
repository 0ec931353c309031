import { afterEach, describe, expect, it } from '@jest/globals'
import { createNetwork } from './create-network.ts'
import type { Libp2pNetwork } from './create-network.ts'
import { dialable, meet, serviceTag } from './discovery.ts'
import { silentLog } from './log.ts'
import { onLoopback } from './loopback.ts'

const LOOPBACK = ['/ip4/127.0.0.1/tcp/0']
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
    await meet(a.libp2p, found(b), LOOPBACK, silentLog)
    await meet(a.libp2p, found(b), LOOPBACK, silentLog)
    expect(a.libp2p.getConnections()).toHaveLength(1)
    expect(a.connected(b.peer)).toBe(true)
  })

  it('does not mind itself, or who has gone', async () => {
    const [a, b] = [await network(), await network()]
    const gone = found(b)
    await b.close()
    const messages: string[] = []
    await meet(a.libp2p, gone, LOOPBACK, { ...silentLog, debug: (_fields, message) => { messages.push(message) } })
    await meet(a.libp2p, found(a), LOOPBACK, silentLog)
    expect(a.libp2p.getConnections()).toEqual([])
    expect(messages).toEqual([expect.stringContaining('Cannot connect to a peer found by mDNS')])
  })

  it('meets its own machine alone where it listens on loopback alone', () => {
    const addresses = ['/ip4/127.0.0.1/tcp/4510', '/ip4/10.0.0.7/tcp/4510']
    expect(dialable(addresses, LOOPBACK)).toEqual(['/ip4/127.0.0.1/tcp/4510'])
    expect(dialable(addresses, [...LOOPBACK, '/ip4/0.0.0.0/tcp/0'])).toEqual(addresses)
  })

  it('tells loopback from the rest', () => {
    expect(['/ip4/127.0.0.1/tcp/1', '/ip4/127.9.9.9/tcp/1', '/ip6/::1/tcp/1', '/dns4/localhost/tcp/1'].every(onLoopback)).toBe(true)
    expect(['/ip4/0.0.0.0/tcp/1', '/ip6/::/tcp/1', '/ip4/10.0.0.1/tcp/1', '/dns4/localhost.example/tcp/1'].some(onLoopback)).toBe(false)
  })

  it('keeps clusters apart, within the bounds of a DNS name', () => {
    expect(serviceTag('a')).not.toBe(serviceTag('b'))
    expect(serviceTag('c'.repeat(63)).split('.').every(label => label.length <= 63)).toBe(true)
  })
})
