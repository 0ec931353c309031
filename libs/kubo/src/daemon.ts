import { DEFAULT_CHUNK_BYTES, MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { MAX_LINKS_PER_NODE, openLocalPath } from '@ipfs-mapreduce/blocks'
import { CID } from 'multiformats/cid'
import { parseApiUrl } from './api-url.ts'
import { carOf } from './car.ts'
import { CONNECT_TIMEOUT_MS } from './constants.ts'
import { DaemonLayer } from './daemon-layer.ts'
import { silent } from './log.ts'
import { reasonOf } from './reason.ts'
import { watcher } from './watcher.ts'
import type { Block } from './car.ts'
import type { Log } from './log.ts'
import type { Watcher } from './watcher.ts'
import type { Added, AddPathOptions, Layer, LocalPath } from '@ipfs-mapreduce/blocks'
import type { KuboRPCClient } from 'kubo-rpc-client'

export interface DaemonInit {
  /** Of its RPC: `http://127.0.0.1:5001`, or a multiaddr. */
  url: string
  log?: Log
}

/** A Kubo daemon that runs already. Nothing here starts or stops it. */
export interface Daemon {
  /** Without a password. */
  readonly url: string
  /** What it calls itself, such as `kubo/0.40.1`. */
  readonly agent: string
  readonly peer: string
  /** What it holds, to be read by a store. */
  readonly layer: Layer
  /** Adds and pins a local file or directory, in the layout of `ipmr add`, so that the CID is the same. `BAD_INPUT` names the path that cannot be read, `STORAGE` what the daemon says. */
  add: (path: string, options?: AddPathOptions & { signal?: AbortSignal }) => Promise<Added>
  /** Stores the blocks of a DAG and pins its root, in one request: the daemon's garbage collection takes none of them. `STORAGE` where it refuses. */
  keep: (root: string, blocks: AsyncIterable<Block>, options?: { signal?: AbortSignal }) => Promise<void>
}

/** Asks a daemon who it is. `UNREACHABLE` within seconds where no daemon answers there, `BAD_INPUT` for an address that is none. */
export async function connectDaemon ({ url: text, log = silent }: DaemonInit): Promise<Daemon> {
  const { url, headers } = parseApiUrl(text)
  // Loaded by those alone who have a daemon.
  const { create } = await import('kubo-rpc-client')
  const rpc = create({ url, headers })
  const { id, agentVersion } = await rpc.id({ signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) }).catch((cause: unknown) => {
    throw new MapReduceError('UNREACHABLE', `no IPFS daemon answers at ${url} (${reasonOf(cause)}): start it with ipfs daemon, or give the address of its RPC, which the file api in its repo has`, { cause })
  })
  log.debug({ url, agent: agentVersion, peer: `${id}` }, 'an IPFS daemon is here')
  return {
    url,
    agent: agentVersion,
    peer: `${id}`,
    layer: new DaemonLayer({ name: `the IPFS daemon at ${url}`, block: rpc.block, refs: rpc.refs, log, nowMs: () => performance.now() }),
    add: async (path, options) => await add(rpc, url, path, options ?? {}, log),
    keep: async (root, blocks, options) => { await keep(rpc, url, CID.parse(root), blocks, options?.signal) }
  }
}

async function add (rpc: KuboRPCClient, url: string, path: string, options: AddPathOptions & { signal?: AbortSignal }, log: Log): Promise<Added> {
  const { chunkBytes = DEFAULT_CHUNK_BYTES, signal, onProgress, onSkipped = (path, reason) => { log.warn({ path, reason }, 'left out') } } = options
  let bytes = 0
  const count = (read: number): void => {
    bytes = read
    onProgress?.(read)
  }
  const local = await openLocalPath(path, { chunkBytes, onSkipped, onProgress: count })
  const settings = {
    cidVersion: 1 as const, rawLeaves: true, chunker: `size-${chunkBytes}`, maxFileLinks: MAX_LINKS_PER_NODE, pin: true,
    wrapWithDirectory: local.type === 'directory', ...signal !== undefined && { signal }
  }
  const root = await request(`the IPFS daemon at ${url} did not add ${path}`, signal, async watch => {
    let last: CID | undefined
    for await (const { cid } of rpc.addAll(candidates(local, watch), settings)) last = cid
    return last
  })
  if (root === undefined) throw new MapReduceError('STORAGE', `the IPFS daemon at ${url} did not say what became of ${path}`)
  return { cid: `${root}`, bytes }
}

async function * candidates (local: LocalPath, { over }: Watcher): AsyncGenerator<{ path: string, content?: AsyncIterable<Uint8Array> }> {
  if (local.type === 'file') yield { path: '', content: over(local.content) }
  else for await (const { path, content } of over(local.entries)) yield { path, ...content !== undefined && { content: over(content) } }
}

async function keep (rpc: KuboRPCClient, url: string, root: CID, blocks: AsyncIterable<Block>, signal: AbortSignal | undefined): Promise<void> {
  const options = { pinRoots: true, ...signal !== undefined && { signal } }
  const pinned = await request(`the IPFS daemon at ${url} did not take ${root}`, signal, async watch => {
    let last: { pinErrorMsg?: string } | undefined
    for await (const answer of rpc.dag.import([watch.over(carOf(root, blocks))], options)) last = answer.root
    return last
  })
  const fault = pinned === undefined ? 'it does not say why' : pinned.pinErrorMsg ?? ''
  if (fault !== '') throw new MapReduceError('STORAGE', `the IPFS daemon at ${url} did not pin ${root}: ${fault}`)
}

/** A request that takes what is watched; its failure is that of what it takes, or the daemon's. */
async function request <T> (failed: string, signal: AbortSignal | undefined, run: (watch: Watcher) => Promise<T>): Promise<T> {
  const watch = watcher()
  try {
    const answer = await run(watch)
    watch.check()
    return answer
  } catch (cause) {
    signal?.throwIfAborted()
    watch.check()
    throw new MapReduceError('STORAGE', `${failed}: ${reasonOf(cause)}`, { cause })
  }
}
