import { DEFAULT_CHUNK_BYTES, MapReduceError, RUN_BLOCK_BYTES } from '@ipfs-mapreduce/mapreduce'
import { createHeliaLight } from 'helia'
import { addPath } from './add-path.ts'
import { startBitswap } from './bitswap.ts'
import { CODEC, parseCid } from './cid.ts'
import { blocksBelow } from './dag.ts'
import { makeDirectory } from './directory.ts'
import { Exchange } from './exchange.ts'
import { Giver } from './giver.ts'
import { importFile } from './import.ts'
import { Keeper } from './keeper.ts'
import { silent } from './log.ts'
import { Outside } from './outside.ts'
import { fetchPieces, lendPieces, piecesOf, readPieces, WHOLE } from './pieces.ts'
import { parseProviders } from './provider.ts'
import type { Provider } from './provider.ts'
import { getRecord, putRecord } from './record.ts'
import { parsePath, resolvePath } from './resolve.ts'
import { BlockSource, until } from './source.ts'
import { walkFiles } from './walk.ts'
import type { AddOptions, AddPathOptions } from './add-path.ts'
import type { Added } from './import.ts'
import type { Log } from './log.ts'
import type { OutsideInit } from './outside.ts'
import type { Range } from './pieces.ts'
import type { Resolved } from './resolve.ts'
import type { Ask } from './source.ts'
import type { Store } from './store.ts'
import type { Fetched, Files, RangeOptions, ReadOptions } from '@ipfs-mapreduce/mapreduce'
import type { Libp2p } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'

/** A store, and the node by which others are asked. */
export interface FilesInit {
  store: Store
  /** A started node, by which blocks are asked for and given; without one, only the store is read. */
  libp2p?: Libp2p
  /** IPFS nodes beyond the cluster that are asked for what nobody in it has; without it, nobody else is asked. */
  outside?: OutsideInit
  /** Longest wait for a block without any progress; default BLOCK_TIMEOUT_MS. */
  blockTimeoutMs?: number
  log?: Log
}

/** The files port on Helia. Neither the store nor the libp2p node is its own: `stop` leaves both open. */
export interface HeliaFiles extends Files {
  /** Stores bytes as a file with leaves of a chosen size. */
  add: (content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, options?: AddOptions) => Promise<Added>
  /** Stores a local file or directory. `BAD_INPUT` names the path that cannot be read. */
  addPath: (path: string, options?: AddPathOptions) => Promise<Added>
  /** Finds what `CID`, `CID/a/b`, `/ipfs/CID/…` or `ipfs://CID/…` names. `BAD_INPUT` where it does not exist. */
  resolve: (path: string, options?: ReadOptions) => Promise<Resolved>
  /** Every block of a DAG with its bytes, a node before what is below it, raw leaves as often as they are linked. */
  blocks: (root: string, options?: ReadOptions) => AsyncIterable<{ cid: CID, bytes: Uint8Array }>
  /** Ends reads under way with `ABORTED`, and gives nothing to others any more. */
  stop: () => Promise<void>
}

/**
 * A Helia node around a store and a libp2p node that exist. It asks the providers that it is given and the peers that are
 * connected; where `outside` is given, then the IPFS nodes and the routing that it names; nobody else.
 */
export async function createFiles (init: FilesInit): Promise<HeliaFiles> {
  const { store, libp2p, log = silent, blockTimeoutMs } = init
  const helia = createHeliaLight({ blockstore: store.blockstore, datastore: store.datastore })
  await helia.start()
  const bitswap = libp2p && await startBitswap(helia, libp2p, store.blockstore)
  const keep = async (cid: CID, bytes: Uint8Array): Promise<void> => {
    if (await store.blockstore.cache(cid, bytes)) await bitswap?.announce(cid)
  }
  const outside = init.outside && await Outside.start(init.outside, { store: keep, log, blockTimeoutMs })
  if (libp2p === undefined || bitswap === undefined) {
    return filesOn(new BlockSource({ local: store.blockstore, outside }), store, log, async () => {
      await outside?.stop()
      await helia.stop()
    })
  }
  const giver = new Giver({ libp2p, blockstore: store.blockstore, log })
  await giver.start()
  const exchange = new Exchange({ libp2p, bitswap, store: keep, log, blockTimeoutMs })
  return filesOn(new BlockSource({ local: store.blockstore, network: { exchange, bitswap }, outside }), store, log, async () => {
    exchange.stop()
    await outside?.stop()
    await giver.stop()
    await bitswap.stop()
    await helia.stop()
  })
}

/** The port over a source of blocks and a place for pins. */
export function filesOn (source: BlockSource, store: Pick<Store, 'datastore'>, log: Log, stop: () => Promise<void>): HeliaFiles {
  const keeper = new Keeper(source, store.datastore)
  /** Who reads a file in many ranges says each time, by the same list, who has it. */
  const parsed = new WeakMap<readonly string[], Provider[]>()
  const providersOf = (addresses: readonly string[]): Provider[] => {
    const known = parsed.get(addresses)
    if (known !== undefined) return known
    const providers = parseProviders(addresses, address => { log.warn({ address }, 'a provider has no address that ends in /p2p/PEER') })
    parsed.set(addresses, providers)
    return providers
  }
  const askOf = (root: CID | undefined, { providers = [], roots = [], signal }: ReadOptions = {}, fetched?: Fetched): Ask => ({
    roots: [...root === undefined ? [] : [root], ...roots.map(parseCid)], providers: providersOf(providers), signal, fetched
  })
  const counting = async (root: string, options: ReadOptions | undefined, run: (cid: CID, ask: Ask) => Promise<void>): Promise<Fetched> => {
    const fetched = { blocks: 0, bytes: 0 }
    const cid = parseCid(root)
    await run(cid, askOf(cid, options, fetched))
    return fetched
  }
  return {
    walk: async function * (root, options) { yield * walkFiles(source, root, askOf(parseCid(root), options)) },
    leaves: async function * (file, options) {
      const root = parseCid(file)
      // A raw block is a whole file, and many small ones would be fetched to be told what their directory says.
      const known = root.code === CODEC.raw ? options?.bytes : undefined
      if (known !== undefined) return yield * known === 0 ? [] : [{ cid: `${root}`, offset: 0, bytes: known }]
      for await (const { cid, offset, bytes } of piecesOf(source, root, WHOLE, askOf(root, options))) yield { cid: `${cid}`, offset, bytes }
    },
    read: async function * (file, options) { yield * readPieces(source, parseCid(file), rangeOf(options), askOf(parseCid(file), options)) },
    lend: async function * (file, options) { yield * lendPieces(source, parseCid(file), rangeOf(options), options.place, askOf(parseCid(file), options)) },
    fetch: async (file, options) => await counting(file, options, async (cid, ask) => { await fetchPieces(source, cid, rangeOf(options), { ...ask, hold: options?.droppable !== true }) }),
    has: async cids => await source.local.hasEach(cids.map(parseCid)),
    put: async content => await importFile(source, content, RUN_BLOCK_BYTES),
    directory: async entries => await makeDirectory(source, entries, askOf(undefined)),
    putRecord: async value => await putRecord(source, value),
    getRecord: async (cid, options) => await getRecord(source, cid, askOf(undefined, options)),
    pin: async (root, options) => await counting(root, options, async (cid, ask) => { await keeper.pin(cid, ask) }),
    unpin: async root => { await keeper.unpin(parseCid(root)) },
    remove: async file => { await keeper.remove(parseCid(file)) },
    add: async (content, options) => await importFile(source, content, options?.chunkBytes ?? DEFAULT_CHUNK_BYTES),
    addPath: async (path, options) => {
      const added = await addPath(source, path, options ?? {}, log)
      // Services of this machine that read this store beside us need not check what we have just written.
      await source.local.keepSound()
      return added
    },
    resolve: async (path, options) => await resolvePath(source, path, askOf(parsePath(path).cid, options)),
    blocks: async function * (root, options) { yield * readBlocks(source, parseCid(root), askOf(parseCid(root), options)) },
    stop
  }
}

async function * readBlocks (source: BlockSource, root: CID, ask: Ask): AsyncGenerator<{ cid: CID, bytes: Uint8Array }, void, undefined> {
  const reader = {
    read: async (cid: CID, stopped: AbortSignal) => await source.get(cid, until(ask, stopped)),
    ensure: async (cid: CID, stopped: AbortSignal) => { await source.ensure(cid, until(ask, stopped)) }
  }
  for await (const cid of blocksBelow(root, reader)) yield { cid, bytes: await source.get(cid, ask) }
}

function rangeOf ({ offset = 0, length = Infinity }: RangeOptions = {}): Range {
  if (!(offset >= 0 && length >= 0)) throw new MapReduceError('BAD_INPUT', `a range of ${length} bytes from ${offset} is not one`)
  return { start: offset, end: offset + length }
}
