import { describe, expect, it } from '@jest/globals'
import { onLoopback, tcpAddressFault } from './tcp-address.ts'

describe('TCP multiaddrs', () => {
  it.each([
    '/ip4/127.0.0.1/tcp/0', '/ip6/::1/tcp/4510', '/dns4/master.example/tcp/4510', '/dns/host/tcp/1',
    '/ip4/10.1.2.3/tcp/4510/p2p/12D3KooWGzxzKZYveHXtpG6AsrUJBcWxHBFS2HsEoGTxrMLvKXtf'
  ])('accepts %s', address => { expect(tcpAddressFault(address)).toBeUndefined() })

  it.each(['', 'localhost:4510', '/ip4/1.2.3/tcp/1', '/ip6/1.2.3.4/tcp/1', '/ip4/1.2.3.4/tcp/70000', '/ip4/1.2.3.4/udp/1', '/ip4/1.2.3.4/tcp/1/ws', '/ip4/1.2.3.4/tcp/1/p2p/no'])(
    'says what is wrong with "%s"', address => { expect(tcpAddressFault(address)).toMatch(/.+/) })

  it('tells loopback from the rest', () => {
    expect(['/ip4/127.0.0.1/tcp/1', '/ip4/127.9.9.9/tcp/1', '/ip6/::1/tcp/1', '/dns4/localhost/tcp/1'].every(onLoopback)).toBe(true)
    expect(['/ip4/0.0.0.0/tcp/1', '/ip6/::/tcp/1', '/ip4/10.0.0.1/tcp/1', '/dns4/localhost.example/tcp/1'].some(onLoopback)).toBe(false)
  })
})
