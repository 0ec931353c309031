import { join } from 'node:path'
import { DEFAULT_CHUNK_BYTES } from '@ipfs-mapreduce/mapreduce'
import { DEFAULT_CLUSTER, DEFAULT_MASTER_PORT } from '@ipfs-mapreduce/protocol'
import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { homeDir } from '../layout.ts'
import { formatBytes, parseChunkBytes, parseDuration } from '../options/parse.ts'

/** Options that several commands share, one wording each. */

/** What `--connect local` stands for: the master that `npx nx serve master` starts. */
export const LOCAL_MASTER = `/ip4/127.0.0.1/tcp/${DEFAULT_MASTER_PORT}`

const MULTIADDR = /^\/(?:ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/(\d{1,5})(?:\/p2p\/\w+)?$/
const MAX_PORT = 65_535

function isAddress (text: string, form: RegExp): boolean {
  return Number(form.exec(text)?.[1] ?? Infinity) <= MAX_PORT
}

export function parseAddress (text: string): string {
  if (text === 'local') return LOCAL_MASTER
  if (!isAddress(text, MULTIADDR)) throw new InvalidArgumentError(`It is local (${LOCAL_MASTER}) or a multiaddr such as /ip4/192.168.1.5/tcp/${DEFAULT_MASTER_PORT}.`)
  return text
}

export const connectOption = (about: string): Option =>
  new Option('--connect <multiaddr>', `${about}; "local" is ${LOCAL_MASTER}`).argParser(parseAddress)

/** Of the commands that ask a master: that of this machine, unless another is named. */
export const masterOption = (about: string): Option => connectOption(about).default(LOCAL_MASTER, 'local')

export const clusterOption = (): Option =>
  new Option('--cluster <name>', 'the cluster of the master that --connect names').env('IPMR_CLUSTER').default(DEFAULT_CLUSTER)

/** Of every command that may reach another machine. */
export interface DoorFlags {
  /** The file of the swarm's key. */
  swarmKey?: string
  /** Ids of the peers that may connect. */
  allow?: string[]
}

const swarmKeyOption = (): Option =>
  new Option('--swarm-key <file>', 'the key of the swarm of the master that --connect names; ipmr key makes one').env('IPMR_SWARM_KEY')

const allowOption = (): Option =>
  new Option('--allow <peerid...>', 'connect only with these peers: the master and its workers').env('IPMR_ALLOW').argParser(parsePeers)

/** In base 58, or as a CID. */
const PEER_ID = /^(?:[1-9A-HJ-NP-Za-km-z]{46,}|[bk][a-z0-9]{50,})$/

function parsePeers (text: string, before: string[] = []): string[] {
  const peers = text.split(',').map(peer => peer.trim()).filter(peer => peer !== '')
  if (!peers.every(peer => PEER_ID.test(peer))) throw new InvalidArgumentError('It is a peer id such as 12D3KooWGzxzKZYveHXtpG6AsrUJBcWxHBFS2HsEoGTxrMLvKXtf: each service prints its own when it is ready.')
  return [...before, ...peers]
}

/** Adds the options of a command that may reach another machine. */
export function addDoorOptions (command: Command): Command {
  return command.addOption(swarmKeyOption()).addOption(allowOption())
}

export const ipfsApiOption = (about: string): Option =>
  new Option('--ipfs-api <url>', `${about}, such as http://127.0.0.1:5001`).env('IPMR_IPFS_API')

/** Adds the options of a command that may read from IPFS nodes beside ipmr's own. */
export function addIpfsOptions (command: Command): Command {
  return command
    .addOption(ipfsApiOption('also read what the IPFS daemon (Kubo) of this machine holds, by its RPC'))
    .addOption(new Option('--ipfs-peer <multiaddr...>', 'fetch what is not here from these IPFS nodes, such as /ip4/192.168.1.7/tcp/4001/p2p/12D3KooW…').argParser(parseIpfsPeers).env('IPMR_IPFS_PEER'))
    .addOption(new Option('--public', 'look for what is not here in the public IPFS network'))
    .addOption(new Option('--public-peer <multiaddr...>', 'with --public, join its DHT by these peers'))
    .addOption(new Option('--public-router <url...>', 'with --public, ask these HTTP routers, or none'))
}

const IPFS_PEER = /^\/(?:ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/(\d{1,5})\/p2p\/\w+$/

function parseIpfsPeers (text: string, before: string[] = []): string[] {
  const peers = text.split(',').map(peer => peer.trim())
  if (!peers.every(peer => isAddress(peer, IPFS_PEER))) throw new InvalidArgumentError('It is a node\'s TCP address with its peer id, such as /ip4/192.168.1.7/tcp/4001/p2p/12D3KooW…: ipfs id prints a node\'s own.')
  return [...before, ...peers]
}

export const dataDirOption = (): Option =>
  new Option('--data-dir <dir>', 'where ipmr keeps what it added and fetched').argParser(parseDirectory).env('IPMR_DATA_DIR').default(join(homeDir(), 'cli'), '~/.ipmr/cli')

export const chunkOption = (): Option =>
  new Option('--chunk-size <bytes>', 'size of the blocks that local files are cut into, such as 16k; 1 KiB to 1 MiB')
    .argParser(parseChunkBytes).default(DEFAULT_CHUNK_BYTES, formatBytes(DEFAULT_CHUNK_BYTES))

export const outputOption = (): Option =>
  new Option('-o, --output <dir>', 'also write part-r-00000… and _SUCCESS to this directory, which must be new or empty').argParser(parseDirectory)

/** An empty name would stand for where somebody happens to be: it is a variable of a script that is not set. */
export function parseDirectory (text: string): string {
  if (text === '') throw new InvalidArgumentError('It should name a directory.')
  return text
}

function parseListen (text: string, before: string[] = []): string[] {
  if (!isAddress(text, MULTIADDR)) throw new InvalidArgumentError('It is a TCP address of this machine, such as /ip4/192.168.1.7/tcp/0; port 0 is any that is free.')
  return [...before, text]
}

const listenOption = (): Option =>
  new Option('--listen <multiaddr...>', 'where workers reach this machine for program and input (default: loopback, or every interface for a master elsewhere)').argParser(parseListen)

/** Long enough for a machine to be started again. */
const DEFAULT_RECONNECT_MS = 600_000

const reconnectOption = (): Option =>
  new Option('--reconnect <seconds>', 'how long to wait for the master of --connect if it goes away in mid-job; 10m and 2h are understood')
    .argParser(parseDuration).default(DEFAULT_RECONNECT_MS, '10m')

const jobJsonOption = (): Option =>
  new Option('--json', 'print one JSON object instead of the CID: result, job, counters, tasks, attempts, skipped, seconds')

export const quietOption = (): Option => new Option('-q, --quiet', 'no progress on stderr')

const logLevelOption = (): Option =>
  new Option('--log-level <level>', 'show the log of every process on stderr, this level and worse (default: none)')
    .choices(['trace', 'debug', 'info', 'warn', 'error']).env('IPMR_LOG_LEVEL')

/** Adds the options of every command that follows a job, but for those that say which job of which master. */
export function addFollowOptions (command: Command): Command {
  return addDoorOptions(command)
    .addOption(reconnectOption())
    .addOption(listenOption())
    .addOption(dataDirOption())
    .addOption(jobJsonOption())
    .addOption(quietOption())
    .addOption(logLevelOption())
}

/** Of every command that follows a job. */
export const EXIT_STATUS = 'Exit status: 0 the job succeeded, 1 it failed, 2 bad usage, 130 interrupted (the job is cancelled).'

/** `examples` of a command's help: what to type, and what for. */
export function examples (...lines: Array<[command: string, what: string]>): string {
  return `\nExamples:\n${lines.map(([command, what]) => `  # ${what}\n  $ ${command}`).join('\n')}`
}
