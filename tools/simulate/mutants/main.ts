import { runCommand } from '../../command/run.ts'
import { hunt, type Catch } from './hunt.ts'
import { HELP, readOptions, type Options } from './options.ts'

const MESSAGE_CHARS = 110

await runCommand({ help: HELP, read: readOptions, run })

/** True where every mutant was caught. */
async function run ({ seeds, mutants, workers }: Options): Promise<boolean> {
  const waiting = [...mutants]
  const caught: Catch[] = []
  await Promise.all(Array.from({ length: workers }, async () => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const found = await hunt(mutant, seeds)
      caught.push(found)
      process.stdout.write(`${line(found, seeds)}\n`)
    }
  }))
  const missed = caught.filter(found => found.runs === undefined).length
  process.stdout.write(`${caught.length - missed} of ${mutants.length} mutants caught\n`)
  return missed === 0
}

function line ({ mutant, runs, by, checker, message }: Catch, most: number): string {
  if (runs === undefined) return `NOT CAUGHT in ${most} seeds: ${mutant.name}`
  return `${String(runs).padStart(5)} ${runs === 1 ? 'run ' : 'runs'}  ${mutant.name}: ${/^\d+$/.test(by) ? `seed ${by}` : `'${by}'`}: ${checker} — ${message.split('\n')[0]!.slice(0, MESSAGE_CHARS)}`
}
