import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Log } from '@ipfs-mapreduce/actors'
import { parsePath } from '@ipfs-mapreduce/blocks'
import { DEFAULT_REDUCERS, MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { Counters, JobSpec } from '@ipfs-mapreduce/mapreduce'
import type { JobStatus, Priority, SubmitJob } from '@ipfs-mapreduce/protocol'
import { loadProgram, sampleProgram, stackInOwnLines } from '@ipfs-mapreduce/sandbox'
import type { ExecutorEntry, ProgramSource } from '@ipfs-mapreduce/sandbox'
import { CID } from 'multiformats/cid'
import { abortedBy, inOptions, JobError, unlessAborted } from './errors.ts'
import { takeHost } from './host.ts'
import type { Host } from './host.ts'
import { silent } from './log.ts'
import type { HeliaNode, Membership } from './node.ts'
import { keepResult, readParts } from './result.ts'
import { sourceOf } from './program.ts'
import type { JobProgram } from './program.ts'
import { changes } from './progress.ts'
import { openScratch } from './scratch.ts'
import type { Scratch } from './scratch.ts'

/** A job, and in which cluster it runs. Numbers that are left out are the system's defaults. */
export interface MasterOptions extends Membership {
  program: JobProgram
  /** The input: the CID of a UnixFS file or directory, or a path below one, as `CID/path` or `ipfs://CID/path`. */
  input: CID | string
  /** Partitions of the result, each one file; default DEFAULT_REDUCERS. */
  reducers?: number
  /** What the program reads as `context.args`. */
  args?: Record<string, string>
  /** Between key and value on an output line; default a blank. */
  separator?: string
  /** Target size of a split, in bytes. */
  splitBytes?: number
  /** Records and keys that may make the program throw, and are left out; with one more the job fails. Default 0. */
  skipBadRecords?: number
  /** Map output that an attempt holds in memory, in bytes. */
  sortBufferBytes?: number
  /** Share of the slots, relative to other jobs of the node. */
  priority?: Priority
  /** The job fails when it has not ended after so many milliseconds. */
  deadlineMs?: number
  /** The job fails when a kind of worker is missing for so many milliseconds. */
  workerWaitMs?: number
  /** Attempts of a task that may fail. */
  maxAttempts?: number
  /** A directory for temporary files; one of its own among the system's where absent. */
  scratchDir?: string
  /** What executor processes run; by default what this package ships. A bundled application names its copy. */
  entry?: ExecutorEntry
  /** Structured log; pino's loggers fit. */
  log?: Log
}

/** What a job has made. */
export interface JobResult {
  /** The job's id. */
  job: string
  /** A UnixFS directory of `part-r-00000` …: equal program, input and number of reducers give an equal CID, whoever ran it. It is pinned in the node. */
  result: CID
  /** The dag-cbor record of how it was made. */
  record: CID
  /** Sums over the tasks by name, such as `map.input.records`; `user.NAME` is what the program counted. */
  counters: Counters
  status: JobStatus
  /** The bytes of all parts, in their order. */
  read: (options?: { signal?: AbortSignal }) => AsyncIterable<Uint8Array>
}

/** A job, and the master of it on a Helia node. */
export interface JobMaster extends AsyncDisposable {
  /** The node's peer id. */
  readonly peer: string
  /** Multiaddrs at which workers reach the master. */
  addresses: () => string[]
  /**
   * Runs the job to its end, once. Rejects with a `JobError` where it does not succeed, with `ABORTED` or `TIMEOUT` when the signal is raised,
   * which cancels the job, and before it is started with `BAD_INPUT` or `FATAL` where program or input cannot be used.
   */
  run: (options?: { signal?: AbortSignal }) => Promise<JobResult>
  /** The job as it is now; undefined before `run` has submitted it. */
  status: () => JobStatus | undefined
  /** The job's status as it changes, the last one being its end. Waits for `run`; ends where that fails before the job is submitted, and when the signal is raised. */
  progress: (options?: { signal?: AbortSignal }) => AsyncIterable<JobStatus>
  /** Cancels the job if it runs, and leaves the cluster. The Helia node goes on. */
  stop: () => Promise<void>
}

/**
 * Makes a Helia node the master of a job. Peers of the cluster that are connected to the node, or name it among their masters, work for it,
 * and so does the node itself where it is registered by `registerProtocol`. Several jobs of one node share a master.
 *
 * Rejects with `BAD_INPUT` where the node is not started, has no gossipsub, takes part in another cluster or with others already, or strangers could take part.
 */
export async function createMaster (helia: HeliaNode, options: MasterOptions): Promise<JobMaster> {
  const { host, release } = await takeHost(helia, options, options.log ?? silent)
  return new HeliaJob(helia, options, host, release)
}

class HeliaJob implements JobMaster {
  readonly peer: string
  readonly #helia: HeliaNode
  readonly #options: MasterOptions
  readonly #host: Host
  readonly #release: () => Promise<void>
  readonly #stopping = new AbortController()
  /** The job's id; undefined where it was never submitted. */
  readonly #submitted = Promise.withResolvers<string | undefined>()
  #job: string | undefined
  #running: Promise<JobResult> | undefined
  #program: { source: ProgramSource, bundle: Uint8Array } | undefined

  constructor (helia: HeliaNode, options: MasterOptions, host: Host, release: () => Promise<void>) {
    this.peer = host.network.peer
    this.#helia = helia
    this.#options = options
    this.#host = host
    this.#release = release
  }

  addresses (): string[] {
    return this.#host.network.addresses()
  }

  async run ({ signal }: { signal?: AbortSignal } = {}): Promise<JobResult> {
    if (this.#running !== undefined) throw new MapReduceError('BAD_INPUT', 'a master runs its job once: create another one for the next')
    this.#running = this.#run(signal === undefined ? this.#stopping.signal : AbortSignal.any([signal, this.#stopping.signal]))
    return await this.#running
  }

  status (): JobStatus | undefined {
    return this.#job === undefined ? undefined : this.#host.master.job(this.#job)
  }

  async * progress ({ signal }: { signal?: AbortSignal } = {}): AsyncGenerator<JobStatus> {
    const ending = signal === undefined ? this.#stopping.signal : AbortSignal.any([signal, this.#stopping.signal])
    const job = await unlessAborted(this.#submitted.promise, ending, 'waiting for the job').catch(() => undefined)
    if (job === undefined) return
    for await (const status of changes(this.#host, job, ending)) yield status
  }

  async stop (): Promise<void> {
    this.#stopping.abort(new MapReduceError('ABORTED', 'the master was stopped'))
    this.#submitted.resolve(undefined)
    await this.#running?.catch(() => {})
    await this.#release()
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await this.stop()
  }

  async #run (signal: AbortSignal): Promise<JobResult> {
    const scratch = await openScratch(this.#options.scratchDir)
    try {
      const submission = await this.#prepare(scratch, signal).catch((error: unknown) => {
        // What is under way ends with `ABORTED`, whatever the signal was raised for.
        throw signal.aborted ? abortedBy(signal, 'preparing the job') : error
      })
      if (signal.aborted) throw abortedBy(signal, 'preparing the job')
      const answer = await this.#host.network.request(this.peer, { type: 'submitJob', ...submission }).catch((error: unknown) => { throw inOptions(error) })
      if (answer.type !== 'jobAccepted') throw new MapReduceError('REFUSED', `the master answered a job by ${answer.type}`)
      this.#job = answer.job
      this.#submitted.resolve(answer.job)
      return await this.#follow(answer.job, signal)
    } finally {
      this.#submitted.resolve(undefined)
      await scratch.remove()
    }
  }

  /** What can be found wrong before anything runs is found here. */
  async #prepare (scratch: Scratch, signal: AbortSignal): Promise<Omit<SubmitJob, 'type'>> {
    const { files, cluster } = this.#host
    const { reducers = DEFAULT_REDUCERS, args = {}, separator = ' ', splitBytes = 0, skipBadRecords = 0, sortBufferBytes, priority = 'normal', deadlineMs = 0, workerWaitMs = 0, maxAttempts = 0, entry, log = silent } = this.#options
    const { name, source } = await sourceOf(this.#options.program, files, signal)
    const place = { log, signal, ...entry !== undefined && { entry } }
    const { bundle, input: inputFormat, partition, deterministic, warnings } = await loadProgram(source, { ...place, scratchDir: join(scratch.path, 'describe') })
    this.#program = { source, bundle }
    for (const warning of warnings) log.warn({ warning }, 'the program was bundled with a warning')
    const { cid: input } = await files.resolve(`${this.#options.input}`, { signal })
    const { cid: program } = await files.put([bundle])
    const spec: JobSpec = { program, programName: name, inputFormat, input, reducers, args, separator, splitBytes, skipBadRecords, ...sortBufferBytes !== undefined && { sortBufferBytes }, ...!deterministic && { deterministic: false } }
    if (partition === 'range') {
      const bounds = await sampleProgram(spec, { ...place, files, program: bundle, scratchDir: join(scratch.path, 'sample') })
      if (bounds !== undefined) spec.bounds = bounds
    }
    return { cluster, spec, providers: this.addresses(), deadlineMs, workerWaitMs, maxAttempts, priority, submission: randomUUID(), roots: [`${parsePath(`${this.#options.input}`).cid}`] }
  }

  async #failed (status: JobStatus): Promise<JobError> {
    const stack = status.failure?.stack
    return stack === undefined || this.#program === undefined ? new JobError(status) : new JobError(status, await stackInOwnLines(stack, this.#program.source, this.#program.bundle))
  }

  async #follow (job: string, signal: AbortSignal): Promise<JobResult> {
    let status = this.#host.master.job(job)
    for await (const next of changes(this.#host, job, signal)) status = next
    if (signal.aborted && status?.state !== 'succeeded') {
      const error = abortedBy(signal, `running job ${job}, which was cancelled`)
      await this.#host.master.cancel(job, error.message)
      throw error
    }
    if (status?.state !== 'succeeded') throw await this.#failed(status!)
    const { result, record, counters } = status
    await keepResult(this.#helia, CID.parse(result!))
    const { files } = this.#host
    return { job, result: CID.parse(result!), record: CID.parse(record!), counters, status, read: options => readParts(files, result!, options) }
  }
}
