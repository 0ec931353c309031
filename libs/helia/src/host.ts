import { randomUUID } from 'node:crypto'
import { master } from '@ipfs-mapreduce/actors'
import type { Log, Master, Watch } from '@ipfs-mapreduce/actors'
import { filesOnHelia } from '@ipfs-mapreduce/blocks'
import type { HeliaFiles } from '@ipfs-mapreduce/blocks'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { networkOn } from '@ipfs-mapreduce/network'
import { DEFAULT_CLUSTER } from '@ipfs-mapreduce/protocol'
import type { Message, MessageHandler, Network } from '@ipfs-mapreduce/protocol'
import type { Libp2p } from '@libp2p/interface'
import { clock } from './clock.ts'
import { withGoodbyes } from './goodbyes.ts'
import type { HeliaNode, Membership } from './node.ts'

/** A master on a Helia node, which all jobs of the node's own share. */
export interface Host {
  readonly cluster: string
  readonly network: Network
  readonly files: HeliaFiles
  readonly master: Master
  /** Asks the master as this node, which cannot dial itself. */
  ask: (message: Message) => Promise<Message>
  /** Calls back whenever something of a job has changed. Returns how to stop that. */
  onChange: (job: string, listener: () => void) => () => void
}

interface Shared {
  host: Promise<Host & { close: () => Promise<void> }>
  cluster: string
  users: number
}

const hosts = new WeakMap<Libp2p, Shared>()

/** Takes the node's master, and starts it where there is none. `release` stops it when nobody else uses it. */
export async function takeHost (helia: HeliaNode, membership: Membership, log: Log): Promise<{ host: Host, release: () => Promise<void> }> {
  const { cluster = DEFAULT_CLUSTER } = membership
  const { libp2p } = helia
  const shared = hosts.get(libp2p) ?? { host: openHost(helia, { ...membership, cluster }, log), cluster, users: 0 }
  if (shared.cluster !== cluster) throw new MapReduceError('BAD_INPUT', `the node's master serves cluster '${shared.cluster}': stop that, or use another node for '${cluster}'`)
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

async function openHost (helia: HeliaNode, { cluster, ...membership }: Membership & { cluster: string }, log: Log): Promise<Host & { close: () => Promise<void> }> {
  const node = await networkOn(helia.libp2p, { ...membership, cluster, log })
  const files = await filesOnHelia({ helia, libp2p: helia.libp2p, log }).catch(async (error: unknown) => {
    await node.close()
    throw error
  })
  const changes = new Changes()
  const { network, goodbyesSaid } = withGoodbyes(node)
  let answer: MessageHandler | undefined
  const overheard: Network = {
    ...network,
    handle: handler => {
      answer = handler
      network.handle(handler)
    }
  }
  const actor = master({ cluster, acceptClients: [node.peer] })({ network: overheard, files, clock, log, random: Math.random, newId: randomUUID, watch: changes.watch })
  await actor.start()
  return {
    cluster,
    network,
    files,
    master: actor,
    ask: async message => await answer!(node.peer, message),
    onChange: (job, listener) => changes.on(job, listener),
    close: async () => {
      await actor.stop()
      await goodbyesSaid()
      await files.stop()
      await node.close()
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
