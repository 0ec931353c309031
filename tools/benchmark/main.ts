import { writeFile } from 'node:fs/promises'
import { Bench, TRIAL, USUAL } from './bench.ts'
import { currentCommit, thisMachine } from './commit.ts'
import { compare } from './compare.ts'
import { keepResults, readResults, toJson } from './keep.ts'
import { RESULTS_DIR } from './layout.ts'
import { measure } from './measure.ts'
import { BadUsage, help, parseOptions, sizesOf, turnsOf } from './options.ts'
import type { Options } from './options.ts'
import { profileJob } from './profile/run.ts'
import { reportTargets, reportWorkload } from './report.ts'
import type { WorkloadResult } from './results.ts'
import { titleOf } from './titles.ts'
import { WORKLOADS } from './workloads/index.ts'

const FAILED = 1
const BAD_USAGE = 2
const INTERRUPTED = 130

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => { stop.abort() })

try {
  const options = parseOptions(process.argv.slice(2), WORKLOADS)
  if (options === undefined) process.stdout.write(help(WORKLOADS))
  else await run(options)
} catch (error) {
  if (stop.signal.aborted) {
    process.exitCode = INTERRUPTED
    process.stderr.write('bench: interrupted\n')
  } else {
    process.exitCode = error instanceof BadUsage ? BAD_USAGE : FAILED
    process.stderr.write(error instanceof BadUsage ? `bench: ${error.message}\n` : `bench: ${(error as Error).stack}\n`)
  }
}

async function run (options: Options): Promise<void> {
  const bench = await Bench.open({
    signal: stop.signal, say: line => { process.stderr.write(`${line}\n`) }, staff: options.try ? TRIAL : USUAL, warmsUp: !options.try && !options.quick
  })
  try {
    if (options.profile) await profile(bench, options)
    else await measureAll(bench, options)
  } finally {
    await bench.close()
  }
}

/** One job of each workload that is a job. */
async function profile (bench: Bench, options: Options): Promise<void> {
  for (const workload of options.workloads) {
    const [size = 0] = sizesOf(workload, options)
    const { job, close } = await workload.prepare(bench, size, 1)
    const title = titleOf({ workload: workload.name, size, unit: workload.unit })
    bench.say(title)
    print(job === undefined ? `${title}: no job of its own to profile\n` : `${title}\n\n${await profileJob(bench, job)}`)
    await close?.()
  }
}

/** A workload that fails does not keep the others from being measured. */
async function measureAll (bench: Bench, options: Options): Promise<void> {
  const startedMs = performance.now()
  const machine = thisMachine()
  const commit = await currentCommit()
  const before = options.against === undefined ? undefined : await readResults(options.against)
  print(`commit ${commit} on ${machine.cores} × ${machine.cpu}, ${machine.system}, Node ${machine.node}\n`)
  const workloads: WorkloadResult[] = []
  for (const workload of options.workloads) {
    for (const size of sizesOf(workload, options)) {
      const title = titleOf({ workload: workload.name, size, unit: workload.unit })
      bench.say(title)
      try {
        const result = await measure(bench, workload, size, turnsOf(workload, options))
        workloads.push(result)
        print(reportWorkload(result))
      } catch (error) {
        stop.signal.throwIfAborted()
        process.exitCode = FAILED
        process.stderr.write(`bench: ${title}: ${(error as Error).stack}\n`)
      }
    }
  }
  print(reportTargets(workloads))
  bench.say(`measured in ${Math.round((performance.now() - startedMs) / 1000)} s`)
  if (before !== undefined) print(compare(before, workloads))
  const results = { commit, machine, workloads }
  if (options.json !== undefined) await writeFile(options.json, toJson(results))
  if (options.keep) print(`kept in ${await keepResults(RESULTS_DIR, results)}`)
}

function print (text: string): void {
  process.stdout.write(`${text}\n`)
}
