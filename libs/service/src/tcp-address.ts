import { isIPv4, isIPv6 } from 'node:net'

const TCP = /^\/(?<kind>ip4|ip6|dns|dns4|dns6)\/(?<host>[^/]+)\/tcp\/(?<port>\d{1,5})(?:\/p2p\/(?<peer>[1-9A-HJ-NP-Za-km-z]{32,128}))?$/
const HIGHEST_PORT = 65_535

/**
 * What is wrong with a multiaddr that this network's one transport, TCP, should listen on or dial.
 *
 * @returns undefined where nothing is
 */
export function tcpAddressFault (address: string): string | undefined {
  const parts = TCP.exec(address)?.groups
  if (parts === undefined) return 'it should look like /ip4/192.168.1.5/tcp/4510, with or without /p2p/PEER'
  if (Number(parts['port']) > HIGHEST_PORT) return `ports end at ${HIGHEST_PORT}`
  if (parts['kind'] === 'ip4' && !isIPv4(parts['host'] ?? '')) return `${parts['host']} is no IPv4 address`
  if (parts['kind'] === 'ip6' && !isIPv6(parts['host'] ?? '')) return `${parts['host']} is no IPv6 address`
  return undefined
}
