import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as stateMachines from '@ipfs-mapreduce/state-machines'
import { StateMachine, type AnyStateMachine } from 'xstate'
import { dotOf } from './dot.ts'
import { mermaidOf } from './mermaid.ts'
import { fillReadme } from './readme.ts'
import { svgOf } from './svg.ts'

const LIB = 'libs/state-machines'
const FOLDER = `${LIB}/diagrams`
const README = `${LIB}/README.md`
/** Graphviz and Mermaid write comments in ways of their own; the words are the same. */
const NOTE = 'Drawn by "npm run machines" from the machine itself: do not edit.'

/** Texts by path, seen from the repository's root. */
export type Files = Map<string, string>

/** Whatever `@ipfs-mapreduce/state-machines` exports that is a machine, by name. */
export const machines: AnyStateMachine[] = Object.values(stateMachines)
  .filter((exported): exported is never => exported instanceof StateMachine)
  .sort((a: AnyStateMachine, b: AnyStateMachine) => a.id < b.id ? -1 : 1)

/**
 * All files that show machines: two drawings of each, and the README with its places filled.
 *
 * @param root the repository's folder, whose README is read
 * @throws Error where the README has no place for a machine, or one for no machine
 */
export async function draw (root: string, drawn: AnyStateMachine[] = machines): Promise<Files> {
  const files: Files = new Map()
  for (const machine of drawn) {
    files.set(`${FOLDER}/${machine.id}.mmd`, `%% ${NOTE}\n${mermaidOf(machine)}`)
    const svg = await svgOf(dotOf(machine))
    files.set(`${FOLDER}/${machine.id}.svg`, svg.replace('<svg', `<!-- ${NOTE} -->\n<svg`))
  }
  return files.set(README, fillReadme(await readFile(join(root, README), 'utf8'), drawn))
}

/** Paths of files that are not what the machines make, and of drawings that no machine makes any more. */
export async function stale (root: string, wanted: Files): Promise<string[]> {
  const paths: string[] = []
  for (const [path, text] of wanted) {
    if (await readIfThere(join(root, path)) !== text) paths.push(path)
  }
  for (const name of await listIfThere(join(root, FOLDER))) {
    if (!wanted.has(`${FOLDER}/${name}`)) paths.push(`${FOLDER}/${name}`)
  }
  return paths.sort()
}

/** Writes what is stale, removes what no machine makes any more, and gives the paths of both. */
export async function update (root: string, wanted: Files): Promise<{ written: string[], removed: string[] }> {
  const paths = await stale(root, wanted)
  const written = paths.filter(path => wanted.has(path))
  const removed = paths.filter(path => !wanted.has(path))
  for (const path of written) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), wanted.get(path)!)
  }
  for (const path of removed) await rm(join(root, path))
  return { written, removed }
}

async function readIfThere (path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch(absent)
}

async function listIfThere (path: string): Promise<string[]> {
  return await readdir(path).catch(absent) ?? []
}

function absent (error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
