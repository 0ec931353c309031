import { MapReduceError, type ReadOptions } from '@ipfs-mapreduce/mapreduce'
import type { Lifetime } from '../lifetime.ts'
import { namedPeer } from '../network/peer.ts'
import type { VirtualNetwork } from '../network/virtual-network.ts'
import { damaged } from '../network/damage.ts'
import { isBlockOf } from './cid.ts'
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

  /** One try at one holder, which may come to nothing. Rejects where the block came and could not be written. */
  const transfer = async (cid: string, holder: string, want: { open: boolean }, signal: AbortSignal | undefined): Promise<void> => await wait(lifetime, RETRY_MS, signal, (done, fail) => {
    const block = init.diskOf(holder)?.get(cid)
    // Found damaged as it was read: the holder says that it does not have it.
    if (block === undefined) {
      done()
      return
    }
    // A round trip: the want and the block.
    network.send({ from: holder, to: name, cargo: { kind: 'block', cid, bytes: block.length } }, {
      hops: 2,
      present: () => lifetime.alive() && network.reachable(name, holder),
      arrive (damage) {
        const received = damage === undefined ? block : damaged(block, damage)
        // Bitswap names what it receives by its hash: a damaged block is another one, which nobody wants. Nor is one that came too late.
        if (!want.open || !isBlockOf(cid, received)) return
        try {
          disk.set(cid, received)
          done()
        } catch (error) {
          fail(error)
        }
      }
    })
  })

  const unavailable = (cid: string, asked: string[]): MapReduceError => new MapReduceError('BLOCK_UNAVAILABLE',
    `block ${cid} is not available: ${asked.length === 0 ? 'no peer is known to ask' : `asked ${asked.join(', ')}`}; check that a peer that holds it is connected`)

  const obtain = async (cid: string, want: { open: boolean }, { signal, providers = [] }: ReadOptions): Promise<{ block: Uint8Array, fetched: boolean }> => {
    const deadlineMs = clock.now() + BLOCK_TIMEOUT_MS
    for (let tried = 0; ; tried++) {
      const held = disk.get(cid)
      if (held !== undefined) return { block: held, fetched: tried > 0 }
      const asked = candidates(name, providers, network.connections(name))
      const holders = asked.filter(peer => network.reachable(name, peer) && init.diskOf(peer)?.has(cid) === true)
      const hopeful = asked.some(peer => network.present(peer) && network.cutOff(name, peer))
      if (clock.now() >= deadlineMs || (holders.length === 0 && !hopeful)) throw unavailable(cid, asked)
      if (holders.length > 0) await transfer(cid, holders[tried % holders.length]!, want, signal)
      else await wait(lifetime, RETRY_MS, signal, () => {})
      refuseAborted(signal, cid)
    }
  }

  return {
    async get (cid, options = {}) {
      checkCid(cid)
      refuseAborted(options.signal, cid)
      const want = { open: true }
      try {
        return await obtain(cid, want, options)
      } finally {
        want.open = false
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

/** Resolves when `start` calls done, after `ms`, or at an abort; rejects when it calls fail. A dead process waits for ever. */
async function wait (lifetime: Lifetime, ms: number, signal: AbortSignal | undefined, start: (done: () => void, fail: (error: unknown) => void) => void): Promise<void> {
  await lifetime.bound(new Promise<void>((resolve, reject) => {
    const end = (settle: () => void): void => {
      lifetime.clock.clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      settle()
    }
    const onAbort = (): void => { end(resolve) }
    const timer = lifetime.clock.setTimeout(() => { end(resolve) }, ms)
    signal?.addEventListener('abort', onAbort, { once: true })
    start(() => { end(resolve) }, error => { end(() => { reject(error as Error) }) })
  }))
}
