import { pathToFileURL } from 'node:url'
import { checkProgram, MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { Program } from '@ipfs-mapreduce/mapreduce'
import { programFailure } from './failure.ts'

/**
 * Imports a bundle from a file in `directory` and checks that it is a program. `FATAL` with what is wrong, since no
 * attempt can succeed with it: a syntax error, code that throws while it loads, or no program as default export.
 */
export async function loadProgram (path: string, directory: string): Promise<Program> {
  try {
    const { default: program } = await import(pathToFileURL(path).href) as { default?: unknown }
    checkProgram(program)
    return program
  } catch (error) {
    const { message, stack = '' } = programFailure(error, directory)
    const place = /program\.mjs:\d+:\d+/.exec(stack)?.[0]
    throw new MapReduceError('FATAL', `the program cannot be loaded: ${message}${place === undefined ? '' : ` (${place})`}`)
  }
}
