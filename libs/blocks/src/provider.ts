import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

/** A peer that is said to hold content, and where it may be dialled. */
export interface Provider {
  peer: PeerId
  addresses: Multiaddr[]
}

/**
 * Groups addresses that end in `/p2p/PEER` by peer. They are hints that other peers gave: one that is no such
 * address is told to `onUnusable`, not thrown.
 */
export function parseProviders (addresses: readonly string[], onUnusable: (address: string) => void): Provider[] {
  const byPeer = new Map<string, Provider>()
  for (const text of addresses) {
    const parsed = parse(text)
    if (parsed == null) {
      onUnusable(text)
      continue
    }
    const known = byPeer.get(`${parsed.peer}`)
    if (known == null) byPeer.set(`${parsed.peer}`, parsed)
    else known.addresses.push(...parsed.addresses)
  }
  return [...byPeer.values()]
}

function parse (text: string): Provider | undefined {
  try {
    const address = multiaddr(text)
    const last = address.getComponents().at(-1)
    if (last?.name !== 'p2p' || last.value == null) return undefined
    return { peer: peerIdFromString(last.value), addresses: [address] }
  } catch {
    return undefined
  }
}
