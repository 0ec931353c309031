import { resolve } from 'node:path'
import { parseCommandLine } from '../command/options.ts'

const DEFAULT_OUT = 'out/packages'

export const HELP = `npm run pack -- [--out DIRECTORY] [--check]

Compiles the public packages from nothing and packs them as npm would upload them.

  --out DIRECTORY  where the tarballs go, instead of ${DEFAULT_OUT}; it is emptied before
  --check          installs them in an empty project, and runs there what their READMEs show

npm run pack:check is the same with --check. Exit code 1 where something is missing, does not install or does not run, 2 for a wrong option.`

export interface Options {
  /** Absolute path. */
  out: string
  check: boolean
}

/** The options in a command line; undefined where help was asked for. Throws `BadUsage`. */
export function readOptions (args: string[]): Options | undefined {
  const { out, check, help } = parseCommandLine(args, { out: { type: 'string' }, check: { type: 'boolean' }, help: { type: 'boolean' } })
  return help === true ? undefined : { out: resolve(out ?? DEFAULT_OUT), check: check === true }
}
