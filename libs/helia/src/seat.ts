import type { Log } from '@ipfs-mapreduce/actors'
import { filesOnHelia } from '@ipfs-mapreduce/blocks'
import type { HeliaFiles } from '@ipfs-mapreduce/blocks'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { networkOn } from '@ipfs-mapreduce/network'
import { DEFAULT_CLUSTER } from '@ipfs-mapreduce/protocol'
import type { Network } from '@ipfs-mapreduce/protocol'
import type { Libp2p } from '@libp2p/interface'
import type { HeliaNode, Membership } from './node.ts'
import { Roles } from './roles.ts'
import type { Role } from './roles.ts'

/** A role of a node: what it takes part by. */
export interface Seat {
  cluster: string
  network: Network
  files: HeliaFiles
  /** Gives the role up; the last one leaves the cluster. The Helia node goes on. */
  leave: () => Promise<void>
}

interface Parts {
  roles: Roles
  files: HeliaFiles
  close: () => Promise<void>
}

interface Shared {
  membership: Membership & { cluster: string }
  parts: Promise<Parts>
  taken: Set<Role>
  closing?: Promise<void>
}

const seats = new WeakMap<Libp2p, Shared>()

/**
 * Takes a role at a node, whose master and worker share its peer id, its protocols and its store.
 * `BAD_INPUT` where the role is taken, or the node takes part in another cluster, or with others.
 */
export async function takeSeat (helia: HeliaNode, role: Role, membership: Membership, log: Log): Promise<Seat> {
  const { libp2p } = helia
  // What had the node before may not have left yet.
  while (seats.get(libp2p)?.closing !== undefined) await seats.get(libp2p)?.closing
  const shared = seats.get(libp2p) ?? open(helia, { ...membership, cluster: membership.cluster ?? DEFAULT_CLUSTER }, log)
  if (shared.taken.has(role)) throw new MapReduceError('BAD_INPUT', `the node is a ${role} already: stop that first, or use another node`)
  checkMembership(helia, membership)
  seats.set(libp2p, shared)
  shared.taken.add(role)
  const leave = async (): Promise<void> => {
    if (!shared.taken.delete(role) || shared.taken.size > 0) return
    shared.closing = shared.parts.then(async ({ close }) => { await close() }, () => {}).finally(() => { seats.delete(libp2p) })
    await shared.closing
  }
  try {
    const { roles, files } = await shared.parts
    const network = roles.as(role)
    return {
      cluster: shared.membership.cluster, network, files,
      leave: async () => {
        await network.close()
        await leave()
      }
    }
  } catch (error) {
    await leave()
    throw error
  }
}

function open (helia: HeliaNode, membership: Membership & { cluster: string }, log: Log): Shared {
  return { membership, parts: openParts(helia, membership, log), taken: new Set() }
}

async function openParts (helia: HeliaNode, membership: Membership & { cluster: string }, log: Log): Promise<Parts> {
  const { libp2p } = helia
  const network = await networkOn(libp2p, { ...membership, log })
  const files = await filesOnHelia({ helia, libp2p, log }).catch(async (error: unknown) => {
    await network.close()
    throw error
  })
  return {
    roles: new Roles(network, log), files,
    close: async () => {
      await files.stop()
      await network.close()
    }
  }
}

/** A role that names no cluster or no peers takes those of the node; one that does must name the same, or is refused by `BAD_INPUT`. */
export function checkMembership ({ libp2p }: Pick<HeliaNode, 'libp2p'>, { cluster, allow, privateSwarm }: Membership): void {
  const taken = seats.get(libp2p)?.membership
  if (taken === undefined) return
  if (cluster !== undefined && cluster !== taken.cluster) throw new MapReduceError('BAD_INPUT', `the node takes part in cluster '${taken.cluster}': stop that, or use another node for '${cluster}'`)
  if ((allow === undefined || listOf(allow) === listOf(taken.allow)) && (privateSwarm === undefined || privateSwarm === (taken.privateSwarm ?? false))) return
  throw new MapReduceError('BAD_INPUT', 'the node takes part already, with other settings of allow or privateSwarm: leave them out here, or stop what it does first')
}

function listOf (peers: readonly string[] | undefined): string | undefined {
  return peers && [...new Set(peers)].sort().join(' ')
}
