import { pathFromHere, stackInOwnLines } from '@ipfs-mapreduce/sandbox'
import { JobFailedError } from '../errors.ts'

const FRAME = /^\s+at /

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
  return [...lines.slice(0, first), ...shown.map(line => line.replace(/(file:\/\/\/|\/)[^()]*(?=:\d+:\d+\)?$)/, path => pathFromHere(path, directory)))].join('\n')
}

/** Passes on what failed; the stack of a program at `path` in lines of its sources, as far as these still make the `bundle` that ran. */
export function explainInOwnLines (path: string, bundle: Uint8Array): (error: unknown) => Promise<never> {
  return async error => {
    if (!(error instanceof JobFailedError) || error.programStack === undefined) throw error
    throw new JobFailedError(error.job, { code: error.code, message: error.message, cid: error.cid, stack: await stackInOwnLines(error.programStack, { path }, bundle) })
  }
}
