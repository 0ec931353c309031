import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { UsageError } from '../errors.ts'

/** What an INPUT argument names. */
export type InputSource =
  | { kind: 'local', typed: string, path: string, name: string }
  | { kind: 'content', typed: string, cid: string, /** Below the CID. */ path: string[], name: string }

/** A name that may mean other content tomorrow. */
const MUTABLE = /^(?:ipns:\/\/|\/ipns\/)/
const URI = /^(?:ipfs:\/\/|\/ipfs\/)(.*)$/
/** CIDv0, or CIDv1 in the bases that are used for it; what else looks like it is found out when it is read. */
const CID = /^(?:Qm[1-9A-HJ-NP-Za-km-z]{44}|b[a-z2-7]{30,}|z[1-9A-HJ-NP-Za-km-z]{30,}|k[0-9a-z]{30,}|f[0-9a-f]{30,}|u[\w-]{30,}|m[\w+/]{30,})$/

/** `CID`, `CID/path`, `ipfs://CID/path` or `/ipfs/CID/path`; undefined for anything else. Throws a `UsageError` for IPNS names. */
export function parseContentPath (typed: string): { cid: string, path: string[] } | undefined {
  const uri = URI.exec(typed)?.[1]
  const [cid = '', ...path] = (uri ?? typed).split('/').filter((part, index) => index === 0 || part !== '')
  if (CID.test(cid)) return { cid, path: uri === undefined ? path : path.map(decodePart) }
  if (MUTABLE.test(typed) && !existsSync(typed)) throw new UsageError(`${typed} is a name, not content: give the CID that "ipfs name resolve ${typed}" prints`)
  if (uri !== undefined) throw new UsageError(`${typed} has no CID where one belongs: ipfs://CID or ipfs://CID/path`)
  return undefined
}

function decodePart (part: string): string {
  try {
    return decodeURIComponent(part)
  } catch (error) {
    if (error instanceof URIError) return part
    throw error
  }
}

/** A CID is taken as one even where a file of that name lies; `./CID` names the file. */
export function parseInput (typed: string): InputSource {
  const content = parseContentPath(typed)
  if (content !== undefined) return { kind: 'content', typed, ...content, name: content.path.at(-1) ?? content.cid }
  const path = resolve(typed)
  if (typed === '' || !existsSync(path)) throw new UsageError(`there is no input ${typed === '' ? '""' : typed}: it is no file or directory here, and no CID`)
  return { kind: 'local', typed, path, name: basename(path) }
}

/** The job's input is one CID: these inputs are it as they are, or else go into one directory under their names. */
export function isWhole (source: InputSource, type: 'file' | 'directory'): boolean {
  return type === 'directory' || (source.kind === 'content' && source.path.length === 0)
}

/** Two inputs of one name would hide each other. */
export function refuseCollisions (sources: InputSource[]): void {
  const byName = new Map<string, string>()
  for (const { name, typed } of sources) {
    const other = byName.get(name)
    if (other !== undefined) throw new UsageError(`the inputs ${other} and ${typed} are both named ${name}: give the directory that holds them, or rename one`)
    byName.set(name, typed)
  }
}
