import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Closers, IpfsFlags } from '@ipfs-mapreduce/service'
import { inProcessExecutor, sampleBounds } from '@ipfs-mapreduce/mapreduce'
import type { JobSpec } from '@ipfs-mapreduce/mapreduce'
import { MAX_ROOTS, type Priority, type SubmitJob } from '@ipfs-mapreduce/protocol'
import { sampleProgram } from '@ipfs-mapreduce/sandbox'
import { submitJob } from '../client/ask.ts'
import type { MasterLink } from '../client/ask.ts'
import { joinNetwork, meetFor, reachMaster } from '../client/client.ts'
import type { Client } from '../client/client.ts'
import { asksElsewhere, serviceArgs } from '../client/ipfs.ts'
import { masterBlocks, startCluster } from '../cluster/cluster.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { janitor } from '../cluster/janitor.ts'
import type { DoorFlags } from '../commands/options.ts'
import { refuseAbsent } from '../content/absence.ts'
import { prepareInput } from '../input/prepare.ts'
import { isSmall } from '../input/size.ts'
import { parseInput, refuseCollisions } from '../input/source.ts'
import type { InputSource } from '../input/source.ts'
import { refuseOccupied } from '../output.ts'
import { executorBundle } from '../layout.ts'
import { openRepo } from '../repo.ts'
import { explainInOwnLines } from '../local/own-lines.ts'
import { staysBehind } from '../stays-behind.ts'
import { collect, follow, leave } from './follow.ts'
import type { RunContext, RunOutcome } from './follow.ts'
import { holdersOf } from './holders.ts'
import { loadProgram } from './load-program.ts'
import type { LoadedProgram } from './load-program.ts'
import { checkArgs, findProgram } from './program.ts'
import type { ProgramSource } from './program.ts'
import { reasonToStay } from './reason-to-stay.ts'
import { ridingThrough } from './riding-through.ts'
import { withinScope } from './scope.ts'
import type { GivenContext } from './scope.ts'

/** How long the master of a local cluster may be silent, as one on a busy machine is. Its end is noticed at once. */
const LOCAL_PATIENCE_MS = 30_000

/** Reducer processes of a local cluster; a job may have more partitions, which take turns. */
export const LOCAL_REDUCERS = 2

export interface RunOptions extends DoorFlags {
  program: string
  inputs: string[]
  reducers: number
  output?: string
  chunkBytes: number
  splitBytes: number
  separator: string
  args: Record<string, string>
  /** 0 chooses the master's default, as in `SubmitJob`. */
  deadlineMs: number
  workerWaitMs: number
  maxAttempts: number
  /** Records and keys that may make the program throw; with one more the job fails. */
  skipBadRecords: number
  /** Of each map attempt; undefined leaves it to the default. */
  sortBufferBytes?: number
  priority: Priority
  dataDir: string
  /** The master to submit to; without it a local cluster runs for this job. */
  connect?: string
  /** How long that master may be silent before the job is given up. */
  reconnectMs: number
  /** The cluster of that master. */
  cluster: string
  listen?: string[]
  /** IPFS nodes that the input is read from; with `pinResults`, the result is pinned in that of this machine. */
  ipfs: IpfsFlags
  /** Of the local cluster; of one for a small input, so many at most. */
  mappers: number
  /** Whether they are wanted from the start, however small the input is. */
  mappersGiven: boolean
  slots: number
  /** Shows the services' logs, of this level and worse. */
  logLevel?: string
}

export interface Request {
  options: RunOptions
  source: ProgramSource
  inputs: InputSource[]
}

/** Runs one job from what a person typed to files on disk; leaves no process and no temporary file, however it ends. */
export async function runJob (options: RunOptions, given: GivenContext): Promise<RunOutcome> {
  const request = await checkRequest(options)
  return await withinScope({ ...given, masterStays: options.connect !== undefined }, async (context, closers) => await withinTemporaryDirectory(request, context, closers))
}

/** What can be found wrong before anything is started. */
export async function checkRequest (options: RunOptions): Promise<Request> {
  const source = findProgram(options.program)
  checkArgs(options.program, options.args)
  const inputs = options.inputs.map(parseInput)
  refuseCollisions(inputs)
  if (options.output !== undefined) await refuseOccupied(options.output)
  return { options, source, inputs }
}

async function withinTemporaryDirectory (request: Request, context: RunContext, closers: Closers): Promise<RunOutcome> {
  const { options } = request
  const dir = mkdtempSync(join(tmpdir(), 'ipmr-'))
  const keeper = janitor(dir)
  closers.add('temporary directory', keeper.clean)
  const nodes = await meetFor(options, context.log, closers)
  const repo = await openRepo(options.dataDir, nodes.layers, options.connect === undefined ? [masterBlocks(dir)] : [])
  closers.add('store', async () => { await repo.store.close() })
  const { connect, mappers, mappersGiven, slots, logLevel } = options
  const gradual = !mappersGiven && await isSmall(request.inputs)
  const cluster = connect === undefined ? await startCluster({ dir, mappers, reducers: LOCAL_REDUCERS, slots, gradual, stores: repo.blockDirs, more: serviceArgs(options.ipfs), logLevel }) : undefined
  if (cluster !== undefined) {
    closers.add('local cluster', cluster.stop)
    context.interrupt.onSecond(cluster.kill)
  }
  const client = joinNetwork(repo, nodes, { ...options, cluster: cluster?.name ?? options.cluster }, context.log, closers)
  const program = loadProgram(request.source, join(dir, 'describe'), context.log)
  const work = async (): Promise<RunOutcome> => await runOn(await client, await program, request, context, { cluster, dir })
  // Whoever fails first, the others' ends are still awaited by the closers; nothing goes unhandled.
  await Promise.allSettled([client, program])
  return await Promise.race([work(), ...(cluster === undefined ? [] : [cluster.broken])])
}

async function runOn (client: Client, program: LoadedProgram, { options, inputs, source }: Request, context: RunContext, { cluster, dir }: { cluster: Cluster | undefined, dir: string }): Promise<RunOutcome> {
  const { signal } = context
  const { network, files } = client
  const reading = { signal, providers: options.connect === undefined ? [] : [options.connect] }
  context.report.step('preparing the input')
  const input = await prepareInput(files, inputs, { ...reading, chunkBytes: options.chunkBytes, report: context.report, dataDir: options.dataDir, connect: options.connect, ipfs: options.ipfs })
  if (cluster !== undefined) await refuseAbsent(files, input, options)
  else if (asksElsewhere(options.ipfs)) await bringHere(files, input, context)
  const { cid } = await files.put([program.bundle])
  for (const warning of program.warnings) context.report.note(`warning: ${warning}`)
  const address = options.connect ?? await cluster!.master
  context.report.step('reaching the master')
  const link = await reachMaster(network, address, signal)
  const { reducers, args, separator, splitBytes, skipBadRecords, sortBufferBytes } = options
  const spec: JobSpec = { program: cid, programName: program.name, inputFormat: program.input, input, reducers, args, separator, splitBytes, skipBadRecords, ...sortBufferBytes !== undefined && { sortBufferBytes }, ...!program.deterministic && { deterministic: false } }
  if (program.partition === 'range') {
    context.report.step('sampling the input')
    const holders = cluster === undefined ? await holdersOf(link, signal) : []
    const sampling = { files, program: program.bundle, providers: holders, signal }
    const { shipped } = source
    // What ships needs no wall around it, which takes longer to start than a sample to map.
    const bounds = shipped === undefined
      ? await sampleProgram(spec, { ...sampling, scratchDir: join(dir, 'sample'), entry: { path: executorBundle() }, log: context.log })
      : await sampleBounds(spec, { ...sampling, executor: inProcessExecutor({ load: async () => shipped.program }) })
    if (bounds !== undefined) spec.bounds = bounds
  }
  const { deadlineMs, workerWaitMs, maxAttempts, priority } = options
  const job: Omit<SubmitJob, 'type'> = {
    cluster: cluster?.name ?? options.cluster, spec, providers: network.addresses(), deadlineMs, workerWaitMs, maxAttempts, priority, submission: randomUUID(),
    roots: [...new Set(inputs.flatMap(one => one.kind === 'content' ? [one.cid] : []))].slice(0, MAX_ROOTS)
  }
  const master = ridingThrough(link, cluster === undefined ? options.reconnectMs : LOCAL_PATIENCE_MS, context)
  const take = async (link: MasterLink): Promise<string> => await submitJob(link, job, signal)
  const stays = staysBehind() ? await reasonToStay(input, options, client, master.link, signal) : undefined
  if (staysBehind() && stays === undefined) return await leave(master, take, context)
  const status = await follow(master, take, context, stays).catch(explainInOwnLines(source.path, program.bundle))
  return await collect(client, master, status, { output: options.output, pin: options.ipfs.pinResults }, context)
}

/**
 * Fetches an input from IPFS nodes that this command was told of, for workers that were not. They are not told of them by the job:
 * whoever a cluster's own node connects with is a member of the cluster.
 */
async function bringHere (files: Client['files'], input: string, { report, signal }: RunContext): Promise<void> {
  let fetched = 0
  for await (const { bytes } of files.blocks(input, { signal })) report.bytes('fetching the input', fetched += bytes.byteLength)
}
