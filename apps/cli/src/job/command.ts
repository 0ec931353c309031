import { createLog } from '@ipfs-mapreduce/service'
import type { IpfsFlags, LogLevel } from '@ipfs-mapreduce/service'
import type { JobStatus, Priority } from '@ipfs-mapreduce/protocol'
import type { CommandContext } from '../commands/context.ts'
import type { DoorFlags } from '../commands/options.ts'
import { errorReport, UsageError } from '../errors.ts'
import { createReporter } from '../view/reporter.ts'
import type { RunOutcome } from './follow.ts'
import { failureReport, runReport } from './report.ts'
import { resumeJob } from './resume.ts'
import { runJob } from './run.ts'
import type { RunOptions } from './run.ts'
import type { GivenContext } from './scope.ts'

/** The options of every command that follows a job, as they were parsed. */
interface FollowFlags extends DoorFlags {
  output?: string
  cluster: string
  listen?: string[]
  reconnect: number
  dataDir: string
  json?: boolean
  quiet?: boolean
  logLevel?: LogLevel
}

/** The options of `ipmr run`. */
export interface RunFlags extends FollowFlags, IpfsFlags {
  reducers: number
  chunkSize: number
  splitSize?: number
  mappers: number
  slots: number
  separator: string
  arg: Record<string, string>
  deadline?: number
  workerWait?: number
  attempts?: number
  skipBadRecords: number
  sortBuffer?: number
  priority: Priority
  connect?: string
  /** In this process, without a cluster. */
  local?: true
  /** Says what would run, and runs nothing. */
  explain?: true
  /** Leaves the job with the master of `connect`. */
  detach?: true
}

/** The options of `ipmr resume`. */
export interface ResumeFlags extends FollowFlags {
  connect: string
  provider?: string[]
}

/** `ipmr run`. */
export async function run (program: string, inputs: string[], flags: RunFlags, { mappersGiven, slotsGiven }: { mappersGiven: boolean, slotsGiven: boolean }, context: CommandContext): Promise<void> {
  await present(flags, context, async given => {
    if (flags.connect !== undefined) refuseLocalOptions(mappersGiven, slotsGiven)
    return await runJob(runOptions(program, inputs, flags), given)
  })
}

export function runOptions (program: string, inputs: string[], flags: RunFlags): RunOptions {
  return {
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
    skipBadRecords: flags.skipBadRecords,
    sortBufferBytes: flags.sortBuffer,
    priority: flags.priority,
    dataDir: flags.dataDir,
    connect: flags.connect,
    reconnectMs: flags.reconnect,
    cluster: flags.cluster,
    listen: flags.listen,
    swarmKey: flags.swarmKey,
    allow: flags.allow,
    ipfs: flags,
    mappers: flags.mappers,
    slots: flags.slots,
    logLevel: flags.logLevel
  }
}

/** `ipmr resume`. */
export async function resume (checkpoint: string, flags: ResumeFlags, context: CommandContext): Promise<void> {
  const { connect, cluster, provider = [], listen, output, reconnect, dataDir, swarmKey, allow } = flags
  await present(flags, context, async given =>
    await resumeJob({ checkpoint, connect, cluster, providers: provider, listen, output, reconnectMs: reconnect, dataDir, swarmKey, allow }, given))
}

/** Follows a job: the result's CID, or with --json one object whether it succeeds or fails, on stdout. */
async function present (flags: FollowFlags, { interrupt, elapsed, print }: CommandContext, work: (given: GivenContext) => Promise<RunOutcome>): Promise<void> {
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
    await print(flags.json === true ? `${JSON.stringify(runReport(outcome.status, flags.output), null, 2)}\n` : outcome.result === undefined ? '' : `${outcome.result}\n`)
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
