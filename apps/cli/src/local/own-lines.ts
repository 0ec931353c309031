import { SourceMap } from 'node:module'
import { isAbsolute, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleProgram } from '@ipfs-mapreduce/sandbox'
import type { ProgramSourceMap } from '@ipfs-mapreduce/sandbox'
import { JobFailedError } from '../errors.ts'

const FRAME = /^\s+at /
/** A place in a program's bundle, as stacks of an executor name it. */
const BUNDLE_PLACE = /program\.mjs:(\d+):(\d+)/g
/** What a program imports from the system, in its source map. */
const API_SOURCE = 'api:mapreduce'
const API_NAME = '@ipfs-mapreduce/mapreduce'

/** A stack of a program's bundle in lines of the files that it was made from. What the map does not know stays. */
export function inOwnLines (stack: string, map: ProgramSourceMap, directory = process.cwd()): string {
  const origins = new SourceMap({ file: 'program.mjs', sourceRoot: '', sourcesContent: [], ...map })
  return stack.replace(BUNDLE_PLACE, (place, line: string, column: string) => {
    const origin = origins.findOrigin(Number(line), Number(column))
    if (!('fileName' in origin)) return place
    return `${shortPath(origin.fileName, directory)}:${origin.lineNumber}:${origin.columnNumber}`
  })
}

/**
 * Of a stack of this process whose places are mapped already: the message, and the frames from the throw down to the outermost one that
 * `isOwn`. What lies between, and is the system's, is left out.
 */
export function ownFrames (stack: string, isOwn: (frame: string) => boolean, directory = process.cwd()): string {
  const lines = stack.split('\n')
  const first = lines.findIndex(line => FRAME.test(line))
  if (first === -1) return stack
  const frames = lines.slice(first)
  const outermost = frames.findLastIndex(isOwn)
  const shown = frames.slice(0, outermost + 1).filter(line => isOwn(line) || line.endsWith('(<anonymous>)'))
  return [...lines.slice(0, first), ...shown.map(line => line.replace(/(file:\/\/\/|\/)[^()]*(?=:\d+:\d+\)?$)/, path => shortPath(path, directory)))].join('\n')
}

/** As a person would type it: from where they are, if it lies below. */
function shortPath (source: string, directory: string): string {
  if (source === API_SOURCE) return API_NAME
  const path = source.startsWith('file:') ? fileURLToPath(source) : source
  if (!isAbsolute(path)) return path
  const near = relative(directory, path)
  return near.startsWith(`..${sep}`) || isAbsolute(near) ? path : near
}

/**
 * Passes on what failed; the stack of a program at `path` in lines of its sources, as far as these still make the
 * `bundle` that ran.
 */
export function explainInOwnLines (path: string, bundle: Uint8Array): (error: unknown) => Promise<never> {
  return async error => {
    if (!(error instanceof JobFailedError) || error.programStack === undefined) throw error
    const now = await bundleProgram(path, { sourceMap: true }).catch(() => undefined)
    if (now?.sourceMap === undefined || Buffer.compare(now.bundle, bundle) !== 0) throw error
    throw new JobFailedError(error.job, { code: error.code, message: error.message, cid: error.cid, stack: inOwnLines(error.programStack, now.sourceMap) })
  }
}
