import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'

export const HELP = `npm run simulate -- [--seeds 200] [--from 0] [--workers ${availableParallelism()}] [--twice] [--json]
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

/** The options in a command line, or what is wrong with it. */
export function readOptions (args: string[]): Options | { error: string } | { help: true } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        seeds: { type: 'string', default: '200' }, from: { type: 'string', default: '0' }, workers: { type: 'string', default: String(availableParallelism()) },
        twice: { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, trace: { type: 'boolean', default: false },
        minimise: { type: 'boolean', default: false }, seed: { type: 'string' }, scenario: { type: 'string' }, help: { type: 'boolean', default: false }
      }
    })
    if (values.help) return { help: true }
    const { twice, json, trace, minimise, seed, scenario } = values
    if (seed !== undefined && scenario !== undefined) return { error: 'give --seed or --scenario, not both' }
    if ((trace || minimise) && seed === undefined && scenario === undefined) return { error: '--trace and --minimise are for one run: give --seed N or --scenario FILE' }
    return { seeds: whole('--seeds', values.seeds, 1), from: whole('--from', values.from, 0), workers: whole('--workers', values.workers, 1), twice, json, trace, minimise, seed, scenario }
  } catch (error) {
    return { error: (error as Error).message }
  }
}

function whole (name: string, text: string, least: number): number {
  if (!/^\d+$/.test(text) || Number(text) < least) throw new RangeError(`${name} must be a whole number from ${least}, not ${text}`)
  return Number(text)
}
