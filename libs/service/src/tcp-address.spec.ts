import { describe, expect, it } from '@jest/globals'
import { tcpAddressFault } from './tcp-address.ts'

describe('TCP multiaddrs', () => {
  it.each([
    '/ip4/127.0.0.1/tcp/0', '/ip6/::1/tcp/4510', '/dns4/master.example/tcp/4510', '/dns/host/tcp/1',
    '/ip4/10.1.2.3/tcp/4510/p2p/12D3KooWGzxzKZYveHXtpG6AsrUJBcWxHBFS2HsEoGTxrMLvKXtf'
  ])('accepts %s', address => { expect(tcpAddressFault(address)).toBeUndefined() })

  it.each(['', 'localhost:4510', '/ip4/1.2.3/tcp/1', '/ip6/1.2.3.4/tcp/1', '/ip4/1.2.3.4/tcp/70000', '/ip4/1.2.3.4/udp/1', '/ip4/1.2.3.4/tcp/1/ws', '/ip4/1.2.3.4/tcp/1/p2p/no'])(
    'says what is wrong with "%s"', address => { expect(tcpAddressFault(address)).toMatch(/.+/) })
})
