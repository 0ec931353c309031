import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { aborted } from './abort.ts'
import { BLOCK_TIMEOUT_MS } from './constants.ts'
import { Exchange } from './exchange.ts'
import { filesOn } from './files.ts'
import { Giver } from './giver.ts'
import { HeliaLayer } from './helia-layer.ts'
import { LocalBlockstore } from './local.ts'
import { silent } from './log.ts'
import { BlockSource } from './source.ts'
import type { Bitswap } from './bitswap.ts'
import type { HeliaFiles } from './files.ts'
import type { Log } from './log.ts'
import type { Helia } from '@helia/interface'
import type { Libp2p } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'

/** What of a Helia node is used: its blocks and, for pins, its datastore. */
export type HostNode = Pick<Helia, 'blockstore' | 'datastore'>

/** The node, and how long to wait for others. */
export interface FilesOnHeliaInit {
  helia: HostNode
  /** The node's libp2p, started: blocks are asked for and given on data streams too. Without it, the store alone is read. */
  libp2p?: Libp2p
  /** Longest wait for a block without any progress, in milliseconds; default BLOCK_TIMEOUT_MS. */
  blockTimeoutMs?: number
  log?: Log
}

/**
 * The files port on a Helia node that runs already, and stays its owner's: `stop` leaves it running. Blocks that are not here are
 * asked of peers that speak the data stream, and then of the node itself, which asks whomever it was made to ask.
 */
export async function filesOnHelia ({ helia, libp2p, blockTimeoutMs = BLOCK_TIMEOUT_MS, log = silent }: FilesOnHeliaInit): Promise<HeliaFiles> {
  const blockstore = new LocalBlockstore({ own: new HeliaLayer(helia), others: [], log })
  if (libp2p === undefined) return filesOn(new BlockSource({ local: blockstore }), helia, log, async () => {})
  const giver = new Giver({ libp2p, blockstore, log })
  await giver.start()
  const exchange = new Exchange({ libp2p, bitswap: noBitswap, store: async (cid, bytes) => await blockstore.cache(cid, bytes), log, blockTimeoutMs })
  const outside = { want: async (cid: CID, _: readonly CID[] | undefined, signal?: AbortSignal) => await askNode(helia, cid, blockTimeoutMs, signal) }
  return filesOn(new BlockSource({ local: blockstore, network: { exchange, bitswap: noBitswap }, outside }), helia, log, async () => {
    exchange.stop()
    await giver.stop()
  })
}

/** The node has a bitswap of its own, which tells of its blocks by itself, and asks in `askNode`. */
const noBitswap: Bitswap = {
  send: async (_, entries) => {
    if ([...entries.values()].some(({ cancel }) => cancel !== true)) throw new Error('it does not speak the data stream')
  },
  onBlock: () => {},
  onPresence: () => {},
  announce: async () => {},
  stop: async () => {}
}

/** Asks the node, by whatever means it was made with. `BLOCK_UNAVAILABLE` where it does not find the block in time. */
async function askNode ({ blockstore }: HostNode, cid: CID, blockTimeoutMs: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const deadline = AbortSignal.timeout(blockTimeoutMs)
  try {
    const pieces: Uint8Array[] = []
    for await (const piece of blockstore.get(cid, { signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]) })) pieces.push(piece)
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
  } catch (cause) {
    if (signal?.aborted === true) throw aborted(signal, `wanting block ${cid}`)
    throw new MapReduceError('BLOCK_UNAVAILABLE', `the Helia node ${deadline.aborted ? `did not find block ${cid} within ${blockTimeoutMs} ms` : `cannot get block ${cid}: ${(cause as Error).message}`}`, { cause })
  }
}
