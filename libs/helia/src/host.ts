import { randomUUID } from 'node:crypto'
import { master } from '@ipfs-mapreduce/actors'
import type { Log, Master, Watch } from '@ipfs-mapreduce/actors'
import type { HeliaFiles } from '@ipfs-mapreduce/blocks'
import type { Network } from '@ipfs-mapreduce/protocol'
import type { Libp2p } from '@libp2p/interface'
import { clock } from './clock.ts'
import { withGoodbyes } from './goodbyes.ts'
import type { HeliaNode, Membership } from './node.ts'
import { checkMembership, takeSeat } from './seat.ts'

/** A master on a Helia node, which all jobs of the node's own share. */
export interface Host {
  readonly cluster: string
  readonly network: Network
  readonly files: HeliaFiles
  readonly master: Master
  /** Calls back whenever something of a job has changed. Returns how to stop that. */
  onChange: (job: string, listener: () => void) => () => void
}

interface Shared {
  host: Promise<Host & { close: () => Promise<void> }>
  users: number
}

const hosts = new WeakMap<Libp2p, Shared>()

/** Takes the node's master, and starts it where there is none. `release` stops it when nobody else uses it. */
export async function takeHost (helia: HeliaNode, membership: Membership, log: Log): Promise<{ host: Host, release: () => Promise<void> }> {
  const { libp2p } = helia
  checkMembership(helia, membership)
  const shared = hosts.get(libp2p) ?? { host: openHost(helia, membership, log), users: 0 }
  hosts.set(libp2p, shared)
  shared.users++
  let released = false
  const release = async (): Promise<void> => {
    if (released) return
    released = true
    if (--shared.users > 0) return
    hosts.delete(libp2p)
    await (await shared.host).close()
  }
  try {
    return { host: await shared.host, release }
  } catch (error) {
    if (--shared.users === 0 && hosts.get(libp2p) === shared) hosts.delete(libp2p)
    throw error
  }
}

async function openHost (helia: HeliaNode, membership: Membership, log: Log): Promise<Host & { close: () => Promise<void> }> {
  const seat = await takeSeat(helia, 'master', membership, log)
  const changes = new Changes()
  const { network, goodbyesSaid } = withGoodbyes(seat.network)
  const actor = master({ cluster: seat.cluster, acceptClients: [network.peer] })({ network, files: seat.files, clock, log, random: Math.random, newId: randomUUID, watch: changes.watch })
  await actor.start()
  return {
    cluster: seat.cluster,
    network,
    files: seat.files,
    master: actor,
    onChange: (job, listener) => changes.on(job, listener),
    close: async () => {
      await actor.stop()
      await goodbyesSaid()
      await seat.leave()
    }
  }
}

/** Who wants to know of which job. */
class Changes {
  readonly #listeners = new Map<string, Set<() => void>>()

  readonly watch: Watch = {
    jobOpened: ({ id }) => { this.#tell(id) },
    jobTicked: ({ id }) => { this.#tell(id) },
    jobEnded: ({ id }) => { this.#tell(id) },
    attemptStarted: ({ job }) => { this.#tell(job) },
    attemptEnded: ({ job }) => { this.#tell(job) }
  }

  on (job: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(job) ?? new Set()
    this.#listeners.set(job, listeners)
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(job)
    }
  }

  #tell (job: string): void {
    for (const listener of this.#listeners.get(job) ?? []) listener()
  }
}
