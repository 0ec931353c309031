import { writeFile } from 'node:fs/promises'
import { Bench } from './bench.ts'
import { currentCommit, thisMachine } from './commit.ts'
import { measure } from './measure.ts'
import { BadUsage, help, parseOptions, sizesOf } from './options.ts'
import type { Options } from './options.ts'
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
  const bench = await Bench.open(stop.signal, line => { process.stderr.write(`${line}\n`) })
  const machine = thisMachine()
  const commit = await currentCommit()
  print(`commit ${commit} on ${machine.cores} × ${machine.cpu}, ${machine.system}, Node ${machine.node}\n`)
  const workloads: WorkloadResult[] = []
  try {
    for (const workload of options.workloads) {
      for (const size of sizesOf(workload, options)) {
        bench.say(titleOf({ workload: workload.name, size, unit: workload.unit }))
        const result = await measure(bench, workload, size, options.runs)
        workloads.push(result)
        print(reportWorkload(result))
      }
    }
  } finally {
    await bench.close()
  }
  print(reportTargets(workloads))
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify({ commit, machine, workloads }, null, 2)}\n`)
}

function print (text: string): void {
  process.stdout.write(`${text}\n`)
}
