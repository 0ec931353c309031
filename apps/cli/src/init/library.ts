import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleSource } from '@ipfs-mapreduce/sandbox'
import { workspaceRoot } from '../layout.ts'
import { VERSION } from '../version.ts'
import { LIBRARY } from './templates.ts'

/** What of the library a program and its tests import. */
const EXPORTS = ['defineProgram', 'checkProgram', 'sum', 'sequential', 'MapReduceError', 'ProgramError']

/** The declarations of EXPORTS; the types of a program are the library's own file of types. A spec holds them to the library. */
const DECLARATIONS = `
export type Counters = Record<string, number>

/** Types and checks a program: the default export of a program's module. Throws a \`ProgramError\` that says what is missing or unknown. */
export declare function defineProgram<F extends InputFormat, K extends Datum = Datum, V extends Datum = Datum> (program: Program<F, K, V>): Program<F, K, V>
/** Narrows what a program's module exports. Throws a \`ProgramError\` that says what is missing or unknown. */
export declare function checkProgram (candidate: unknown): asserts candidate is Program
/** The sum of the values, which must all be numbers: throws where one is not. */
export declare function sum (values: Iterable<Datum>): number

/** A file of the input, whole. */
export interface SequentialFile { path: string, content: Uint8Array }
export interface SequentialOptions {
  reducers: number
  args?: Record<string, string>
  /** Between key and value on an output line. */
  separator?: string
  /** Instead of the program's own partition. */
  partition?: (key: Datum, reducers: number) => number
  /** Records and groups, in all, that may make the program throw and are skipped; default 0. */
  skipBadRecords?: number
}
export interface SequentialResult {
  /** The output of each partition: lines sorted by key. */
  parts: Uint8Array[]
  /** \`map.input.records\` and so on; \`user.NAME\` for what the program counts. */
  counters: Counters
  skipped: Array<{ file?: string, offset?: number, key?: string, message: string }>
}
/** What a program makes of whole files, in one process: for tests. Throws what the program throws. */
export declare function sequential<F extends InputFormat, K extends Datum, V extends Datum> (program: Program<F, K, V>, input: AsyncIterable<SequentialFile> | Iterable<SequentialFile>, options: SequentialOptions): Promise<SequentialResult>

declare global {
  // As those of Node and of browsers are called, so that they may stand beside it.
  interface Console {
    log (...things: unknown[]): void
    info (...things: unknown[]): void
    debug (...things: unknown[]): void
    warn (...things: unknown[]): void
    error (...things: unknown[]): void
  }
  /** Prints: to stderr with \`ipmr run --local\`, else to the log of the worker that runs the attempt. */
  var console: Console
}

export declare class MapReduceError extends Error {
  readonly code: string
}
/** The program threw, or emitted what cannot be a key or value. */
export declare class ProgramError extends MapReduceError {
  readonly programStack: string
}
`

/** A package of what programs and their tests import, made of this checkout: code without dependencies, and its types. */
export async function libraryFiles (): Promise<Record<string, string>> {
  const lib = join(workspaceRoot(), 'libs', 'mapreduce', 'src')
  const { bundle } = await bundleSource('library.ts', `export { ${EXPORTS.join(', ')} } from './index.ts'`, lib)
  const types = await readFile(join(lib, 'program.ts'), 'utf8')
  return {
    'package.json': `${JSON.stringify({ name: LIBRARY, version: VERSION, type: 'module', license: 'MIT', exports: { '.': { types: './index.d.ts', default: './index.js' } } }, null, 2)}\n`,
    'index.js': new TextDecoder().decode(bundle),
    'index.d.ts': `${types.trimEnd()}\n${DECLARATIONS}`
  }
}
