import { availableParallelism } from 'node:os'
import { RARE } from '@ipfs-mapreduce/simulator'
import { BadUsage, parseCommandLine, wholeNumber } from '../command/options.ts'

const DEFAULT_SEEDS = 200

export const HELP = `npm run simulate -- [--seeds ${DEFAULT_SEEDS}] [--from 0] [--workers ${availableParallelism()}] [--twice] [--json]
npm run simulate -- --seed N [--trace] [--minimise] [--json]
npm run simulate -- --scenario FILE [--trace] [--minimise] [--json]

Runs the actors and machines that ship on virtual time, network and disks. Each seed draws a cluster, jobs and a schedule of
faults; every checker looks on; then all heals, and every job has to end. The same seed gives the same run.

  --seeds N      how many seeds, from --from on
  --workers N    threads
  --twice        every seed runs twice and must give one transcript; otherwise every 20th does
  --seed N       one seed, or the name of a rare path
  --scenario F   one scenario, as --minimise and --json print it
  --trace        prints the transcript
  --minimise     leaves out faults and jobs as long as it still fails, and prints the scenario
  --json         prints the report as JSON

Exit code 1 where a promise was broken, 2 for a wrong option.`

/** One seed of so many runs twice by default. */
export const TWICE_EVERY = 20

export interface Options {
  seeds: number
  from: number
  workers: number
  twice: boolean
  json: boolean
  trace: boolean
  minimise: boolean
  seed: string | undefined
  scenario: string | undefined
}

/** The options in a command line; undefined where help was asked for. Throws `BadUsage`. */
export function readOptions (args: string[]): Options | undefined {
  const { seeds, from, workers, twice, json = false, trace = false, minimise = false, seed, scenario, help } = parseCommandLine(args, {
    seeds: { type: 'string' }, from: { type: 'string' }, workers: { type: 'string' }, twice: { type: 'boolean' }, json: { type: 'boolean' },
    trace: { type: 'boolean' }, minimise: { type: 'boolean' }, seed: { type: 'string' }, scenario: { type: 'string' }, help: { type: 'boolean' }
  })
  if (help === true) return undefined
  if (seed !== undefined && scenario !== undefined) throw new BadUsage('give --seed or --scenario, not both')
  const one = seed !== undefined || scenario !== undefined
  if (one && (seeds ?? from ?? workers ?? twice) !== undefined) throw new BadUsage('--seeds, --from, --workers and --twice are for many seeds, --seed and --scenario for one run: give the one or the other')
  if (!one && (trace || minimise)) throw new BadUsage('--trace and --minimise are for one run: give --seed N or --scenario FILE')
  return {
    seeds: seeds === undefined ? DEFAULT_SEEDS : wholeNumber('--seeds', seeds, 1),
    from: from === undefined ? 0 : wholeNumber('--from', from, 0),
    workers: workers === undefined ? availableParallelism() : wholeNumber('--workers', workers, 1),
    twice: twice ?? false, json, trace, minimise,
    seed: seed === undefined ? undefined : seedOf(seed),
    scenario
  }
}

/** As text, which it is in a scenario. */
function seedOf (text: string): string {
  const paths = RARE.map(({ seed }) => seed)
  if (paths.includes(text)) return text
  if (/^\d+$/.test(text)) return String(wholeNumber('--seed', text, 0))
  throw new BadUsage(`--seed must be a whole number or the name of a rare path, not ${text}; the rare paths are: ${paths.join(', ')}`)
}
