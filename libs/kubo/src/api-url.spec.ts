import { expect, it } from '@jest/globals'
import { apiUrlFault, parseApiUrl } from './api-url.ts'

it('reads where a daemon\'s RPC is, as a URL and as the multiaddr in its repo', () => {
  expect(parseApiUrl('http://127.0.0.1:5001')).toEqual({ url: 'http://127.0.0.1:5001', headers: {} })
  expect(parseApiUrl('https://ipfs.example/kubo/api/v0/')).toEqual({ url: 'https://ipfs.example/kubo/api/v0', headers: {} })
  expect(parseApiUrl('/ip4/127.0.0.1/tcp/5001').url).toBe('http://127.0.0.1:5001')
  expect(parseApiUrl('/ip6/::1/tcp/5001/http').url).toBe('http://[::1]:5001')
  expect(parseApiUrl('/dns4/ipfs.example/tcp/443/https').url).toBe('https://ipfs.example')
})

it('takes a name and a password out of the URL', () => {
  expect(parseApiUrl('http://me:p%40ss@127.0.0.1:5001')).toEqual({ url: 'http://127.0.0.1:5001', headers: { authorization: `Basic ${btoa('me:p@ss')}` } })
})

it('refuses what is no such address', () => {
  for (const text of ['', 'localhost:5001', '127.0.0.1', 'ftp://127.0.0.1', '/ip4/127.0.0.1/udp/5001', '/unix/a']) {
    expect(apiUrlFault(text)).toContain('/ip4/127.0.0.1/tcp/5001')
    expect(() => parseApiUrl(text)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }))
  }
  expect(apiUrlFault('http://localhost:5001')).toBeUndefined()
})
