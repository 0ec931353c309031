import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { coverageOf, drawScenario, mergeReached, minimise, RARE, runScenario, type Report, type Scenario } from '@ipfs-mapreduce/simulator'
import { BadUsage } from '../command/options.ts'
import { runCommand } from '../command/run.ts'
import { HELP, readOptions, type Options } from './options.ts'
import { failureText, sweepText } from './print.ts'
import { sweep } from './sweep.ts'

await runCommand({
  help: HELP,
  read: readOptions,
  run: async options => await (options.seed === undefined && options.scenario === undefined ? runMany(options) : runOne(options))
})

/** True where every promise was kept. */
async function runMany (options: Options): Promise<boolean> {
  let done = 0
  let failed = 0
  const live = process.stderr.isTTY && !options.json
  const found = await sweep(options, ({ violations }) => {
    done++
    if (violations.length > 0) failed++
    if (live) process.stderr.write(`\r${done} of ${options.seeds} seeds, ${failed} failed`)
  }).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return undefined
  })
  if (found === undefined) return false
  if (live) process.stderr.write('\r\x1b[K')
  const { outcomes, wallMs } = found
  const rare: Report[] = []
  for (const scenario of RARE) rare.push(await runScenario(scenario))
  const reached = mergeReached([found.reached, ...rare.map(report => report.reached)])
  if (options.json) say(JSON.stringify({ commit: await commit(), wallMs, outcomes, rare, coverage: coverageOf(reached) }))
  else say(sweepText({ ...found, reached, rare }, await commit()))
  return failed === 0 && rare.every(({ violations }) => violations.length === 0)
}

async function runOne (options: Options): Promise<boolean> {
  const scenario = options.scenario === undefined ? RARE.find(({ seed }) => seed === options.seed) ?? drawScenario(options.seed!) : await readScenario(options.scenario)
  const report = await runScenario(scenario)
  const { violations, ends, struck, virtualMs, steps, hash, transcript } = report
  if (options.json) say(JSON.stringify({ commit: await commit(), scenario, ...report }))
  else {
    if (options.trace) say(transcript.join('\n'))
    for (const { program, state, reason } of ends) say(`${program} ${state}${reason === undefined ? '' : `: ${reason}`}`)
    say(`seed ${report.seed}: faults ${JSON.stringify(struck)}; ${virtualMs} ms of virtual time, ${steps} steps; transcript ${hash.slice(0, 16)}`)
    if (violations.length > 0) say(failureText(report.seed, violations, await commit()))
  }
  if (options.minimise && violations.length > 0) {
    const { checker } = violations[0]!
    const least = await minimise(scenario, async smaller => (await runScenario(smaller)).violations[0]?.checker === checker)
    say(`${least.faults.length} of ${scenario.faults.length} faults and ${least.jobs.length} of ${scenario.jobs.length} jobs are enough:\n${JSON.stringify(least, undefined, 1)}`)
  }
  return violations.length === 0
}

async function readScenario (path: string): Promise<Scenario> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Scenario
  } catch (error) {
    throw new BadUsage(`--scenario ${path}: ${(error as Error).message}`, { cause: error })
  }
}

/** The commit that runs, marked where the tree differs from it. */
async function commit (): Promise<string> {
  const git = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('git', args, { cwd: fileURLToPath(new URL('.', import.meta.url)) })
    return stdout.trim()
  }
  try {
    return `commit ${await git('rev-parse', '--short', 'HEAD')}${await git('status', '--porcelain') === '' ? '' : ' with changes'}`
  } catch (error) {
    return `an unknown commit (${(error as Error).message.split('\n')[0]!})`
  }
}

function say (text: string): void {
  process.stdout.write(`${text}\n`)
}
