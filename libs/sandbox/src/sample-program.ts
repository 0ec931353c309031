import { MapReduceError, sampleBounds } from '@ipfs-mapreduce/mapreduce'
import type { Bounds, SampledJob, SampleOptions } from '@ipfs-mapreduce/mapreduce'
import type { ProgramPlace } from './load-program.ts'
import { createSandbox } from './sandbox.ts'

/** A sample is about a megabyte: a program that takes this long for it does not end. */
const SAMPLE_TIMEOUT_MS = 10 * 60_000

/** What a sample reads, and where its `map` runs. */
export type SampleProgramOptions = Omit<SampleOptions, 'executor'> & Omit<ProgramPlace, 'signal'>

/**
 * Runs a program's `map` over a sample of the input in a sandbox on this machine, for the bounds of its partitions. Rejects as
 * `sampleBounds` does, and with `TIMEOUT` after ten minutes.
 */
export async function sampleProgram (job: SampledJob, { scratchDir, entry, log, signal, ...options }: SampleProgramOptions): Promise<Bounds | undefined> {
  const executor = createSandbox({ scratchDir, slots: 1, allowUnwalled: true, ...entry !== undefined && { entry }, ...log !== undefined && { log } })
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
