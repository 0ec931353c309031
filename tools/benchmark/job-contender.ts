import { rm } from 'node:fs/promises'
import type { Bench, Stored } from './bench.ts'
import { Client, resultParts } from './client.ts'
import type { JobInit } from './client.ts'
import { startCluster } from './cluster.ts'
import type { Cluster } from './cluster.ts'
import { ProcessTreeWatch } from './process-tree.ts'
import { withBounds } from './sampling.ts'
import { warmUp } from './warm-up.ts'
import { OURS } from './contender.ts'
import type { Contender, Sample } from './contender.ts'

const MS_PER_SECOND = 1000

export interface JobContenderInit {
  name?: string
  input: Stored
  job: Omit<JobInit, 'input'>
  /** What the output says. */
  check?: (parts: AsyncIterable<AsyncIterable<Uint8Array>>) => Promise<string>
  mappers?: number
  /** Whether the cluster's services are as on machines of their own. */
  apart?: boolean
  /** Whether the program partitions by range: sampling its input is part of the job. */
  range?: boolean
}

/**
 * One job on a real cluster, whose mappers hold the input, from its submission to the news of its end. Each run has a new cluster, since
 * a master that holds the output of the run before would not have to fetch it; it has run one small job, as one that stands has.
 */
export function jobContender (bench: Bench, { name = OURS, input, job, check, mappers = bench.staff.mappers, apart = false, range = false }: JobContenderInit): Contender {
  return {
    name,
    run: async () => await withCluster(bench, { store: input.store, mappers, apart }, async (cluster, client) => {
      const { spec } = await client.prepare({ ...job, input: input.cid })
      if (bench.warmsUp) await warmUp(bench, cluster, client)
      return await measureJob(cluster, async () => {
        const startedMs = performance.now()
        const whole = range ? await withBounds(bench, spec, job.path, input) : spec
        const sampling = (performance.now() - startedMs) / MS_PER_SECOND
        const { seconds, status } = await client.run(whole, bench.signal)
        const phases = Object.fromEntries(status.phases.map(({ name, ms }) => [name, ms / MS_PER_SECOND]))
        return { seconds: sampling + seconds, phases: range ? { sample: sampling, ...phases } : phases, finish: async () => check === undefined ? undefined : await check(resultParts(cluster, status.result!)) }
      })
    })
  }
}

/** Times what `run` does; what it finishes is not charged. */
export async function measureJob (cluster: Cluster, run: () => Promise<Sample & { finish?: () => Promise<string | undefined> }>): Promise<Sample> {
  const watch = new ProcessTreeWatch(cluster.pids)
  watch.start()
  let ran
  let footprint
  try {
    ran = await run()
  } finally {
    footprint = watch.stop()
  }
  const { finish, ...sample } = ran
  const check = await finish?.()
  return { ...sample, ...(footprint === undefined ? {} : { footprint }), ...(check === undefined ? {} : { check }) }
}

/** A cluster and a client of it, for as long as `use` lasts. */
export async function withCluster<T> (bench: Bench, { store, mappers, apart, nodeArgs }: { store: string, mappers: number, apart?: boolean, nodeArgs?: string[] }, use: (cluster: Cluster, client: Client) => Promise<T>): Promise<T> {
  bench.signal.throwIfAborted()
  const directory = await bench.folder('cluster')
  const cluster = await startCluster({ processes: bench.processes, directory, store, mappers, reducers: bench.staff.reducers, apart, nodeArgs })
  try {
    const client = await Client.open(cluster, bench.signal)
    try {
      return await use(cluster, client)
    } finally {
      await client.close()
    }
  } finally {
    if (!bench.signal.aborted) await cluster.stop()
    await rm(directory, { recursive: true, force: true })
  }
}
