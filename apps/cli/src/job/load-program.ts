import { loadProgram as load } from '@ipfs-mapreduce/sandbox'
import type { LoadedProgram as Loaded } from '@ipfs-mapreduce/sandbox'
import type { Log } from '@ipfs-mapreduce/service'
import { executorBundle } from '../layout.ts'
import { asUsage } from './program.ts'
import type { ProgramSource } from './program.ts'

export interface LoadedProgram extends Loaded {
  /** What a person calls it. */
  name: string
}

/** Bundles a program and asks it, in a sandbox, how it wants its input cut. `UsageError` where it cannot be used. */
export async function loadProgram ({ name, path }: ProgramSource, scratchDir: string, log: Log): Promise<LoadedProgram> {
  return { name, ...await load({ path }, { scratchDir, entry: { path: executorBundle() }, log }).catch(asUsage(path)) }
}
