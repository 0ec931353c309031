import { join } from 'node:path'
import { createFiles, MEMORY, openStore } from '@ipfs-mapreduce/blocks'
import { sampleBounds } from '@ipfs-mapreduce/mapreduce'
import type { JobSpec } from '@ipfs-mapreduce/mapreduce'
import { createSandbox } from '@ipfs-mapreduce/sandbox'
import type { Bench, Stored } from './bench.ts'
import { EXECUTOR } from './layout.ts'

/** The same job with the bounds of its ranges, sampled as `ipmr run` does, in a sandbox, from a store on this machine. */
export async function withBounds (bench: Bench, spec: JobSpec, bundle: Uint8Array, input: Stored): Promise<JobSpec> {
  const store = await openStore(MEMORY, { readOnly: [join(input.store, 'blocks')] })
  const files = await createFiles({ store })
  const executor = createSandbox({ scratchDir: await bench.folder('sample'), entry: { path: EXECUTOR }, slots: 1 })
  try {
    const bounds = await sampleBounds(spec, { files, executor, program: bundle, signal: bench.signal })
    return bounds === undefined ? spec : { ...spec, bounds }
  } finally {
    await executor.close()
    await files.stop()
    await store.close()
  }
}
