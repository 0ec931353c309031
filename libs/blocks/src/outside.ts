import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { createHeliaLight } from 'helia'
import { aborted } from './abort.ts'
import { startBitswap } from './bitswap.ts'
import { LOOKUP_GRACE_MS, MAX_FOUND_PEERS, MAX_LOOKUPS } from './constants.ts'
import { Exchange } from './exchange.ts'
import { parseProviders } from './provider.ts'
import { serial } from './serial.ts'
import { openStore, MEMORY } from './store.ts'
import type { ExchangeInit } from './exchange.ts'
import type { Log } from './log.ts'
import type { Provider } from './provider.ts'
import type { Libp2p } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'

/**
 * Looks for peers that have a block, and tells of each; resolves when it knows of no more, a bound of its own is over or the signal
 * aborts: to what could not be asked, and why.
 */
export type FindProviders = (cid: CID, found: (provider: Provider) => void, signal: AbortSignal) => Promise<string[]>

/** IPFS nodes that are no peers of a cluster. */
export interface OutsideInit {
  /** A started node of its own, by which they are asked: they see neither the cluster nor its node. */
  libp2p: Libp2p
  /** Multiaddrs, with `/p2p/PEER`, of nodes that are asked for whatever the cluster does not have. */
  peers: string[]
  /** Whom to ask where those do not have it either. */
  findProviders?: FindProviders
}

/**
 * Blocks of IPFS nodes anywhere, by bitswap. Those that are known are asked first: named ones, and those found for an earlier
 * block of the same files. Nothing is given to them: their wants are answered as by a node without blocks.
 */
export class Outside {
  readonly #exchange: Exchange
  readonly #named: Provider[]
  readonly #findProviders: FindProviders | undefined
  readonly #log: Log
  readonly #stop: () => Promise<void>
  /** Peers that lookups have found, the latest last. */
  readonly #found = new Map<string, Provider>()
  /** Counts lookups that found somebody. */
  #finds = 0
  /** One lookup at a time: who has a block mostly has its siblings. */
  readonly #alone = serial()

  private constructor (exchange: Exchange, init: OutsideInit, log: Log, stop: () => Promise<void>) {
    this.#exchange = exchange
    this.#named = parseProviders(init.peers, address => { log.warn({ address }, 'an IPFS peer has no address that ends in /p2p/PEER') })
    this.#findProviders = init.findProviders
    this.#log = log
    this.#stop = stop
  }

  static async start (init: OutsideInit, { store, log, blockTimeoutMs }: Pick<ExchangeInit, 'store' | 'log' | 'blockTimeoutMs'>): Promise<Outside> {
    const nothing = await openStore(MEMORY)
    const helia = createHeliaLight({ blockstore: nothing.blockstore, datastore: nothing.datastore })
    await helia.start()
    const bitswap = await startBitswap(helia, init.libp2p, nothing.blockstore)
    // The peers that route are connected too, and are no holders.
    const exchange = new Exchange({ libp2p: init.libp2p, bitswap, store, log, blockTimeoutMs, others: () => [] })
    return new Outside(exchange, init, log, async () => {
      exchange.stop()
      await bitswap.stop()
      await helia.stop()
    })
  }

  /** The bytes of a block, whose hash is right; `roots` are what it is of. `BLOCK_UNAVAILABLE` where nobody is found who gives it. */
  async want (cid: CID, roots: readonly CID[] = [], signal?: AbortSignal): Promise<Uint8Array> {
    const sought = [cid, ...roots].filter((one, at, all) => all.findIndex(other => other.equals(one)) === at)
    for (let lookups = 0; ; lookups++) {
      const finds = this.#finds
      try {
        return await this.#exchange.want(cid, [...this.#named, ...this.#found.values()], signal)
      } catch (error) {
        if ((error as MapReduceError).code !== 'BLOCK_UNAVAILABLE' || this.#findProviders === undefined || lookups === MAX_LOOKUPS) throw error
        const { more, unasked } = await this.#findMore(sought, finds, this.#findProviders, signal)
        if (!more) {
          const but = unasked.length === 0 ? '' : `, as far as it could be asked (${unasked.join('; ')})`
          throw new MapReduceError('BLOCK_UNAVAILABLE', `${(error as Error).message}; the routing of IPFS knows of nobody else${but}`, { cause: error })
        }
      }
    }
  }

  async stop (): Promise<void> {
    await this.#stop()
  }

  /** Whether there is somebody to ask who was not known after so many finds. Who has any of the blocks will do. */
  async #findMore (cids: CID[], finds: number, findProviders: FindProviders, signal: AbortSignal | undefined): Promise<{ more: boolean, unasked: string[] }> {
    return await this.#alone(async () => {
      if (this.#finds !== finds) return { more: true, unasked: [] }
      if (signal?.aborted === true) throw aborted(signal, `looking for who has ${cids.join(' or ')}`)
      const enough = new AbortController()
      const ends = [enough.signal, ...signal === undefined ? [] : [signal]]
      let fresh = 0
      let grace: NodeJS.Timeout | undefined
      const found = (provider: Provider): void => {
        if (!this.#add(provider)) return
        fresh++
        // Others that have it answer at about the same time.
        grace ??= setTimeout(() => { enough.abort() }, LOOKUP_GRACE_MS)
      }
      const unasked = await Promise.all(cids.map(async cid => await findProviders(cid, found, AbortSignal.any(ends)))).finally(() => { clearTimeout(grace) })
      this.#log.debug({ cids: cids.map(String), peers: fresh }, 'looked for peers that have a block')
      if (fresh > 0) this.#finds++
      return { more: fresh > 0, unasked: [...new Set(unasked.flat())] }
    })
  }

  /** False where it was known. */
  #add (provider: Provider): boolean {
    const name = `${provider.peer}`
    const known = this.#found.has(name) || this.#named.some(({ peer }) => peer.equals(provider.peer))
    if (known) return false
    this.#found.set(name, provider)
    if (this.#found.size > MAX_FOUND_PEERS) this.#found.delete(this.#found.keys().next().value!)
    return true
  }
}
