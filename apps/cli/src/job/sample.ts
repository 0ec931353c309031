import { MapReduceError, sampleBounds } from '@ipfs-mapreduce/mapreduce'
import type { Bounds, SampledJob, SampleOptions } from '@ipfs-mapreduce/mapreduce'
import { createSandbox } from '@ipfs-mapreduce/sandbox'
import type { Log } from '@ipfs-mapreduce/service'
import { askStatus } from '../client/ask.ts'
import type { MasterLink } from '../client/ask.ts'
import { providerOf } from '../client/client.ts'
import { executorBundle } from '../layout.ts'

/** A sample is about a megabyte: a program that takes this long for it does not end. */
const SAMPLE_TIMEOUT_MS = 10 * 60_000

export interface SampleInSandbox extends Omit<SampleOptions, 'executor'> {
  scratchDir: string
  log: Log
}

/** Runs the program's `map` over a sample of the input in a sandbox on this machine, for the bounds of its partitions. */
export async function sampleInSandbox (job: SampledJob, { scratchDir, log, signal, ...options }: SampleInSandbox): Promise<Bounds | undefined> {
  const executor = createSandbox({ scratchDir, entry: { path: executorBundle() }, slots: 1, log, allowUnwalled: true })
  const deadline = AbortSignal.timeout(SAMPLE_TIMEOUT_MS)
  try {
    return await sampleBounds(job, { ...options, executor, signal: AbortSignal.any([signal, deadline]) })
  } catch (error) {
    if (!deadline.aborted || signal.aborted) throw error
    throw new MapReduceError('TIMEOUT', `map did not get through a sample of the input within ${SAMPLE_TIMEOUT_MS / 1000} s`, { cause: error })
  } finally {
    await executor.close()
  }
}

/** Who may hold the input, where it is not here: the master and its mappers. */
export async function holdersOf (link: MasterLink, signal: AbortSignal): Promise<string[]> {
  const { workers } = await askStatus(link, undefined, signal)
  return [providerOf(link), ...workers.filter(({ role }) => role !== 'reducer').flatMap(({ addresses }) => addresses)]
}
