import { fileURLToPath } from 'node:url'
import { basename, extname } from 'node:path'
import { parsePath } from '@ipfs-mapreduce/blocks'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { Files } from '@ipfs-mapreduce/mapreduce'
import type { ProgramSource } from '@ipfs-mapreduce/sandbox'
import { CID } from 'multiformats/cid'

/**
 * A program: the path or `file:` URL of its module (TypeScript, JavaScript or WebAssembly), its module's text, or the CID of a bundle
 * that was stored before. A string that is a CID, `ipfs://CID` or `/ipfs/CID` is one; every other string is a path.
 */
export type JobProgram = string | URL | CID | {
  /** An ES module, TypeScript or JavaScript. */
  source: string
  /** A file name for messages, whose extension says what language it is; default `program.ts`. */
  name?: string
  /** What its imports are relative to; default this process's directory. */
  directory?: string
}

/** Largest bundle that workers take, in bytes. */
const MAX_BUNDLE_BYTES = 16 * 1024 * 1024

/** A program's source, and what a person calls it. `BAD_INPUT` where it names none. */
export async function sourceOf (program: JobProgram, files: Pick<Files, 'read'>, signal: AbortSignal | undefined): Promise<{ name: string, source: ProgramSource }> {
  const content = contentOf(program)
  if (content !== undefined) return { name: content, source: { bundle: await readAll(files, content, signal) } }
  if (typeof program === 'string') return { name: nameOf(program), source: { path: program } }
  if (program instanceof URL) {
    if (program.protocol !== 'file:') throw new MapReduceError('BAD_INPUT', `the program ${program.href} is at no file: URL; fetch its text, and give that as { source }`)
    return { name: nameOf(program.pathname), source: { path: fileURLToPath(program) } }
  }
  if (!('source' in program)) throw new MapReduceError('BAD_INPUT', 'the program is neither a path, a URL, a CID nor { source }')
  return { name: nameOf(program.name ?? 'program'), source: program }
}

/** The CID that it is, if it is one. */
function contentOf (program: JobProgram): string | undefined {
  if (typeof program === 'object' && !(program instanceof URL)) {
    const cid = CID.asCID(program)
    return cid === null ? undefined : `${cid}`
  }
  const text = program instanceof URL ? program.href : program
  try {
    const { cid, path } = parsePath(text)
    return path.length === 0 ? `${cid}` : undefined
  } catch (error) {
    if (error instanceof MapReduceError && error.code === 'BAD_INPUT' && !/^ipfs:|^\/ipfs\//.test(text)) return undefined
    throw error
  }
}

function nameOf (path: string): string {
  return basename(path, extname(path))
}

async function readAll (files: Pick<Files, 'read'>, cid: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of files.read(cid, signal === undefined ? {} : { signal })) {
    bytes += piece.byteLength
    if (bytes > MAX_BUNDLE_BYTES) throw new MapReduceError('BAD_INPUT', `the program ${cid} is larger than ${MAX_BUNDLE_BYTES} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
