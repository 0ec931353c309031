import { existsSync, statSync } from 'node:fs'
import { basename, extname, join, resolve } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { programs } from '@ipfs-mapreduce/programs'
import type { ShippedProgram } from '@ipfs-mapreduce/programs'
import { UsageError } from '../errors.ts'
import { workspaceRoot } from '../layout.ts'
import { suggest } from '../options/suggest.ts'

/** A program's source module, and what a person calls it. */
export interface ProgramSource {
  name: string
  path: string
  /** Of one that ships with the system. */
  shipped?: ShippedProgram
}

/** Finds what PROGRAM names: a shipped program, or a module on disk. */
export function findProgram (typed: string): ProgramSource {
  const shipped = Object.hasOwn(programs, typed) ? programs[typed] : undefined
  if (shipped !== undefined) return { name: typed, path: join(workspaceRoot(), 'libs', 'programs', shipped.file), shipped }
  const path = resolve(typed)
  if (existsSync(path) && statSync(path).isFile()) return { name: basename(path, extname(path)), path }
  const names = Object.keys(programs)
  const meant = suggest(typed, names)
  const hint = meant === undefined ? `shipped programs: ${names.join(', ')}` : `did you mean ${meant}?`
  throw new UsageError(`there is no program ${typed}: it is no file here and no shipped program (${hint})`)
}

/** A shipped program's own arguments are known: a wrong or missing one is found before anything runs. */
export function checkArgs (typed: string, args: Record<string, string>): void {
  const shipped = Object.hasOwn(programs, typed) ? programs[typed] : undefined
  if (shipped === undefined) return
  const known = Object.keys(shipped.args)
  for (const name of Object.keys(args)) {
    if (known.includes(name)) continue
    const takes = known.length === 0 ? 'takes none' : `takes ${known.join(', ')}`
    throw new UsageError(`${typed} has no argument ${name}: it ${takes}`)
  }
  for (const [name, about] of Object.entries(shipped.args)) {
    if (/\brequired\b/.test(about) && !Object.hasOwn(args, name)) throw new UsageError(`${typed} needs --arg ${name}=…: ${about}`)
  }
}

/** What does not compile, or is no program, is the user's to mend before a job is started. */
export function asUsage (path: string): (error: unknown) => never {
  return error => {
    if (!(error instanceof MapReduceError) || !['BAD_INPUT', 'PROGRAM', 'FATAL'].includes(error.code)) throw error
    const [first = '', ...rest] = error.message.split('\n')
    throw new UsageError(first.includes(path) || first.includes(basename(path)) ? first : `${path}: ${first}`, rest.join('\n'), { cause: error })
  }
}
