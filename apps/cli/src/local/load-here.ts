import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { checkProgram } from '@ipfs-mapreduce/mapreduce'
import type { Program } from '@ipfs-mapreduce/mapreduce'
import { bundleProgram, isWasm, wasmProgram } from '@ipfs-mapreduce/sandbox'
import type { ProgramSourceMap } from '@ipfs-mapreduce/sandbox'
import { messageOf, UsageError } from '../errors.ts'
import { asUsage } from '../job/program.ts'
import { ownFrames } from './own-lines.ts'

/** A program in this very process, to be debugged. */
export interface ProgramHere {
  program: Program
  warnings: string[]
  /** An error's stack with its own frames alone, in lines of its own sources. */
  stackOf: (error: Error) => string
}

/**
 * Imports the bundle that would travel to workers, with its source map inside, so that stacks and debuggers show the
 * sources; a WebAssembly module as it is. `UsageError` where it cannot be bundled, throws while it loads or is no program.
 */
export async function loadHere (path: string): Promise<ProgramHere> {
  const { bundle, warnings, sourceMap } = await bundleProgram(path, { sourceMap: true }).catch(asUsage(path))
  if (isWasm(bundle)) return { program: moduleHere(path, bundle), warnings, stackOf: error => error.stack ?? String(error) }
  process.setSourceMapsEnabled(true)
  const dir = await mkdtemp(join(tmpdir(), 'ipmr-local-'))
  const file = join(dir, 'program.mjs')
  const stackOf = (error: Error): string => ownFrames(error.stack ?? String(error), frame => sourceMap!.sources.some(source => frame.includes(`${source}:`)) || frame.includes(file))
  try {
    await writeFile(file, Buffer.concat([bundle, Buffer.from(`\n//# sourceMappingURL=${dataUrl(sourceMap!)}\n`)]))
    const { default: program } = await import(pathToFileURL(file).href) as { default?: unknown }
    checkProgram(program)
    return { program, warnings, stackOf }
  } catch (error) {
    throw new UsageError(`${path}: the program cannot be loaded: ${messageOf(error)}`, error instanceof Error && error.name !== 'ProgramError' ? stackOf(error) : '', { cause: error })
  } finally {
    // The text is in memory, and in the debugger's hands.
    await rm(dir, { recursive: true, force: true })
  }
}

/** Its stacks name functions where it was compiled with their names (`asc --debug`). */
function moduleHere (path: string, bytes: Uint8Array): Program {
  try {
    return wasmProgram(bytes)
  } catch (error) {
    throw new UsageError(`${path}: the program cannot be loaded: ${messageOf(error)}`, '', { cause: error })
  }
}

function dataUrl (map: ProgramSourceMap): string {
  const sources = map.sources.map(source => source.includes(':') ? source : pathToFileURL(source).href)
  return `data:application/json;base64,${Buffer.from(JSON.stringify({ ...map, sources })).toString('base64')}`
}
