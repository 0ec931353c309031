import type { IpfsFlags } from '@ipfs-mapreduce/service'
import type { Priority } from '@ipfs-mapreduce/protocol'
import type { CommandContext } from '../commands/context.ts'
import type { DoorFlags } from '../commands/options.ts'
import { UsageError } from '../errors.ts'
import { present } from './present.ts'
import type { PresentFlags } from './present.ts'
import { resumeJob } from './resume.ts'
import { runJob } from './run.ts'
import type { RunOptions } from './run.ts'

/** The options of every command that follows a job, as they were parsed. */
interface FollowFlags extends DoorFlags, PresentFlags {
  cluster: string
  listen?: string[]
  reconnect: number
  dataDir: string
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
    return await runJob(runOptions(program, inputs, flags, { mappersGiven }), given)
  })
}

export function runOptions (program: string, inputs: string[], flags: RunFlags, { mappersGiven = false }: { mappersGiven?: boolean } = {}): RunOptions {
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
    mappersGiven,
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

function refuseLocalOptions (mappersGiven: boolean, slotsGiven: boolean): void {
  if (!mappersGiven && !slotsGiven) return
  const option = mappersGiven ? '--mappers' : '--slots'
  throw new UsageError(`${option} is of the local cluster, and --connect submits to workers that run already: leave one of the two out`)
}
