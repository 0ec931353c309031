import type { HostNode } from '@ipfs-mapreduce/blocks'
import type { Helia } from '@helia/interface'
import type { Libp2p } from '@libp2p/interface'

/** What of a Helia node is used, such as `createHelia` makes it: its blocks, its datastore, its pins and its libp2p. It must be started. */
export type HeliaNode = HostNode & Pick<Helia, 'pins'> & {
  /** With gossipsub among its services, whatever it is called there. */
  libp2p: Libp2p
}

/** Which cluster a node takes part in, and with whom. */
export interface Membership {
  /** Name of the cluster, a DNS label; default DEFAULT_CLUSTER. Peers of other clusters are not heard. */
  cluster?: string
  /** Ids of the peers that may take part; without it, whoever is connected. */
  allow?: readonly string[]
  /** Whoever is connected is trusted, as where the node's libp2p has a swarm key. A node that listens beyond loopback needs this or `allow`. */
  privateSwarm?: boolean
}
