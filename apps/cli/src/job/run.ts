import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClosers } from '@ipfs-mapreduce/service'
import type { Closers, Log } from '@ipfs-mapreduce/service'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { JobSpec } from '@ipfs-mapreduce/mapreduce'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import { cancelJob, submitJob } from '../client/ask.ts'
import type { MasterLink } from '../client/ask.ts'
import { joinNetwork, providerOf, reachMaster } from '../client/client.ts'
import type { Client } from '../client/client.ts'
import { watchJob } from '../client/watch.ts'
import { startCluster } from '../cluster/cluster.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { janitor } from '../cluster/janitor.ts'
import { notHere } from '../content/absence.ts'
import { JobFailedError } from '../errors.ts'
import { prepareInput } from '../input/prepare.ts'
import { parseInput, refuseCollisions } from '../input/source.ts'
import type { InputSource } from '../input/source.ts'
import type { Interrupt } from '../interrupt.ts'
import { refuseOccupied, writeOutput } from '../output.ts'
import { openRepo } from '../repo.ts'
import { plural } from '../view/format.ts'
import type { Reporter } from '../view/reporter.ts'
import { loadProgram } from './load-program.ts'
import type { LoadedProgram } from './load-program.ts'
import { checkArgs, findProgram } from './program.ts'
import type { ProgramSource } from './program.ts'

/** How long a master is given to note that a job is cancelled, before this process ends all the same. */
const CANCEL_TIMEOUT_MS = 2_000

/** Reducer processes of a local cluster; a job may have more partitions, which take turns. */
export const LOCAL_REDUCERS = 2

export interface RunOptions {
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
  dataDir: string
  /** The master to submit to; without it a local cluster runs for this job. */
  connect?: string
  /** The cluster of that master. */
  cluster: string
  listen?: string[]
  /** Of the local cluster. */
  mappers: number
  slots: number
  /** Shows the services' logs, of this level and worse. */
  logLevel?: string
}

export interface RunContext {
  report: Reporter
  interrupt: Interrupt
  /** Aborted when the job is no longer wanted, for whatever reason. */
  signal: AbortSignal
  log: Log
  /** Told whatever the master said last, so that a failure can be reported with it. */
  onStatus: (status: JobStatus) => void
}

export interface RunOutcome {
  status: JobStatus
  /** CID of the output directory. */
  result: string
  /** Paths that `--output` wrote. */
  written: string[]
}

interface Request {
  options: RunOptions
  source: ProgramSource
  inputs: InputSource[]
}

/** Runs one job from what a person typed to files on disk; leaves no process and no temporary file, however it ends. */
export async function runJob (options: RunOptions, given: Omit<RunContext, 'signal'>): Promise<RunOutcome> {
  const request = await checkRequest(options)
  const closers = createClosers(given.log)
  const scope = new AbortController()
  const context = { ...given, signal: AbortSignal.any([given.interrupt.signal, scope.signal]) }
  try {
    return await withinTemporaryDirectory(request, context, closers)
  } finally {
    scope.abort()
    await closers.close()
  }
}

/** What can be found wrong before anything is started. */
async function checkRequest (options: RunOptions): Promise<Request> {
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
  const repo = await openRepo(options.dataDir)
  closers.add('store', async () => { await repo.store.close() })
  const { connect, mappers, slots, logLevel } = options
  const cluster = connect === undefined ? await startCluster({ dir, mappers, reducers: LOCAL_REDUCERS, slots, stores: repo.blockDirs, logLevel }) : undefined
  if (cluster !== undefined) {
    closers.add('local cluster', cluster.stop)
    context.interrupt.onSecond(cluster.kill)
  }
  const client = joinNetwork(repo, { ...options, cluster: cluster?.name ?? options.cluster }, context.log, closers)
  const program = loadProgram(request.source, join(dir, 'describe'), context.log)
  const work = async (): Promise<RunOutcome> => await runOn(await client, await program, request, context, cluster)
  // Whoever fails first, the others' ends are still awaited by the closers; nothing goes unhandled.
  await Promise.allSettled([client, program])
  return await Promise.race([work(), ...(cluster === undefined ? [] : [cluster.broken])])
}

async function runOn (client: Client, program: LoadedProgram, { options, inputs }: Request, context: RunContext, cluster: Cluster | undefined): Promise<RunOutcome> {
  const { signal } = context
  const { network, files } = client
  const reading = { signal, providers: options.connect === undefined ? [] : [options.connect] }
  context.report.step('preparing the input')
  const input = await prepareInput(files, inputs, { ...reading, chunkBytes: options.chunkBytes, report: context.report, dataDir: options.dataDir, connect: options.connect })
  if (cluster !== undefined) await refuseAbsent(client, input, options.dataDir)
  const { cid } = await files.put([program.bundle])
  for (const warning of program.warnings) context.report.note(`warning: ${warning}`)
  const address = options.connect ?? await cluster!.master
  context.report.step('reaching the master')
  const link = await reachMaster(network, address, signal)
  const spec: JobSpec = {
    program: cid,
    programName: program.name,
    inputFormat: program.input,
    input,
    reducers: options.reducers,
    args: options.args,
    separator: options.separator,
    splitBytes: options.splitBytes,
    skipBadRecords: 0
  }
  const status = await follow(link, spec, options, context, cluster?.name ?? options.cluster)
  return await collect(client, link, status, options, context)
}

/** A local cluster is alone: what is not on this machine is nowhere. */
async function refuseAbsent ({ files }: Client, input: string, dataDir: string): Promise<void> {
  const [held] = await files.has([input])
  if (held !== true) throw notHere(`the input ${input}`, dataDir)
}

/** Submits, shows progress until the end, and cancels when interrupted. */
async function follow (link: MasterLink, spec: JobSpec, options: RunOptions, context: RunContext, cluster: string): Promise<JobStatus> {
  const { deadlineMs, workerWaitMs, maxAttempts } = options
  const { signal } = context
  const providers = link.network.addresses()
  const job = await submitJob(link, { cluster, spec, providers, deadlineMs, workerWaitMs, maxAttempts, priority: 'normal', submission: randomUUID() }, signal)
  try {
    const onStatus = (status: JobStatus): void => {
      context.onStatus(status)
      context.report.job(status)
    }
    const status = await watchJob(link, { job, onStatus, signal })
    if (status.state === 'succeeded') return status
    throw new JobFailedError(job, status.failure ?? { code: 'ABORTED', message: status.reason ?? `it was ${status.state}` })
  } catch (error) {
    if (context.interrupt.signal.aborted) await cancelPolitely(link, job, context)
    throw error
  }
}

async function cancelPolitely (link: MasterLink, job: string, { report, log }: RunContext): Promise<void> {
  try {
    await cancelJob(link, job, 'interrupted at the client', AbortSignal.timeout(CANCEL_TIMEOUT_MS))
    report.note(`cancelled job ${job}`)
  } catch (error) {
    log.warn({ job, err: error }, 'could not cancel the job')
  }
}

/** Makes the result this machine's own, and writes its files where they were wanted. */
async function collect ({ files }: Client, link: MasterLink, status: JobStatus, { output }: RunOptions, { report, signal }: RunContext): Promise<RunOutcome> {
  const { result, record } = status
  if (result === undefined) throw new MapReduceError('TRANSIENT', `the master at ${link.address} announced success of job ${status.job} without a result: is it of this version?`)
  const reading = { signal, providers: [providerOf(link)] }
  report.step('fetching the result')
  await files.pin(result, reading)
  if (record !== undefined) await files.pin(record, reading)
  const written = output === undefined ? [] : await writeOutput(files, result, output, reading)
  for (const warning of status.warnings) report.note(`warning: ${warning}`)
  if (output !== undefined) report.note(`wrote ${plural(written.length, 'file')} to ${output}`)
  return { status, result, written }
}
