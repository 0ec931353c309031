import { apiUrlFault } from '@ipfs-mapreduce/kubo'
import { PUBLIC_BOOTSTRAP, PUBLIC_ROUTERS, type Routing } from '@ipfs-mapreduce/network'
import { InvalidArgumentError, Option } from 'commander'
import { tcpAddressFault } from './tcp-address.ts'

/** IPFS nodes that a service uses, beside its cluster. */
export interface IpfsChoice {
  /** The RPC of a daemon on this machine: what it holds is local. */
  ipfsApi: string | undefined
  /** Of a master, whether results are stored and pinned by that daemon too. */
  pinResults: boolean
  /** Multiaddrs of nodes that are asked for what nobody in the cluster has. */
  ipfsPeers: string[]
  /** Who is asked which other nodes have content; nobody where undefined. */
  routing: Routing | undefined
}

/** The same as it was typed. */
export interface IpfsFlags {
  ipfsApi?: string
  pinResults?: boolean
  ipfsPeer?: string[]
  public?: boolean
  publicPeer?: string[]
  publicRouter?: string[]
}

/** In place of a URL, where no router is to be asked. */
const NO_ROUTER = 'none'

/** Collects a repeatable option; a variable holds several values with commas between them. */
const list = (check: (value: string) => string) => (text: string, before: string[] | undefined): string[] =>
  [...before ?? [], ...text.split(',').map(value => check(value.trim()))]

function apiUrl (text: string): string {
  const fault = apiUrlFault(text)
  if (fault !== undefined) throw new InvalidArgumentError(`${fault}.`)
  return text
}

function peerAddress (text: string): string {
  const fault = tcpAddressFault(text)
  if (fault !== undefined || !text.includes('/p2p/')) {
    throw new InvalidArgumentError(`It should be a node's TCP address with its peer id, such as /ip4/192.168.1.7/tcp/4001/p2p/12D3KooW…: ipfs id prints a node's own.`)
  }
  return text
}

/** Bootstrap peers of the public network are found by DNS. */
function bootstrapAddress (text: string): string {
  return text.startsWith('/dnsaddr/') ? text : peerAddress(text)
}

function routerUrl (text: string): string {
  if (text !== NO_ROUTER && !/^https?:\/\/./.test(text)) throw new InvalidArgumentError('It should be a URL such as https://delegated-ipfs.dev, or none.')
  return text
}

/** The options; `fromEnvironment` gives one its variable. */
export function ipfsOptions (isMaster: boolean, fromEnvironment: (option: Option, variable: string) => Option): Option[] {
  return [
    fromEnvironment(new Option('--ipfs-api <url>', 'an IPFS daemon (Kubo) on this machine by its RPC, such as http://127.0.0.1:5001: what it holds is local').argParser(apiUrl), 'IPMR_IPFS_API'),
    // What writes to a person's daemon, or asks strangers, is read from the command line alone: a variable that is left over must not.
    ...isMaster ? [new Option('--pin-results', 'store and pin each result in the daemon of --ipfs-api too')] : [],
    fromEnvironment(new Option('--ipfs-peer <multiaddr>', 'an IPFS node that is asked for what nobody in the cluster has, repeatable').argParser(list(peerAddress)), 'IPMR_IPFS_PEER'),
    new Option('--public', 'look for what nobody in the cluster has in the public IPFS network: its DHT, and HTTP routers'),
    new Option('--public-peer <multiaddr>', 'with --public, join the DHT by this peer instead of the public ones, repeatable').argParser(list(bootstrapAddress)),
    new Option('--public-router <url>', `with --public, ask this router instead of ${PUBLIC_ROUTERS.join(', ')}, repeatable; ${NO_ROUTER} asks none`).argParser(list(routerUrl))
  ]
}

/** What does not go together; undefined where all does. */
export function ipfsFault ({ ipfsApi, pinResults = false, public: isPublic = false, publicPeer, publicRouter, swarmKey }: IpfsFlags & { swarmKey?: string }): string | undefined {
  if (pinResults && ipfsApi === undefined) return '--pin-results is of an IPFS daemon: name one with --ipfs-api, such as --ipfs-api http://127.0.0.1:5001'
  if (!isPublic && (publicPeer !== undefined || publicRouter !== undefined)) return `${publicPeer === undefined ? '--public-router' : '--public-peer'} is of --public, which is not given`
  if (isPublic && swarmKey !== undefined) return '--public looks for content in the public IPFS network, whose nodes do not have the key of --swarm-key: leave one of the two out, or close the cluster with --allow instead'
  return undefined
}

export function ipfsChoice ({ ipfsApi, pinResults = false, ipfsPeer = [], public: isPublic = false, publicPeer = PUBLIC_BOOTSTRAP, publicRouter = PUBLIC_ROUTERS }: IpfsFlags): IpfsChoice {
  const routing = { bootstrap: publicPeer, routers: publicRouter.filter(url => url !== NO_ROUTER) }
  return { ipfsApi, pinResults, ipfsPeers: ipfsPeer, routing: isPublic ? routing : undefined }
}
