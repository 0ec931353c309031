import { bundleProgram, describeProgram, loadProgram as load } from '@ipfs-mapreduce/sandbox'
import type { LoadedProgram as Loaded } from '@ipfs-mapreduce/sandbox'
import type { Log } from '@ipfs-mapreduce/service'
import { executorBundle } from '../layout.ts'
import { asUsage } from './program.ts'
import type { ProgramSource } from './program.ts'

export interface LoadedProgram extends Loaded {
  /** What a person calls it. */
  name: string
}

/** Bundles a program, and asks it in a sandbox how it wants its input cut, unless it ships with this one. `UsageError` where it cannot be used. */
export async function loadProgram ({ name, path, shipped }: ProgramSource, scratchDir: string, log: Log): Promise<LoadedProgram> {
  if (shipped !== undefined) return { name, ...describeProgram(shipped.program), ...await bundleProgram(path) }
  return { name, ...await load({ path }, { scratchDir, entry: { path: executorBundle() }, log }).catch(asUsage(path)) }
}
