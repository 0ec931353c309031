import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { aborted } from './abort.ts'
import { blockKey, CODEC } from './cid.ts'
import { DECODED_NODES, MAX_DECODED_LINKS } from './constants.ts'
import { decodeFile } from './node.ts'
import type { Bitswap } from './bitswap.ts'
import type { Exchange } from './exchange.ts'
import type { LocalBlockstore } from './local.ts'
import type { FileNode } from './node.ts'
import type { Outside } from './outside.ts'
import type { Provider } from './provider.ts'
import type { Fetched } from '@ipfs-mapreduce/mapreduce'
import type { CID } from 'multiformats/cid'

/** Whom to ask for blocks that are not here, until when, and where to count them. */
export interface Ask {
  providers: readonly Provider[]
  /** What the blocks are of, a file and what it lies below: some nodes make known that they have these, and not that they have each block. */
  roots?: readonly CID[]
  signal?: AbortSignal
  fetched?: Fetched
  /** Blocks that are not here yet stay until they are deleted; else they may be dropped again when room is short. */
  hold?: boolean
}

/** The same, until another signal too. */
export function until (ask: Ask, stopped: AbortSignal): Ask {
  return { ...ask, signal: ask.signal == null ? stopped : AbortSignal.any([ask.signal, stopped]) }
}

export interface SourceInit {
  local: LocalBlockstore
  /** Peers of the cluster. */
  network?: { exchange: Pick<Exchange, 'want'>, bitswap: Pick<Bitswap, 'announce'> }
  /** IPFS nodes elsewhere. */
  outside?: Pick<Outside, 'want'>
}

/** Blocks by CID: those of this machine first, then those of the cluster's peers, then those of IPFS nodes elsewhere. */
export class BlockSource {
  readonly local: LocalBlockstore
  readonly #network: SourceInit['network']
  readonly #outside: SourceInit['outside']
  /** Inner nodes of files that were read, the oldest first. */
  readonly #nodes = new Map<string, FileNode>()

  constructor ({ local, network, outside }: SourceInit) {
    this.local = local
    this.#network = network
    this.#outside = outside
  }

  /** The bytes of a block, checked; what comes from the network is stored, and may be dropped again. `BLOCK_UNAVAILABLE` where nobody has it. */
  async get (cid: CID, ask: Ask): Promise<Uint8Array> {
    if (ask.signal?.aborted === true) throw aborted(ask.signal, `reading block ${cid}`)
    const get = async (): Promise<Uint8Array> => await this.local.read(cid) ?? await this.#fetch(cid, ask, ask.hold === true)
    return ask.hold === true ? await this.local.holding(cid, get) : await get()
  }

  /** A block of a file, decoded. Inner nodes are read with each range of their file, and take longer to decode than to read. */
  async file (cid: CID, ask: Ask): Promise<FileNode> {
    const block = await this.get(cid, ask)
    const known = cid.code === CODEC.dagPb ? this.#nodes.get(blockKey(cid)) : undefined
    if (known !== undefined) return known
    const node = decodeFile(cid, block)
    if (node.links.length > 0 && node.links.length <= MAX_DECODED_LINKS) {
      if (this.#nodes.size === DECODED_NODES) this.#nodes.delete(this.#nodes.keys().next().value!)
      this.#nodes.set(blockKey(cid), node)
    }
    return node
  }

  /** Makes a block local. With `owned`, whole in the own store, where no other process deletes it. */
  async ensure (cid: CID, ask: Ask, owned = false): Promise<void> {
    if (ask.signal?.aborted === true) throw aborted(ask.signal, `fetching block ${cid}`)
    const ensure = async (): Promise<void> => {
      if (owned ? await this.local.ownsWhole(cid) : await this.local.has(cid)) return
      if (owned && await this.local.adopt(cid)) return
      await this.#fetch(cid, ask, owned || ask.hold === true)
    }
    await (ask.hold === true ? this.local.holding(cid, ensure) : ensure())
  }

  /** Stores a block that was made here. */
  async put (cid: CID, bytes: Uint8Array): Promise<CID> {
    await this.local.put(cid, bytes)
    await this.#network?.bitswap.announce(cid)
    return cid
  }

  /** With `must`, it fails where there is no room to keep the block. */
  async #fetch (cid: CID, ask: Ask, must: boolean): Promise<Uint8Array> {
    const bytes = await this.#want(cid, ask)
    if (must) await this.local.store(cid, bytes)
    if (ask.fetched != null) {
      ask.fetched.blocks++
      ask.fetched.bytes += bytes.byteLength
    }
    return bytes
  }

  async #want (cid: CID, { providers, roots, signal }: Ask): Promise<Uint8Array> {
    if (this.#network == null) {
      if (this.#outside === undefined) throw new MapReduceError('BLOCK_UNAVAILABLE', `block ${cid} is not in the local store, and this store has no network`)
      return await this.#outside.want(cid, roots, signal)
    }
    const home = this.#network.exchange.want(cid, providers, signal)
    if (this.#outside === undefined) return await home
    try {
      return await home
    } catch (error) {
      if ((error as MapReduceError).code !== 'BLOCK_UNAVAILABLE') throw error
      return await this.#outside.want(cid, roots, signal).catch((outside: unknown) => { throw outsideToo(error as MapReduceError, outside as MapReduceError) })
    }
  }
}

function outsideToo (home: MapReduceError, outside: MapReduceError): MapReduceError {
  return outside.code === 'BLOCK_UNAVAILABLE' ? new MapReduceError(outside.code, `${home.message}; of IPFS nodes elsewhere: ${outside.message}`, { cause: outside }) : outside
}
