import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createFiles, MEMORY, openStore } from '@ipfs-mapreduce/blocks'
import { inProcessExecutor, sampleBounds } from '@ipfs-mapreduce/mapreduce'
import type { JobSpec } from '@ipfs-mapreduce/mapreduce'
import type { Bench, Stored } from './bench.ts'

/** The same job with the bounds of its ranges, sampled as `ipmr run` does of a program that ships, from a store on this machine. */
export async function withBounds (bench: Bench, spec: JobSpec, program: string, input: Stored): Promise<JobSpec> {
  const store = await openStore(MEMORY, { readOnly: [join(input.store, 'blocks')] })
  const files = await createFiles({ store })
  const executor = inProcessExecutor({ load: async () => (await import(pathToFileURL(program).href) as { default: unknown }).default })
  try {
    const bounds = await sampleBounds(spec, { files, executor, program: new Uint8Array(), signal: bench.signal })
    return bounds === undefined ? spec : { ...spec, bounds }
  } finally {
    await executor.close()
    await files.stop()
    await store.close()
  }
}
