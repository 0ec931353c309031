import { BadUsage, parseCommandLine, wholeNumber } from '../command/options.ts'
import { runCommand } from '../command/run.ts'
import { measure, type Measurement, type ScaleJob } from './scale/run.ts'
import { detailText, judge, tableText } from './scale/report.ts'

const HELP = `npm run scale -- [--workers 1000] [--tasks 10000,100000]

Runs the master that ships over virtual time with many light workers, and measures its processor time and heap. Several
numbers with commas are several jobs, one after the other: what a task costs must not grow with their number.

  --workers N      workers, default 1000; one in a hundred is a reducer
  --tasks N        map tasks, default 10000,100000
  --reducers N     reduce tasks, default 4: each map task has so many runs
  --slots N        attempts at once of a worker, default 2
  --task-ms N      virtual milliseconds of an attempt, default 5000
  --leaves N       leaves of the input in a map task, default 1
  --empty N        percent of runs that do not exist, default 0
  --no-faults      nobody fails, dies or is slow, and nothing is lost
  --no-journal     decisions are not written down
  --seed S         of all chance, default 1
  --detail         what took the time

Exit code 1 where a job went wrong, or took more than twice what is aimed at, 2 for a wrong option.`

export interface ScaleOptions extends Omit<ScaleJob, 'workers' | 'tasks'> {
  /** One job for each of the longer list; the last of the shorter one stands for the rest. */
  workers: number[]
  tasks: number[]
  detail: boolean
}

export const SCALE_DEFAULTS: ScaleOptions = {
  workers: [1000], tasks: [10_000, 100_000], reducers: 4, slots: 2, taskMs: 5_000, leavesPerTask: 1, emptyShare: 0, faults: true, journal: true, seed: '1', detail: false
}

/** Measures the jobs and prints a table. True where nothing was wrong, and no target missed by far. */
async function run ({ workers, tasks, detail, ...rest }: ScaleOptions): Promise<boolean> {
  const measurements: Measurement[] = []
  for (let i = 0; i < Math.max(workers.length, tasks.length); i++) {
    const measurement = await measure({ ...rest, workers: workers[i] ?? workers.at(-1)!, tasks: tasks[i] ?? tasks.at(-1)! })
    if (detail) process.stdout.write(`${detailText(measurement)}\n\n`)
    measurements.push(measurement)
  }
  process.stdout.write(`${tableText(measurements)}\n`)
  const failures = judge(measurements)
  for (const failure of failures) process.stdout.write(`${failure}\n`)
  return failures.length === 0
}

/** The options in a command line; undefined where help was asked for. Throws `BadUsage`. */
export function readScaleOptions (args: string[]): ScaleOptions | undefined {
  const values = parseCommandLine(args, {
    workers: { type: 'string' }, tasks: { type: 'string' }, reducers: { type: 'string' }, slots: { type: 'string' }, 'task-ms': { type: 'string' }, leaves: { type: 'string' },
    empty: { type: 'string' }, faults: { type: 'boolean' }, journal: { type: 'boolean' }, seed: { type: 'string' }, detail: { type: 'boolean' }, help: { type: 'boolean' }
  })
  if (values.help === true) return undefined
  const { workers, tasks, reducers, slots, taskMs, leavesPerTask, emptyShare, faults, journal, seed, detail } = SCALE_DEFAULTS
  return {
    workers: wholes('--workers', values.workers) ?? workers,
    tasks: wholes('--tasks', values.tasks) ?? tasks,
    reducers: whole('--reducers', values.reducers) ?? reducers,
    slots: whole('--slots', values.slots) ?? slots,
    taskMs: whole('--task-ms', values['task-ms']) ?? taskMs,
    leavesPerTask: whole('--leaves', values.leaves) ?? leavesPerTask,
    emptyShare: values.empty === undefined ? emptyShare : percent('--empty', values.empty) / 100,
    faults: values.faults ?? faults, journal: values.journal ?? journal, seed: values.seed ?? seed, detail: values.detail ?? detail
  }
}

/** Numbers with commas; undefined where there are none. */
function wholes (option: string, text: string | undefined): number[] | undefined {
  return text?.split(',').map(part => wholeNumber(option, part, 1))
}

function whole (option: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeNumber(option, text, 1)
}

function percent (option: string, text: string): number {
  const number = wholeNumber(option, text, 0)
  if (number > 100) throw new BadUsage(`${option} must be a whole number from 0 to 100, not ${text}`)
  return number
}

if (import.meta.main) await runCommand({ help: HELP, read: readScaleOptions, run })
