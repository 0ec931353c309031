import { parseArgs } from 'node:util'
import { MIB, parseSize } from './size.ts'
import type { Workload } from './workload.ts'

const DEFAULT_RUNS = 3
const QUICK_RUNS = 2
const LEAST_BYTES = MIB

export interface Options {
  /** What to measure; all where nothing was named. */
  workloads: Workload[]
  /** Instead of each workload's own. */
  size: number | undefined
  runs: number
  quick: boolean
  /** Whether each workload is merely to be seen to run. */
  try: boolean
  json: string | undefined
  against: string | undefined
  keep: boolean
  profile: boolean
}

/** What was typed makes no sense. Its message is one line. */
export class BadUsage extends Error {
  override readonly name = 'BadUsage'
}

export function help (workloads: readonly Workload[]): string {
  const width = Math.max(...workloads.map(({ name }) => name.length))
  return `npm run bench -- [WORKLOAD…] [--size 256MiB] [--runs ${DEFAULT_RUNS}] [--quick | --try] [--json FILE] [--against FILE] [--keep] [--profile]

Measures this project on a cluster of real processes (1 master, 2 mappers, 2 reducers, one slot each) and, in the same run and in
turn, what a user would pick instead. Prints medians, spread, ratios, targets met or missed, and peak memory.

  --size SIZE   instead of the sizes of the workloads that have one, such as 64MiB or 1GiB
  --runs N      how often each contender runs
  --quick       small sizes and ${QUICK_RUNS} runs: under two minutes in all, for before and after a change
  --try         each workload once, as small as it can be, on one worker of each kind: says whether it runs, and its figures mean nothing
  --json FILE   also writes the figures there
  --against F   prints what has changed since figures that --json has written
  --keep        keeps the figures by commit in tools/benchmark/results, and draws its page anew
  --profile     runs each job once and prints where the time goes, by process and by task, instead of how long it takes

Workloads (all, where none is named):
${workloads.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`).join('\n')}

Exit status: 0 measured, 1 failed, 2 bad usage, 130 interrupted.
`
}

/** @returns undefined where help was asked for */
export function parseOptions (argv: string[], workloads: readonly Workload[]): Options | undefined {
  const { values, positionals } = parse(argv)
  if (values.help === true) return undefined
  const { quick = false, try: trial = false, keep = false, profile = false } = values
  if (keep && (quick || trial)) throw new BadUsage(`--keep is for whole runs: leave out --${quick ? 'quick' : 'try'}`)
  if (trial && (quick || values.size !== undefined || values.runs !== undefined)) throw new BadUsage('--try has its own sizes, and runs once: leave out --quick, --size and --runs')
  const chosen = positionals.length === 0 ? [...workloads] : positionals.map(name => workloadOf(name, workloads))
  return {
    workloads: [...new Set(chosen)],
    size: values.size === undefined ? undefined : sizeOf(values.size),
    runs: values.runs === undefined ? quick ? QUICK_RUNS : DEFAULT_RUNS : runsOf(values.runs),
    quick,
    try: trial,
    json: values.json,
    against: values.against,
    keep,
    profile
  }
}

/** The sizes at which a workload is measured. */
export function sizesOf (workload: Workload, { size, quick, try: trial }: Options): number[] {
  if (trial) return [workload.sizable ? LEAST_BYTES : workload.leastSize ?? workload.quickSize]
  if (size !== undefined && workload.sizable) return [size]
  return quick ? [workload.quickSize] : workload.sizes
}

/** How often each contender of a workload runs. */
export function turnsOf ({ turnsPerRun = 1, quickTurnsPerRun = turnsPerRun }: Workload, { runs, quick, try: trial }: Options): number {
  return trial ? 1 : runs * (quick ? quickTurnsPerRun : turnsPerRun)
}

function parse (argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        size: { type: 'string' }, runs: { type: 'string' }, json: { type: 'string' }, against: { type: 'string' },
        quick: { type: 'boolean' }, try: { type: 'boolean' }, keep: { type: 'boolean' }, profile: { type: 'boolean' }, help: { type: 'boolean', short: 'h' }
      }
    })
  } catch (error) {
    throw new BadUsage((error as Error).message.split('\n')[0], { cause: error })
  }
}

function workloadOf (name: string, workloads: readonly Workload[]): Workload {
  const found = workloads.find(workload => workload.name === name)
  if (found === undefined) throw new BadUsage(`there is no workload ${name}: choose from ${workloads.map(workload => workload.name).join(', ')}`)
  return found
}

function runsOf (text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new BadUsage(`--runs ${text}: it should be a whole number from 1 to 999`)
  return Number(text)
}

function sizeOf (text: string): number {
  const bytes = parseSize(text)
  if (bytes === undefined || bytes < LEAST_BYTES) throw new BadUsage(`--size ${text}: it should be a size from 1MiB on, such as 256MiB or 1GiB`)
  return bytes
}
