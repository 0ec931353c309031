import { mkdir } from 'node:fs/promises'
import type { InputFormat } from '@ipfs-mapreduce/mapreduce'
import { bundleProgram, createSandbox } from '@ipfs-mapreduce/sandbox'
import type { Log } from '@ipfs-mapreduce/service'
import { executorBundle } from '../layout.ts'
import { asUsage } from './program.ts'
import type { ProgramSource } from './program.ts'

export interface LoadedProgram {
  name: string
  /** One ES module: equal source gives equal bytes on every machine. */
  bundle: Uint8Array
  input: InputFormat
  partition: 'hash' | 'range' | 'function'
  /** Whether it partitions by range, and so needs bounds. */
  range: boolean
  deterministic: boolean
  warnings: string[]
}

/** Bundles a program and asks it, in a sandbox, how it wants its input cut. `UsageError` where it cannot be used. */
export async function loadProgram ({ name, path }: ProgramSource, scratchDir: string, log: Log): Promise<LoadedProgram> {
  const { bundle, warnings } = await bundleProgram(path).catch(asUsage(path))
  await mkdir(scratchDir, { recursive: true })
  // A person's own program on their own machine: without walls it can do no more than the person.
  const sandbox = createSandbox({ scratchDir, entry: { path: executorBundle() }, slots: 1, log, allowUnwalled: true })
  try {
    const { input, partition, deterministic } = await sandbox.describe(bundle).catch(asUsage(path))
    return { name, bundle, input, partition, range: partition === 'range', deterministic, warnings }
  } finally {
    await sandbox.close()
  }
}
