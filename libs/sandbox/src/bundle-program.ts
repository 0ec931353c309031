import { readFile, realpath } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { BuildFailure, Message } from 'esbuild'
import { PROGRAM_NAMESPACE, programResolver } from './program-resolver.ts'
import { isWasm } from './wasm.ts'

/** What a program's sources became. */
export interface Bundle {
  /** One ES module as UTF-8, or the WebAssembly module. Equal sources give equal bytes, on whatever machine and in whatever directory. */
  bundle: Uint8Array
  /** What esbuild warned of, as `FILE:LINE:COLUMN: TEXT`. */
  warnings: string[]
  /** Where each piece of it comes from, where that was asked for. */
  sourceMap?: ProgramSourceMap
}

/** A source map, version 3, whose sources are files of this machine. */
export interface ProgramSourceMap {
  version: number
  /** Absolute paths. */
  sources: string[]
  sourcesContent?: string[]
  names: string[]
  mappings: string
}

/** What is wanted beside the bundle. */
export interface BundleOptions {
  /** Also says where each piece comes from. The bundle itself is the same, and knows nothing of it. */
  sourceMap?: boolean
}

/** Bundles a program's file, TypeScript or JavaScript, with all that it imports; a WebAssembly module is its own bundle. Throws `BAD_INPUT` with file, line and column of what is wrong. */
export async function bundleProgram (path: string, options: BundleOptions = {}): Promise<Bundle> {
  const { file, bytes } = await readProgram(path).catch((error: NodeJS.ErrnoException) => {
    throw new MapReduceError('BAD_INPUT', `cannot read the program ${path}: ${error.code ?? error.message}`, { cause: error })
  })
  if (isWasm(bytes)) return { bundle: bytes, warnings: [] }
  return bundleSource(basename(file), bytes.toString('utf8'), dirname(file), options)
}

async function readProgram (path: string): Promise<{ file: string, bytes: Buffer }> {
  const file = await realpath(path)
  return { file, bytes: await readFile(file) }
}

/** Bundles a program from its text. `name` is a file name, whose extension says what language it is; imports are relative to `directory`. */
export async function bundleSource (name: string, source: string, directory = process.cwd(), { sourceMap = false }: BundleOptions = {}): Promise<Bundle> {
  // Loaded when it is used: of those who import this library, only they need esbuild who bundle.
  const { build } = await import('esbuild')
  try {
    const result = await build({
      entryPoints: [name],
      plugins: [programResolver({ name, source, directory })],
      bundle: true,
      ...sourceMap ? { sourcemap: 'external' as const, outfile: 'program.mjs' } : {},
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
    const [map, bundle] = sourceMap ? result.outputFiles : [undefined, ...result.outputFiles]
    return { bundle: bundle!.contents, warnings: result.warnings.map(shown), ...map === undefined ? {} : { sourceMap: onDisk(map.text, directory) } }
  } catch (error) {
    if (!isBuildFailure(error)) throw error
    const messages = error.errors.map(shown).join('; ')
    throw new MapReduceError('BAD_INPUT', `the program ${name} cannot be bundled: ${messages}`, { cause: error })
  }
}

/** The map with the modules' names in a bundle as paths; those of packages above the program's directory stay names. */
function onDisk (map: string, directory: string): ProgramSourceMap {
  const { version, sources, sourcesContent, names, mappings } = JSON.parse(map) as ProgramSourceMap
  const path = (source: string): string => source.startsWith(`${PROGRAM_NAMESPACE}:`) ? resolve(directory, source.slice(PROGRAM_NAMESPACE.length + 1)) : source
  return { version, sources: sources.map(path), sourcesContent, names, mappings }
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
