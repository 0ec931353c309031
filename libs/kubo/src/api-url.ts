import { MapReduceError } from '@ipfs-mapreduce/mapreduce'

/** Where a daemon's RPC is, and what it wants to be told by who asks. */
export interface ApiAddress {
  url: string
  headers: Record<string, string>
}

const MULTIADDR = /^\/(?:ip4|ip6|dns|dns4|dns6)\/([^/]+)\/tcp\/(\d{1,5})(?:\/(https?))?\/?$/

/** Why a text names no RPC; undefined where it does. */
export function apiUrlFault (text: string): string | undefined {
  return parse(text) === undefined ? 'It should be the address of a daemon\'s RPC such as http://127.0.0.1:5001 or /ip4/127.0.0.1/tcp/5001' : undefined
}

/**
 * Reads `http://HOST:PORT`, `https://…` or a multiaddr such as a repo's file `api` holds. A name and a password in the URL are
 * those of the daemon's `API.Authorizations` (basic); no log and no error shows them. `BAD_INPUT` where it is none of these.
 */
export function parseApiUrl (text: string): ApiAddress {
  const url = parse(text)
  if (url === undefined) throw new MapReduceError('BAD_INPUT', `${apiUrlFault(text)}`)
  const { username, password } = url
  url.username = url.password = ''
  const secret = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return {
    url: url.href.replace(/\/$/, ''),
    headers: username === '' ? {} : { authorization: `Basic ${Buffer.from(secret).toString('base64')}` }
  }
}

function parse (text: string): URL | undefined {
  const [, host, port, scheme = 'http'] = MULTIADDR.exec(text) ?? []
  const plain = host === undefined ? text : `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
  if (!URL.canParse(plain)) return undefined
  const url = new URL(plain)
  return /^https?:$/.test(url.protocol) ? url : undefined
}
