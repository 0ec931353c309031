import type { CommandContext } from '../commands/context.ts'
import { UsageError } from '../errors.ts'
import type { RunFlags } from '../job/command.ts'
import { createReporter } from '../view/reporter.ts'
import { runLocal } from './run-local.ts'

/** What of a cluster and its jobs means nothing in one process. */
const CLUSTER_FLAGS = ['connect', 'detach', 'deadline', 'workerWait', 'attempts', 'listen', 'pinResults'] as const

/** `ipmr run --local`: the output itself on stdout, or with --json one object. */
export async function local (program: string, inputs: string[], flags: RunFlags, { interrupt, elapsed, print }: CommandContext): Promise<void> {
  const useless = CLUSTER_FLAGS.find(name => flags[name] !== undefined)
  if (useless !== undefined) throw new UsageError(`--${useless.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)} is of a cluster, and --local runs in this process: leave one of the two out`)
  const report = createReporter({ stream: process.stderr, quiet: flags.quiet ?? false, elapsed })
  const { reducers, output, chunkSize: chunkBytes, separator, arg: args, skipBadRecords, dataDir } = flags
  const outcome = await runLocal({ program, inputs, reducers, output, chunkBytes, separator, args, skipBadRecords, dataDir, ipfs: flags }, { report, interrupt })
    .finally(() => { report.done() })
  if (flags.json === true) {
    const { parts, seconds, ...told } = outcome
    await print(`${JSON.stringify({ ...told, state: 'succeeded', reducers, output, outputBytes: parts.reduce((sum, { length }) => sum + length, 0), seconds: { total: seconds } }, null, 2)}\n`)
  } else if (output === undefined) {
    for (const part of outcome.parts) await print(part)
  } else {
    await print(`${outcome.result}\n`)
  }
}
