import type { InputFormat } from '@ipfs-mapreduce/mapreduce'
import { bundleProgram, bundleSource } from './bundle-program.ts'
import type { Bundle, BundleOptions } from './bundle-program.ts'
import type { ExecutorEntry } from './entry.ts'
import type { SandboxLog } from './output-log.ts'
import { createSandbox } from './sandbox.ts'

/** What a program is made from: a module's file, its text, or the bundle that was made of it before. */
export type ProgramSource =
  | { path: string }
  /** `name` is a file name, whose extension says what language it is; imports are relative to `directory`, this process's by default. */
  | { source: string, name?: string, directory?: string }
  | { bundle: Uint8Array }

/** Where a client runs a program by itself, to learn of it: in a sandbox of its own. */
export interface ProgramPlace {
  /** For temporary files, which are removed. Made if it is not there. */
  scratchDir: string
  /** What the executor process runs; by default what lies beside this module. */
  entry?: ExecutorEntry
  log?: SandboxLog
  signal?: AbortSignal
}

/** A program as a job is made of it. */
export interface LoadedProgram {
  /** One ES module as UTF-8, or a WebAssembly module: equal source gives equal bytes on every machine. */
  bundle: Uint8Array
  /** How it wants its input cut. */
  input: InputFormat
  partition: 'hash' | 'range' | 'function'
  /** Whether equal tasks give equal bytes. */
  deterministic: boolean
  /** What esbuild warned of, as `FILE:LINE:COLUMN: TEXT`. */
  warnings: string[]
}

/** What a program's text is called where nobody has named it: TypeScript may have types, and need not. */
const UNNAMED = 'program.ts'

/**
 * Bundles a program and asks it, in a sandbox, how it wants its input cut. Rejects with `BAD_INPUT` where it cannot be read or
 * bundled, `FATAL` where it is no program, `TIMEOUT` where it does not load in time and `ABORTED` where the signal was raised.
 */
export async function loadProgram (program: ProgramSource, { signal, ...place }: ProgramPlace): Promise<LoadedProgram> {
  const { bundle, warnings } = await bundled(program)
  // A person's own program on their own machine: without walls it can do no more than the person.
  const sandbox = createSandbox({ ...place, slots: 1, allowUnwalled: true })
  try {
    const { input, partition, deterministic } = await sandbox.describe(bundle, signal === undefined ? {} : { signal })
    return { bundle, input, partition, deterministic, warnings }
  } finally {
    await sandbox.close()
  }
}

export async function bundled (program: ProgramSource, options: BundleOptions = {}): Promise<Bundle> {
  if ('bundle' in program) return { bundle: program.bundle, warnings: [] }
  if ('path' in program) return await bundleProgram(program.path, options)
  return await bundleSource(program.name ?? UNNAMED, program.source, program.directory, options)
}
