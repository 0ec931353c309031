import { availableParallelism } from 'node:os'
import { BadUsage, parseCommandLine, wholeNumber } from '../../command/options.ts'
import { MUTANTS } from './list.ts'
import type { Mutant } from './mutant.ts'

const DEFAULT_SEEDS = 2000

export const HELP = `npm run mutants -- [--seeds ${DEFAULT_SEEDS}] [--only TEXT] [--workers ${availableParallelism()}]

Plants bugs in what ships, one at a time, and runs the simulator's rare paths and then seeds until a checker notices.

  --seeds N    seeds that a mutant may survive before it counts as not caught
  --only TEXT  mutants whose name has this text
  --workers N  mutants side by side

Exit code 1 where a mutant was not caught, 2 for a wrong option.`

export interface Options {
  seeds: number
  mutants: readonly Mutant[]
  workers: number
}

/** The options in a command line; undefined where help was asked for. Throws `BadUsage`. */
export function readOptions (args: string[]): Options | undefined {
  const { seeds, only = '', workers, help } = parseCommandLine(args, {
    seeds: { type: 'string' }, only: { type: 'string' }, workers: { type: 'string' }, help: { type: 'boolean' }
  })
  if (help === true) return undefined
  const mutants = MUTANTS.filter(({ name }) => name.includes(only))
  if (mutants.length === 0) throw new BadUsage(`--only ${only}: no mutant's name has this text; the mutants are: ${MUTANTS.map(({ name }) => name).join(', ')}`)
  return {
    seeds: seeds === undefined ? DEFAULT_SEEDS : wholeNumber('--seeds', seeds, 1),
    mutants,
    workers: workers === undefined ? availableParallelism() : wholeNumber('--workers', workers, 1)
  }
}
