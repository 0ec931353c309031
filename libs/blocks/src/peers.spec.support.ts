import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { createFiles } from './files.ts'
import { MEMORY, openStore } from './store.ts'
import type { HeliaFiles } from './files.ts'
import type { Store } from './store.ts'
import type { Libp2p } from '@libp2p/interface'

/** A raw block of 'nobody has this'. */
export const MISSING = 'bafkreiemqpndzewx4bioklzfvhtiegsfny5fxuc3nkjk2vmcpjxiammsti'
/** Longer than a busy machine stalls. */
export const PATIENT_MS = 8_000

export interface Peer {
  libp2p: Libp2p
  files: HeliaFiles
  store: Store
  addresses: string[]
}

/** Real libp2p nodes over TCP on loopback, stopped together. */
export function peers (): { peer: (options?: { store?: Store, blockTimeoutMs?: number }) => Promise<Peer>, node: () => Promise<Libp2p>, stop: () => Promise<void> } {
  const running: Array<() => Promise<void>> = []
  const node = async (): Promise<Libp2p> => {
    const libp2p = await createLibp2p({
      addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionManager: { inboundConnectionThreshold: 100 }
    })
    running.push(async () => { await libp2p.stop() })
    return libp2p
  }
  return {
    node,
    peer: async (options = {}) => {
      const libp2p = await node()
      const store = options.store ?? await openStore(MEMORY)
      const files = await createFiles({ libp2p, store, blockTimeoutMs: options.blockTimeoutMs ?? PATIENT_MS })
      running.push(async () => { await files.stop() })
      return { libp2p, files, store, addresses: libp2p.getMultiaddrs().map(address => `${address}`) }
    },
    stop: async () => { for (const stop of running.reverse()) await stop() }
  }
}

export async function collect (pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const list: Uint8Array[] = []
  for await (const piece of pieces) list.push(piece)
  return Buffer.concat(list)
}

export async function all <T> (items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

/** How long a promise took to fail, and with what. */
export async function failure (promise: Promise<unknown>): Promise<{ error: Error & { code?: string }, ms: number }> {
  const start = performance.now()
  const error = await promise.then(value => new Error(`it did not fail: ${JSON.stringify(value)}`), (error: Error) => error)
  return { error, ms: performance.now() - start }
}
