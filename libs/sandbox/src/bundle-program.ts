import { readFile, realpath } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { BuildFailure, Message } from 'esbuild'
import { PROGRAM_NAMESPACE, programResolver } from './program-resolver.ts'

export interface Bundle {
  /** One ES module as UTF-8. Equal sources give equal bytes, on whatever machine and in whatever directory. */
  bundle: Uint8Array
  /** What esbuild warned of, as `FILE:LINE:COLUMN: TEXT`. */
  warnings: string[]
}

/** Bundles a program's file, TypeScript or JavaScript, with all that it imports. Throws `BAD_INPUT` with file, line and column of what is wrong. */
export async function bundleProgram (path: string): Promise<Bundle> {
  const { file, source } = await readProgram(path).catch((error: NodeJS.ErrnoException) => {
    throw new MapReduceError('BAD_INPUT', `cannot read the program ${path}: ${error.code ?? error.message}`, { cause: error })
  })
  return bundleSource(basename(file), source, dirname(file))
}

async function readProgram (path: string): Promise<{ file: string, source: string }> {
  const file = await realpath(path)
  return { file, source: await readFile(file, 'utf8') }
}

/** Bundles a program from its text. `name` is a file name, whose extension says what language it is; imports are relative to `directory`. */
export async function bundleSource (name: string, source: string, directory = process.cwd()): Promise<Bundle> {
  // Loaded when it is used: of those who import this library, only they need esbuild who bundle.
  const { build } = await import('esbuild')
  try {
    const result = await build({
      entryPoints: [name],
      plugins: [programResolver({ name, source, directory })],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'neutral',
      target: 'es2024',
      mainFields: ['module', 'main'],
      charset: 'utf8',
      logLevel: 'silent',
      // A tsconfig.json found above the program would make its bytes depend on the place.
      tsconfigRaw: {}
    })
    return { bundle: result.outputFiles[0]!.contents, warnings: result.warnings.map(shown) }
  } catch (error) {
    if (!isBuildFailure(error)) throw error
    const messages = error.errors.map(shown).join('; ')
    throw new MapReduceError('BAD_INPUT', `the program ${name} cannot be bundled: ${messages}`, { cause: error })
  }
}

function isBuildFailure (error: unknown): error is BuildFailure {
  return typeof error === 'object' && error !== null && 'errors' in error && Array.isArray(error.errors)
}

/** Esbuild counts columns from 0, editors from 1. */
function shown ({ text, location }: Message): string {
  if (location === null) return text
  const file = location.file.startsWith(`${PROGRAM_NAMESPACE}:`) ? location.file.slice(PROGRAM_NAMESPACE.length + 1) : location.file
  return `${file}:${location.line}:${location.column + 1}: ${text}`
}
