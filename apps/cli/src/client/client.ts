import { createFiles } from '@ipfs-mapreduce/blocks'
import type { HeliaFiles } from '@ipfs-mapreduce/blocks'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { createNetwork, loadOrCreateKey, onLoopback, readSwarmKey } from '@ipfs-mapreduce/network'
import type { NetworkInit } from '@ipfs-mapreduce/network'
import type { Network } from '@ipfs-mapreduce/protocol'
import type { Closers, IpfsFlags, Log } from '@ipfs-mapreduce/service'
import type { DoorFlags } from '../commands/options.ts'
import { messageOf } from '../errors.ts'
import { openRepo } from '../repo.ts'
import type { Repo } from '../repo.ts'
import type { MasterLink } from './ask.ts'
import { meetIpfs } from './ipfs.ts'
import type { IpfsNodes } from './ipfs.ts'

/** How long a master may take to answer the first time. */
const DIAL_TIMEOUT_MS = 5_000

export interface ClientOptions extends DoorFlags {
  cluster: string
  /** The master's multiaddr, where there is one already. */
  connect?: string
  dataDir: string
  /** Multiaddrs to listen on; by default loopback, or every interface where the master is another machine. */
  listen?: string[]
  /** IPFS nodes to read from, beside the repo and the cluster. */
  ipfs?: IpfsFlags
}

/** This process as a peer: it asks the master, and serves the program and the input while a job runs. */
export interface Client {
  network: Network
  files: HeliaFiles
  repo: Repo
  /** Of IPFS nodes, the one that runs on this machine. */
  daemon: IpfsNodes['daemon']
}

/** Where workers of the master's machine, or of others, can reach this client. */
export function listenFor (connect: string | undefined): string[] {
  return [connect === undefined || onLoopback(connect) ? '/ip4/127.0.0.1/tcp/0' : '/ip4/0.0.0.0/tcp/0']
}

/** A repo without a cluster: for adding, and for reading what is here, or at the IPFS nodes that are named. */
export async function openOffline (dataDir: string, log: Log, closers: Closers, ipfs: IpfsFlags = {}): Promise<{ files: HeliaFiles, repo: Repo }> {
  const { layers, outside } = await meetIpfs(ipfs, log, closers)
  const repo = await openRepo(dataDir, layers)
  closers.add('store', async () => { await repo.store.close() })
  const files = await createFiles({ store: repo.store, log, ...outside !== undefined && { outside } })
  closers.add('files', async () => { await files.stop() })
  return { files, repo }
}

/** The key and the list are those of the swarm that `connect` names: a local cluster has none. */
export async function openNetwork ({ cluster, connect, listen, swarmKey, allow, privateKey }: NetworkOptions, log: Log, closers: Closers): ReturnType<typeof createNetwork> {
  const door = connect === undefined ? {} : { ...swarmKey !== undefined && { swarmKey: await readSwarmKey(swarmKey) }, ...allow !== undefined && { allow } }
  const network = await createNetwork({ cluster, listen: listen ?? listenFor(connect), bootstrap: [], mdns: false, log, ...door, ...privateKey !== undefined && { privateKey } })
  closers.add('network', async () => { await network.close() })
  return network
}

type NetworkOptions = Omit<ClientOptions, 'dataDir'> & Pick<NetworkInit, 'privateKey'>

/** A repo whose missing blocks are asked of peers. */
export async function openClient (options: ClientOptions, log: Log, closers: Closers): Promise<Client> {
  const nodes = await meetFor(options, log, closers)
  const repo = await openRepo(options.dataDir, nodes.layers)
  closers.add('store', async () => { await repo.store.close() })
  return await joinNetwork(repo, nodes, options, log, closers)
}

/** The IPFS nodes of a command; those that are not on this machine have the key of the swarm that `connect` names, if it has one. */
export async function meetFor ({ ipfs = {}, connect, swarmKey }: Pick<ClientOptions, 'ipfs' | 'connect' | 'swarmKey'>, log: Log, closers: Closers): Promise<IpfsNodes> {
  if (connect === undefined || swarmKey === undefined) return await meetIpfs(ipfs, log, closers)
  return await meetIpfs({ ...ipfs, swarmKey }, log, closers, await readSwarmKey(swarmKey))
}

/** The same over a repo that is open already. */
export async function joinNetwork (repo: Repo, { daemon, outside }: IpfsNodes, options: Omit<ClientOptions, 'dataDir'>, log: Log, closers: Closers): Promise<Client> {
  const privateKey = await loadOrCreateKey(repo.store.datastore)
  const network = await openNetwork({ ...options, privateKey }, log, closers)
  const files = await createFiles({ libp2p: network.libp2p, store: repo.store, log, ...outside !== undefined && { outside } })
  closers.add('files', async () => { await files.stop() })
  return { network, files, repo, daemon }
}

/** Connects to the master. Rejects with `UNREACHABLE` within a few seconds where nobody is there. */
export async function dialMaster (network: Network, address: string, signal: AbortSignal): Promise<MasterLink> {
  const deadline = AbortSignal.timeout(DIAL_TIMEOUT_MS)
  try {
    const peer = await network.dial(address, { signal: AbortSignal.any([signal, deadline]) })
    return { network, peer, address }
  } catch (error) {
    signal.throwIfAborted()
    throw new MapReduceError('UNREACHABLE', deadline.aborted ? `no answer within ${DIAL_TIMEOUT_MS / 1000} s` : reasonOf(error, address), { cause: error })
  }
}

/** Why a connection failed, without the address: whoever tells of it names that. */
function reasonOf (error: unknown, address: string): string {
  return messageOf(error).replace(`Cannot connect to ${address}: `, '').replace(/^connection error \S+: /, '')
}

/** The same for the first time, when most likely none was started. */
export async function reachMaster (network: Network, address: string, signal: AbortSignal): Promise<MasterLink> {
  try {
    return await dialMaster(network, address, signal)
  } catch (error) {
    signal.throwIfAborted()
    throw new MapReduceError('UNREACHABLE', `no master at ${address} (${messageOf(error)}): start one with npx nx serve master, name another with --connect, or give its --swarm-key if it has one`, { cause: error })
  }
}

/** The master as a provider of content: its multiaddr with its peer id. */
export function providerOf ({ address, peer }: MasterLink): string {
  return address.includes('/p2p/') ? address : `${address}/p2p/${peer}`
}
