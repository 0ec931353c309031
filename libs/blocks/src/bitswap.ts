import { withBitswap } from '@helia/bitswap'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { MESSAGE_TIMEOUT_MS } from './constants.ts'
import type { BlockBroker, Helia } from '@helia/interface'
import type { Libp2p, PeerId, Startable } from '@libp2p/interface'
import type { Blockstore } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'

/** One entry of a wantlist (Bitswap 1.2.0, `message.proto`). */
export interface WantEntry {
  cid: Uint8Array
  priority: number
  cancel?: boolean
  wantType?: 'WantBlock' | 'WantHave'
  sendDontHave?: boolean
}

/** What a peer answered: a block, or whether it has one. */
export interface BlockAnswer { sender: PeerId, cid: CID, block: Uint8Array }
export interface PresenceAnswer { sender: PeerId, cid: CID, has: boolean }

/** The parts of `@helia/bitswap` that a session of our own is built from. */
interface BitswapParts {
  network: { sendMessage: (peer: PeerId, message: object, options: { signal: AbortSignal }) => Promise<void> }
  wantList: {
    addEventListener: ((type: 'block', listener: (event: CustomEvent<BlockAnswer>) => void) => void)
      & ((type: 'presence', listener: (event: CustomEvent<PresenceAnswer>) => void) => void)
  }
}

/** Bitswap on a libp2p node: it answers from a store by itself, and lets its user ask. */
export interface Bitswap {
  send: (peer: PeerId, entries: Map<string, WantEntry>, signal: AbortSignal) => Promise<void>
  onBlock: (listener: (answer: BlockAnswer) => void) => void
  onPresence: (listener: (answer: PresenceAnswer) => void) => void
  /** Tells peers whose wants are waiting here that a block has come. */
  announce: (cid: CID) => Promise<void>
  stop: () => Promise<void>
}

type HeliaWithLibp2p = Parameters<typeof withBitswap>[0]

/**
 * Starts `@helia/bitswap` around an existing libp2p node. It answers from `blockstore` alone, which must never ask
 * the network: an answer that waits for a third peer holds up all others to the same peer.
 *
 * Asking goes through the library's network and wantlist, not through its sessions (4.0.19): those send each
 * want to every provider at once, forget a provider at its first missing block, do not notice that one has
 * disconnected, and never send cancels, without which js-ipfs peers do not answer a repeated want.
 */
export async function startBitswap (helia: Helia, libp2p: Libp2p, blockstore: Blockstore): Promise<Bitswap> {
  const { broker, parts } = await createBroker(helia, libp2p, blockstore)
  return {
    send: async (peer, entries, signal) => {
      await parts.network.sendMessage(peer, { full: false, pendingBytes: 0, wantlist: entries, blocks: new Map(), blockPresences: new Map() }, { signal })
    },
    onBlock: listener => { parts.wantList.addEventListener('block', event => { listener(event.detail) }) },
    onPresence: listener => { parts.wantList.addEventListener('presence', event => { listener(event.detail) }) },
    announce: async cid => { await broker.announce?.(cid) },
    stop: async () => { await broker.stop() }
  }
}

/** Runs the library's mixin on a node of which it sees only what it needs, and takes the broker that it makes. */
async function createBroker (helia: Helia, libp2p: Libp2p, blockstore: Blockstore): Promise<{ broker: BlockBroker & Pick<Required<Startable>, 'stop'>, parts: BitswapParts }> {
  const mixins: Array<{ start?: (helia: HeliaWithLibp2p) => Promise<void> | void }> = []
  const brokers: unknown[] = []
  const { logger, getHasher, routing } = helia
  const node = {
    libp2p, blockstore, logger, getHasher, routing,
    status: 'starting',
    addMixin: (mixin: (typeof mixins)[number]) => { mixins.push(mixin) },
    hasBlockBroker: () => false,
    addBlockBroker: (broker: unknown) => { brokers.push(broker) }
  } as unknown as HeliaWithLibp2p
  withBitswap(node, { messageSendTimeout: MESSAGE_TIMEOUT_MS, messageReceiveTimeout: MESSAGE_TIMEOUT_MS, doNotResendBlockWindow: 0 })
  for (const mixin of mixins) await mixin.start?.(node)
  const broker = brokers[0] as (BlockBroker & Pick<Required<Startable>, 'stop'> & { bitswap?: BitswapParts }) | undefined
  if (typeof broker?.bitswap?.network?.sendMessage !== 'function' || typeof broker.bitswap.wantList?.addEventListener !== 'function') {
    throw new MapReduceError('FATAL', 'this version of @helia/bitswap is not the one that libs/blocks was written for: install the version that its package.json names')
  }
  return { broker, parts: broker.bitswap }
}
