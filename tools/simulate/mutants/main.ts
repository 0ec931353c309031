import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { hunt, type Catch } from './hunt.ts'
import { MUTANTS } from './list.ts'

const HELP = `npm run mutants -- [--seeds 2000] [--only TEXT] [--workers ${availableParallelism()}]

Plants bugs in what ships, one at a time, and runs the simulator's rare paths and then seeds until a checker notices.

  --seeds N    seeds that a mutant may survive before it counts as not caught
  --only TEXT  mutants whose name has this text
  --workers N  mutants side by side

Exit code 1 where a mutant was not caught, 2 for a wrong option.`

const MESSAGE_CHARS = 110

const options = read(process.argv.slice(2))
if (typeof options === 'string') {
  process.stderr.write(`${options}\n`)
  process.exitCode = 2
} else process.exitCode = await run(options) ? 0 : 1

function read (args: string[]): { seeds: number, only: string, workers: number } | string {
  try {
    const { values } = parseArgs({ args, options: { seeds: { type: 'string', default: '2000' }, only: { type: 'string', default: '' }, workers: { type: 'string', default: String(availableParallelism()) }, help: { type: 'boolean', default: false } } })
    if (values.help) return HELP
    const [seeds, workers] = [Number(values.seeds), Number(values.workers)]
    return Number.isSafeInteger(seeds) && seeds > 0 && Number.isSafeInteger(workers) && workers > 0 ? { seeds, only: values.only, workers } : `--seeds and --workers must be whole numbers from 1\n\n${HELP}`
  } catch (error) {
    return `${(error as Error).message}\n\n${HELP}`
  }
}

async function run ({ seeds, only, workers }: { seeds: number, only: string, workers: number }): Promise<boolean> {
  const chosen = MUTANTS.filter(({ name }) => name.includes(only))
  const waiting = [...chosen]
  const caught: Catch[] = []
  await Promise.all(Array.from({ length: workers }, async () => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const found = await hunt(mutant, seeds)
      caught.push(found)
      process.stdout.write(`${line(found, seeds)}\n`)
    }
  }))
  const missed = caught.filter(found => found.runs === undefined).length
  process.stdout.write(`${caught.length - missed} of ${chosen.length} mutants caught\n`)
  return missed === 0
}

function line ({ mutant, runs, by, checker, message }: Catch, most: number): string {
  if (runs === undefined) return `NOT CAUGHT in ${most} seeds: ${mutant.name}`
  return `${String(runs).padStart(5)} ${runs === 1 ? 'run ' : 'runs'}  ${mutant.name}: ${/^\d+$/.test(by) ? `seed ${by}` : `'${by}'`}: ${checker} — ${message.split('\n')[0]!.slice(0, MESSAGE_CHARS)}`
}
