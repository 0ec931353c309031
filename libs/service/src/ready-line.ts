export interface Ready {
  role: string
  peer: string
  cluster: string
  /** Attempts at once; 0 leaves it out. */
  slots: number
  /** Multiaddrs that end in `/p2p/PEER`. */
  addresses: string[]
}

/** The one line that a service prints to stdout when it listens; scripts may read it. Fields are two spaces apart. */
export function readyLine ({ role, peer, cluster, slots, addresses }: Ready): string {
  const fields = [`${role} ready`, `peer ${peer}`, ...(slots > 0 ? [`slots ${slots}`] : []), `cluster ${cluster}`, `listening ${addresses.join(' ')}`]
  return fields.join('  ')
}
