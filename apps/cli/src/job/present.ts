import type { JobStatus } from '@ipfs-mapreduce/protocol'
import { createLog } from '@ipfs-mapreduce/service'
import type { LogLevel } from '@ipfs-mapreduce/service'
import type { CommandContext } from '../commands/context.ts'
import { errorReport } from '../errors.ts'
import { createReporter } from '../view/reporter.ts'
import type { RunOutcome } from './follow.ts'
import { failureReport, runReport } from './report.ts'
import type { RunReport } from './report.ts'
import type { GivenContext } from './scope.ts'

/** Options of what is shown of a job. */
export interface PresentFlags {
  output?: string
  json?: boolean
  quiet?: boolean
  logLevel?: LogLevel
}

/** What is printed of a job that succeeded. */
export interface Shown {
  text: (outcome: RunOutcome) => Promise<string>
  json: (report: RunReport, outcome: RunOutcome) => Promise<object>
}

const RESULT_ALONE: Shown = {
  text: async ({ result }) => result === undefined ? '' : `${result}\n`,
  json: async report => report
}

/** Follows a job: its result on stdout, or with --json one object whether it succeeds or fails. */
export async function present (flags: PresentFlags, { interrupt, elapsed, print }: CommandContext, work: (given: GivenContext) => Promise<RunOutcome>, { text, json }: Shown = RESULT_ALONE): Promise<void> {
  // Log lines and a drawing that is rewritten in place do not mix.
  const report = createReporter({ stream: process.stderr, quiet: flags.quiet ?? flags.logLevel !== undefined, elapsed })
  let last: JobStatus | undefined
  try {
    const outcome = await work({
      report,
      interrupt,
      log: createLog('ipmr', { level: flags.logLevel ?? 'silent', format: 'pretty' }),
      onStatus: status => { last = status }
    })
    report.done()
    await print(flags.json === true ? `${JSON.stringify(await json(runReport(outcome.status, flags.output), outcome), null, 2)}\n` : await text(outcome))
  } catch (error) {
    report.done()
    const cause = interrupt.signal.aborted ? interrupt.signal.reason as unknown : error
    if (flags.json === true) await print(`${JSON.stringify(failureReport(errorReport(cause), interrupt.signal.aborted ? 'cancelled' : 'failed', last), null, 2)}\n`)
    throw cause
  }
}
