import { checkProgram, MapReduceError, type Program } from '@ipfs-mapreduce/mapreduce'
import { grep, invertedIndex, sort, sortRecords, wordCount } from '@ipfs-mapreduce/programs'

/** Programs by name. Each is what `defineProgram` gives; their own types of keys and values do not matter here. */
export type Programs = Readonly<Record<string, object>>

export const SHIPPED: Programs = { grep, 'inverted-index': invertedIndex, sort, 'sort-records': sortRecords, 'word-count': wordCount }

/** What stands for a program's bundle: its name. Nothing is compiled in a simulation. */
export function bundleOf (name: string): Uint8Array {
  return new TextEncoder().encode(name)
}

/** The name that a bundle is. */
export function nameOf (bundle: Uint8Array): string {
  return new TextDecoder().decode(bundle)
}

/** The program whose name a bundle is. */
export function loadFrom (programs: Programs): (bundle: Uint8Array) => Promise<Program> {
  return async bundle => findProgram(programs, nameOf(bundle))
}

export function findProgram (programs: Programs, name: string): Program {
  const program = Object.hasOwn(programs, name) ? programs[name] : undefined
  if (program === undefined) throw new MapReduceError('FATAL', `no program ${name} in this simulation; there are ${Object.keys(programs).join(', ')}`)
  checkProgram(program)
  return program
}
