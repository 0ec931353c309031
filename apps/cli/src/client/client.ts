import { createFiles } from '@ipfs-mapreduce/blocks'
import type { HeliaFiles } from '@ipfs-mapreduce/blocks'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { createNetwork, loadOrCreateKey, onLoopback, readSwarmKey } from '@ipfs-mapreduce/network'
import type { NetworkInit } from '@ipfs-mapreduce/network'
import type { Network } from '@ipfs-mapreduce/protocol'
import type { Closers, Log } from '@ipfs-mapreduce/service'
import type { DoorFlags } from '../commands/options.ts'
import { messageOf } from '../errors.ts'
import { openRepo } from '../repo.ts'
import type { Repo } from '../repo.ts'
import type { MasterLink } from './ask.ts'

/** How long a master may take to answer the first time. */
const DIAL_TIMEOUT_MS = 5_000

export interface ClientOptions extends DoorFlags {
  cluster: string
  /** The master's multiaddr, where there is one already. */
  connect?: string
  dataDir: string
  /** Multiaddrs to listen on; by default loopback, or every interface where the master is another machine. */
  listen?: string[]
}

/** This process as a peer: it asks the master, and serves the program and the input while a job runs. */
export interface Client {
  network: Network
  files: HeliaFiles
  repo: Repo
}

/** Where workers of the master's machine, or of others, can reach this client. */
export function listenFor (connect: string | undefined): string[] {
  return [connect === undefined || onLoopback(connect) ? '/ip4/127.0.0.1/tcp/0' : '/ip4/0.0.0.0/tcp/0']
}

/** A repo without a network: for adding, and for reading what is here. */
export async function openOffline (dataDir: string, log: Log, closers: Closers): Promise<{ files: HeliaFiles, repo: Repo }> {
  const repo = await openRepo(dataDir)
  closers.add('store', async () => { await repo.store.close() })
  const files = await createFiles({ store: repo.store, log })
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
  const repo = await openRepo(options.dataDir)
  closers.add('store', async () => { await repo.store.close() })
  return await joinNetwork(repo, options, log, closers)
}

/** The same over a repo that is open already. */
export async function joinNetwork (repo: Repo, options: Omit<ClientOptions, 'dataDir'>, log: Log, closers: Closers): Promise<Client> {
  const privateKey = await loadOrCreateKey(repo.store.datastore)
  const network = await openNetwork({ ...options, privateKey }, log, closers)
  const files = await createFiles({ libp2p: network.libp2p, store: repo.store, log })
  closers.add('files', async () => { await files.stop() })
  return { network, files, repo }
}

/** Connects to the master. Rejects with `UNREACHABLE` within a few seconds where nobody is there. */
export async function dialMaster (network: Network, address: string, signal: AbortSignal): Promise<MasterLink> {
  const deadline = AbortSignal.timeout(DIAL_TIMEOUT_MS)
  try {
    const peer = await network.dial(address, { signal: AbortSignal.any([signal, deadline]) })
    return { network, peer, address }
  } catch (error) {
    signal.throwIfAborted()
    throw new MapReduceError('UNREACHABLE', deadline.aborted ? `no answer within ${DIAL_TIMEOUT_MS / 1000} s` : messageOf(error), { cause: error })
  }
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
