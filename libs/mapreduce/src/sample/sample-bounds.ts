import { MAX_SAMPLE_RUN_BYTES } from '../constants.ts'
import { MapReduceError } from '../errors.ts'
import type { Executor, TaskOutput } from '../executor.ts'
import type { Files, ReadOptions } from '../files.ts'
import type { Bounds, JobSpec, MapWork } from '../job.ts'
import type { RunSection } from '../run/index.ts'
import { memoryScratch } from '../scratch-memory.ts'
import { chooseBounds } from './choose-bounds.ts'
import { samplePlaces } from './places.ts'

/** What of a job decides the keys of its map output. */
export type SampledJob = Pick<JobSpec, 'input' | 'inputFormat' | 'args' | 'reducers' | 'skipBadRecords'>

/** What a sample is taken of, and until when. */
export interface SampleOptions extends ReadOptions {
  files: Pick<Files, 'walk' | 'read'>
  /** Where the program's `map` runs. */
  executor: Executor
  /** The program's bundle. */
  program: Uint8Array
  signal: AbortSignal
}

/**
 * The bounds of a range-partitioned job (after Hadoop's InputSampler): a map attempt over short ranges of the input, and the
 * quantiles of its keys. The same program, arguments, files and number of reducers give the same bounds, whoever
 * samples and however the input is cut into blocks; undefined for one reducer, which needs none.
 *
 * Rejects as a map attempt does, and with `BAD_INPUT` where the input cannot be sampled within bounds.
 */
export async function sampleBounds ({ input, inputFormat, args, reducers, skipBadRecords }: SampledJob, { files, executor, program, signal, providers }: SampleOptions): Promise<Bounds | undefined> {
  if (reducers === 1) return undefined
  const splits = await samplePlaces(() => files.walk(input, { signal, providers }), inputFormat)
  const work: MapWork = { kind: 'map', task: 0, reducers: 1, args, splits, skipBadRecords }
  const read: typeof files.read = (file, range) => files.read(file, { providers, ...range, signal: range?.signal ?? signal })
  const { outputs: [run], release } = await executor.execute(work, { program, read, signal })
  try {
    return run === undefined ? Array.from({ length: reducers - 1 }, () => '') : chooseBounds(await inMemory(run), run.records, reducers)
  } finally {
    await release()
  }
}

async function inMemory ({ bytes, content }: TaskOutput): Promise<RunSection> {
  if (bytes > MAX_SAMPLE_RUN_BYTES) {
    throw new MapReduceError('BAD_INPUT', `map made ${bytes} bytes of a sample of the input, more than ${MAX_SAMPLE_RUN_BYTES}: let it emit less, or let the program partition by a function`)
  }
  const scratch = memoryScratch().create()
  for await (const chunk of content()) scratch.write(chunk)
  return { file: scratch.close(), start: 0, bytes, label: 'the run of the sample' }
}
