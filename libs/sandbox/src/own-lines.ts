import { SourceMap } from 'node:module'
import { isAbsolute, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ProgramSourceMap } from './bundle-program.ts'
import { bundled } from './load-program.ts'
import type { ProgramSource } from './load-program.ts'

/** A place in a program's bundle, as stacks of an executor name it. */
const BUNDLE_PLACE = /program\.mjs:(\d+):(\d+)/g
/** What a program imports from the system, in its source map. */
const API_SOURCE = 'api:mapreduce'
const API_NAME = '@ipfs-mapreduce/mapreduce'

/**
 * A stack that a program has left behind somewhere in lines of its sources, as far as these still make the `bundle` that ran; else as it
 * is. Workers see a bundle without a trace of the machine that made it.
 */
export async function stackInOwnLines (stack: string, program: ProgramSource, bundle: Uint8Array): Promise<string> {
  const now = await bundled(program, { sourceMap: true }).catch(() => undefined)
  return now?.sourceMap === undefined || Buffer.compare(now.bundle, bundle) !== 0 ? stack : mapped(stack, now.sourceMap)
}

/** What the map does not know stays. */
function mapped (stack: string, map: ProgramSourceMap): string {
  const origins = new SourceMap({ file: 'program.mjs', sourceRoot: '', sourcesContent: [], ...map })
  return stack.replace(BUNDLE_PLACE, (place, line: string, column: string) => {
    const origin = origins.findOrigin(Number(line), Number(column))
    return 'fileName' in origin ? `${pathFromHere(origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}` : place
  })
}

/** A source as a person would type it: from the process's directory, if it lies below. */
export function pathFromHere (source: string, directory = process.cwd()): string {
  if (source === API_SOURCE) return API_NAME
  const path = source.startsWith('file:') ? fileURLToPath(source) : source
  if (!isAbsolute(path)) return path
  const near = relative(directory, path)
  return near.startsWith(`..${sep}`) || isAbsolute(near) ? path : near
}
