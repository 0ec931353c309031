import { createLog } from '@ipfs-mapreduce/service'
import type { CommandContext } from '../commands/context.ts'
import { LOCAL_REDUCERS } from '../job/run.ts'
import type { RunOptions } from '../job/run.ts'
import { createReporter } from '../view/reporter.ts'
import { explainJob } from './explain.ts'
import { renderExplanation } from './page.ts'

/** `ipmr run --explain`. */
export async function explain (options: RunOptions, { json = false, quiet = false }: { json?: boolean, quiet?: boolean }, { interrupt, elapsed, print }: CommandContext): Promise<void> {
  const report = createReporter({ stream: process.stderr, quiet, elapsed })
  const log = createLog('ipmr', { level: options.logLevel === undefined ? 'silent' : 'debug', format: 'pretty' })
  const explanation = await explainJob(options, { report, interrupt, log, onStatus: () => {} }, LOCAL_REDUCERS)
  await print(json ? `${JSON.stringify(explanation, null, 2)}\n` : `${renderExplanation(explanation)}\n`)
}
