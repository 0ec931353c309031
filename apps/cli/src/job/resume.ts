import { MAX_ADDRESSES } from '@ipfs-mapreduce/protocol'
import { askResume } from '../client/ask.ts'
import { openClient, reachMaster } from '../client/client.ts'
import type { DoorFlags } from '../commands/options.ts'
import { UsageError } from '../errors.ts'
import { parseContentPath } from '../input/source.ts'
import { refuseOccupied } from '../output.ts'
import { collect, follow } from './follow.ts'
import type { RunContext, RunOutcome } from './follow.ts'
import { ridingThrough } from './riding-through.ts'
import { withinScope } from './scope.ts'
import type { GivenContext } from './scope.ts'

export interface ResumeOptions extends DoorFlags {
  checkpoint: string
  /** The master that takes the job up, and its cluster. */
  connect: string
  cluster: string
  /** Multiaddrs of who may hold the checkpoint, beside this machine. */
  providers: string[]
  listen?: string[]
  output?: string
  /** How long the master may be silent before the job is given up. */
  reconnectMs: number
  dataDir: string
}

/** Has a master take up a job from its checkpoint, and follows it as if it had been run from here. */
export async function resumeJob (options: ResumeOptions, given: GivenContext): Promise<RunOutcome> {
  const checkpoint = checkpointCid(options.checkpoint)
  if (options.output !== undefined) await refuseOccupied(options.output)
  return await withinScope({ ...given, masterStays: true }, async (context, closers) => {
    const client = await openClient(options, context.log, closers)
    return await resumeFrom(checkpoint, options, client, context)
  })
}

function checkpointCid (typed: string): string {
  const found = parseContentPath(typed)
  if (found === undefined || found.path.length > 0) throw new UsageError(`${typed} is no CID of a checkpoint: ipmr status shows that of a running job`)
  return found.cid
}

async function resumeFrom (checkpoint: string, { connect, cluster, providers, reconnectMs, output }: ResumeOptions, client: Awaited<ReturnType<typeof openClient>>, context: RunContext): Promise<RunOutcome> {
  const { network } = client
  context.report.step('reaching the master')
  const link = await reachMaster(network, connect, context.signal)
  const master = ridingThrough(link, reconnectMs, context)
  // This machine may be the one that the job was run from, with program and input still in its repo.
  const job = { cluster, checkpoint, providers: [...providers, ...network.addresses()].slice(0, MAX_ADDRESSES) }
  const status = await follow(master, async link => await askResume(link, job, context.signal), context)
  return await collect(client, master, status, { output }, context)
}
