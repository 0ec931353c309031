import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A bug that is planted on purpose: one place in one file of what ships, changed. */
export interface Mutant {
  name: string
  /** Below the root of the workspace. */
  file: string
  /** Stands in the file exactly once. */
  from: string
  to: string
}

const ROOT = new URL('../../../', import.meta.url)

export function urlOf ({ file }: Mutant): string {
  return new URL(file, ROOT).href
}

/** The source with the bug. Throws where the place is not there, or more than once: the mutant has to follow the code. */
export function mutate ({ name, file, from, to }: Mutant, source: string): string {
  const places = source.split(from).length - 1
  if (places !== 1) throw new Error(`mutant '${name}': its place stands ${places} times in ${file}`)
  return source.replace(from, () => to)
}

export function sourceOf (mutant: Mutant): string {
  return readFileSync(fileURLToPath(urlOf(mutant)), 'utf8')
}
