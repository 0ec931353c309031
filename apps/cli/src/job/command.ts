import { createLog } from '@ipfs-mapreduce/service'
import type { LogLevel } from '@ipfs-mapreduce/service'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import type { CommandContext } from '../commands/context.ts'
import { errorReport, UsageError } from '../errors.ts'
import { createReporter } from '../view/reporter.ts'
import { failureReport, runReport } from './report.ts'
import { runJob } from './run.ts'

/** The options of `ipmr run` as they were parsed. */
export interface RunFlags {
  reducers: number
  output?: string
  chunkSize: number
  splitSize?: number
  mappers: number
  slots: number
  separator: string
  arg: Record<string, string>
  deadline?: number
  workerWait?: number
  attempts?: number
  connect?: string
  cluster: string
  listen?: string[]
  dataDir: string
  json?: boolean
  quiet?: boolean
  logLevel?: LogLevel
}

/** `ipmr run`: the result's CID, or with --json one object whether it succeeds or fails, on stdout. */
export async function run (program: string, inputs: string[], flags: RunFlags, { mappersGiven, slotsGiven }: { mappersGiven: boolean, slotsGiven: boolean }, { interrupt, elapsed, print }: CommandContext): Promise<void> {
  // Log lines and a drawing that is rewritten in place do not mix.
  const report = createReporter({ stream: process.stderr, quiet: flags.quiet ?? flags.logLevel !== undefined, elapsed })
  let last: JobStatus | undefined
  try {
    if (flags.connect !== undefined) refuseLocalOptions(mappersGiven, slotsGiven)
    const outcome = await runJob({
      program,
      inputs,
      reducers: flags.reducers,
      output: flags.output,
      chunkBytes: flags.chunkSize,
      splitBytes: flags.splitSize ?? 0,
      separator: flags.separator,
      args: flags.arg,
      deadlineMs: flags.deadline ?? 0,
      workerWaitMs: flags.workerWait ?? 0,
      maxAttempts: flags.attempts ?? 0,
      dataDir: flags.dataDir,
      connect: flags.connect,
      cluster: flags.cluster,
      listen: flags.listen,
      mappers: flags.mappers,
      slots: flags.slots,
      logLevel: flags.logLevel
    }, {
      report,
      interrupt,
      log: createLog('ipmr', { level: flags.logLevel ?? 'silent', format: 'pretty' }),
      onStatus: status => { last = status }
    })
    report.done()
    await print(flags.json === true ? `${JSON.stringify(runReport(outcome.status, flags.output), null, 2)}\n` : `${outcome.result}\n`)
  } catch (error) {
    report.done()
    const cause = interrupt.signal.aborted ? interrupt.signal.reason as unknown : error
    if (flags.json === true) await print(`${JSON.stringify(failureReport(errorReport(cause), interrupt.signal.aborted ? 'cancelled' : 'failed', last), null, 2)}\n`)
    throw cause
  }
}

function refuseLocalOptions (mappersGiven: boolean, slotsGiven: boolean): void {
  if (!mappersGiven && !slotsGiven) return
  const option = mappersGiven ? '--mappers' : '--slots'
  throw new UsageError(`${option} is of the local cluster, and --connect submits to workers that run already: leave one of the two out`)
}
