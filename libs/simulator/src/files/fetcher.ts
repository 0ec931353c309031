import { MapReduceError, type ReadOptions } from '@ipfs-mapreduce/mapreduce'
import type { Lifetime } from '../lifetime.ts'
import { namedPeer } from '../network/peer.ts'
import type { VirtualNetwork } from '../network/virtual-network.ts'
import type { Disk } from './disk.ts'
import { checkCid } from './nodes.ts'

/** How long a block is asked for before it counts as unavailable. */
export const BLOCK_TIMEOUT_MS = 15_000
/** How long one peer may take to send a block, and how often peers behind a cut are tried again. */
const RETRY_MS = 500

/** Where a virtual peer gets its blocks: its disk, then the peers that hold them. */
export interface Fetcher {
  /** A block, held here afterwards. `fetched` is false where it was held before. */
  get: (cid: string, options?: ReadOptions) => Promise<{ block: Uint8Array, fetched: boolean }>
}

interface FetcherInit {
  name: string
  lifetime: Lifetime
  network: VirtualNetwork
  disk: Disk
  /** The disk of another peer, if it ever had one. */
  diskOf: (name: string) => Disk | undefined
}

export function createFetcher (init: FetcherInit): Fetcher {
  const { name, lifetime, network, disk } = init
  const { clock } = lifetime

  /** One try at one holder; false when nothing came in time. */
  const transfer = async (cid: string, holder: string, signal: AbortSignal | undefined): Promise<boolean> => await wait(lifetime, RETRY_MS, signal, done => {
    const block = init.diskOf(holder)!.get(cid)!
    // A round trip: the want and the block.
    network.send({ from: holder, to: name, cargo: { kind: 'block', cid, bytes: block.length } }, {
      hops: 2,
      present: () => lifetime.alive() && network.reachable(name, holder),
      arrive () {
        disk.set(cid, block)
        done()
      }
    })
  })

  const unavailable = (cid: string, asked: string[]): MapReduceError => new MapReduceError('BLOCK_UNAVAILABLE',
    `block ${cid} is not available: ${asked.length === 0 ? 'no peer is known to ask' : `asked ${asked.join(', ')}`}; check that a peer that holds it is connected`)

  return {
    async get (cid, { signal, providers = [] } = {}) {
      checkCid(cid)
      refuseAborted(signal, cid)
      const deadlineMs = clock.now() + BLOCK_TIMEOUT_MS
      for (let tried = 0; ; tried++) {
        const held = disk.get(cid)
        if (held !== undefined) return { block: held, fetched: tried > 0 }
        const asked = candidates(name, providers, network.connections(name))
        const holders = asked.filter(peer => network.reachable(name, peer) && init.diskOf(peer)?.has(cid) === true)
        const hopeful = asked.some(peer => network.present(peer) && network.cutOff(name, peer))
        if (clock.now() >= deadlineMs || (holders.length === 0 && !hopeful)) throw unavailable(cid, asked)
        if (holders.length > 0) await transfer(cid, holders[tried % holders.length]!, signal)
        else await wait(lifetime, RETRY_MS, signal, () => {})
        refuseAborted(signal, cid)
      }
    }
  }
}

/** Whom to ask: the providers named, then whoever is connected. */
function candidates (self: string, providers: readonly string[], connected: readonly string[]): string[] {
  const named = providers.map(provider => namedPeer(provider) ?? provider)
  return [...new Set([...named, ...connected])].filter(peer => peer !== self)
}

function refuseAborted (signal: AbortSignal | undefined, cid: string): void {
  if (signal?.aborted === true) throw new MapReduceError('ABORTED', `reading ${cid} was aborted by the caller`)
}

/** True when `start` calls done, false after `ms` or an abort. A dead process waits for ever. */
async function wait (lifetime: Lifetime, ms: number, signal: AbortSignal | undefined, start: (done: () => void) => void): Promise<boolean> {
  return await lifetime.bound(new Promise<boolean>(resolve => {
    const end = (result: boolean): void => {
      lifetime.clock.clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      resolve(result)
    }
    const onAbort = (): void => { end(false) }
    const timer = lifetime.clock.setTimeout(() => { end(false) }, ms)
    signal?.addEventListener('abort', onAbort, { once: true })
    start(() => { end(true) })
  }))
}
