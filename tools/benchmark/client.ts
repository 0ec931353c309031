import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createFiles, MEMORY, openStore } from '@ipfs-mapreduce/blocks'
import type { HeliaFiles } from '@ipfs-mapreduce/blocks'
import type { InputFormat, JobSpec } from '@ipfs-mapreduce/mapreduce'
import { createNetwork } from '@ipfs-mapreduce/network'
import type { JobStatus, Message, Network } from '@ipfs-mapreduce/protocol'
import { bundleProgram } from '@ipfs-mapreduce/sandbox'
import type { Cluster } from './cluster.ts'

/** The announcement of a job's end is gossip, which may be lost: the master is asked this often too. */
const POLL_MS = 500
const JOIN_POLL_MS = 50
const JOIN_TIMEOUT_MS = 30_000
/** Of a job's result. */
export const PARTITIONS = 2

export interface JobInit {
  /** The program's source. */
  path: string
  name: string
  format: InputFormat
  input: string
  args?: Record<string, string>
}

export interface Finished {
  /** From the submission to the news of its end. */
  seconds: number
  status: JobStatus
}

/** A peer that submits jobs as `ipmr run --connect` does, and notes when it hears of their end. */
export class Client {
  readonly #network: Network
  readonly #files: HeliaFiles
  readonly #cluster: Cluster
  readonly #master: string
  readonly #close: () => Promise<void>
  /** Who waits for the end of a job that is named as soon as it is accepted. */
  #onEnd: (job: string) => void = () => undefined

  private constructor (parts: { network: Network, files: HeliaFiles, cluster: Cluster, master: string, close: () => Promise<void> }) {
    this.#network = parts.network
    this.#files = parts.files
    this.#cluster = parts.cluster
    this.#master = parts.master
    this.#close = parts.close
    this.#network.subscribe('jobs', (_, news) => {
      if (news.type === 'job' && hasEnded(news.state)) this.#onEnd(news.job)
    })
  }

  /** Resolves when the master has all of its workers. */
  static async open (cluster: Cluster, signal: AbortSignal): Promise<Client> {
    const network = await createNetwork({ cluster: cluster.name, mdns: false })
    const store = await openStore(MEMORY)
    const files = await createFiles({ libp2p: network.libp2p, store })
    const close = async (): Promise<void> => {
      await files.stop()
      await network.close()
      await store.close()
    }
    try {
      const master = await network.dial(cluster.master, { signal })
      const client = new Client({ network, files, cluster, master, close })
      await client.#waitForWorkers(signal)
      return client
    } catch (error) {
      await close()
      throw error
    }
  }

  /** Bundles the program and stores it: what happens before the clock starts. */
  async prepare ({ path, name, format, input, args = {} }: JobInit): Promise<{ spec: JobSpec }> {
    const { bundle } = await bundleProgram(path)
    const { cid } = await this.#files.put([bundle])
    const spec = { program: cid, programName: name, inputFormat: format, input, reducers: PARTITIONS, args, separator: ' ', splitBytes: 0, skipBadRecords: 0 }
    return { spec }
  }

  /** Stores content where the cluster's workers find it: here. Resolves with its CID. */
  async put (content: Iterable<Uint8Array>): Promise<string> {
    return (await this.#files.put(content)).cid
  }

  /** Runs a job. Rejects where it does not succeed, with the reason. */
  async run (spec: JobSpec, signal: AbortSignal): Promise<Finished> {
    const heard = new Set<string>()
    let wake = Promise.withResolvers<void>()
    this.#onEnd = job => {
      heard.add(job)
      wake.resolve()
    }
    const startedMs = performance.now()
    const { job } = await this.#ask({
      type: 'submitJob', cluster: this.#cluster.name, spec, providers: this.#network.addresses(), deadlineMs: 0, workerWaitMs: 0, maxAttempts: 0, priority: 'normal', submission: randomUUID()
    }, 'jobAccepted', signal)
    for (;;) {
      const waited = new AbortController()
      if (!heard.has(job)) await Promise.race([wake.promise, pause(POLL_MS, undefined, { signal: AbortSignal.any([signal, waited.signal]) }).catch(() => undefined)])
      waited.abort()
      signal.throwIfAborted()
      wake = Promise.withResolvers<void>()
      const seconds = (performance.now() - startedMs) / 1000
      const status = await this.#status(job, signal)
      if (status.state === 'succeeded') return { seconds, status }
      if (hasEnded(status.state)) throw new Error(`job ${job} (${spec.programName}) ${status.state}: ${status.reason ?? status.failure?.message ?? 'no reason given'}`)
    }
  }

  async close (): Promise<void> {
    await this.#close()
  }

  async #status (job: string, signal: AbortSignal): Promise<JobStatus> {
    const { jobs } = await this.#ask({ type: 'statusQuery', job }, 'status', signal)
    const found = jobs.find(candidate => candidate.job === job)
    if (found === undefined) throw new Error(`the master does not know job ${job}`)
    return found
  }

  async #waitForWorkers (signal: AbortSignal): Promise<void> {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(JOIN_TIMEOUT_MS)])
    for (;;) {
      const { workers } = await this.#ask({ type: 'statusQuery' }, 'status', bounded)
      if (workers.filter(({ state }) => state === 'ready').length === this.#cluster.workers) return
      await pause(JOIN_POLL_MS, undefined, { signal: bounded })
    }
  }

  async #ask<T extends Message['type']> (question: Message, type: T, signal: AbortSignal): Promise<Extract<Message, { type: T }>> {
    const answer = await this.#network.request(this.#master, question, { signal })
    if (answer.type === 'refusal') throw new Error(`the master refused ${question.type}: ${answer.message}`)
    if (answer.type !== type) throw new Error(`the master answered ${question.type} with ${answer.type}`)
    return answer as Extract<Message, { type: T }>
  }
}

function hasEnded (state: string): boolean {
  return ['succeeded', 'failed', 'cancelled'].includes(state)
}

/** The files of a job's result, read from the master's own store beside it. */
export async function * resultParts (cluster: Cluster, result: string): AsyncGenerator<AsyncIterable<Uint8Array>> {
  const store = await openStore(MEMORY, { readOnly: [join(cluster.masterStore, 'blocks')] })
  const files = await createFiles({ store })
  try {
    for await (const { path, cid } of files.walk(result)) if (path.startsWith('part-')) yield files.read(cid)
  } finally {
    await files.stop()
    await store.close()
  }
}
