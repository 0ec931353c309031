import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { MAX_ADDRESSES, type JobStatus, type Priority, type ResumeJob, type SubmitJob } from '@ipfs-mapreduce/protocol'
import { openCheckpoint } from '../checkpoint.ts'
import { decodeEntry, encodeEntry, type JobEntry } from '../history.ts'
import { JobRunner, type JobRunnerInit } from './job-runner.ts'
import type { WorkerTable } from './worker-table.ts'
import type { MasterComponents } from '../components.ts'

/** Jobs that wait for their turn; more are refused. */
export const MAX_QUEUED_JOBS = 512
/** Ended jobs whose status is kept. */
export const MAX_ENDED_JOBS = 256

/** How long a checkpoint may take to come from those that hold it; the client waits for the answer. */
const RESUME_TIMEOUT_MS = 8_000
const PRIORITIES: Priority[] = ['high', 'normal', 'low']

export interface JobBookInit {
  maxRunningJobs: number
  workers: WorkerTable
  components: MasterComponents
  /** What a job needs beside what is its own. */
  shared: Pick<JobRunnerInit, 'secured' | 'timing' | 'onWork' | 'onCheckpoint'>
  onEnd: (status: JobStatus) => void
  /** A job of another master has been taken up from a checkpoint. */
  onResumed: (status: JobStatus) => void
}

/** The jobs of a master: those that wait for their turn, those that run, and the last ones that have ended. */
export class JobBook {
  readonly #init: JobBookInit
  readonly #jobs = new Map<string, JobRunner>()
  readonly #ended = new Map<string, { status: JobStatus, submission: string }>()
  /** Jobs by what their client called the submission: one that is sent again is the same job. */
  readonly #submissions = new Map<string, Promise<string>>()
  /** Jobs by the checkpoint that they were taken up from: it is dropped when there are newer ones, and may be asked for again by who has not heard the answer. */
  readonly #resumed = new Map<string, string>()
  /** Jobs that are being written down. */
  readonly #entering = new Map<string, Promise<string>>()

  constructor (init: JobBookInit) {
    this.#init = init
  }

  /** Jobs that have not ended. */
  open (): JobRunner[] {
    return [...this.#jobs.values()]
  }

  get (id: string): JobRunner | undefined {
    return this.#jobs.get(id)
  }

  knows (id: string): boolean {
    return this.#jobs.has(id) || this.#ended.has(id)
  }

  /** Nothing runs, waits, or is being written down. */
  get isEmpty (): boolean {
    return this.#jobs.size + this.#entering.size === 0
  }

  status (id: string): JobStatus | undefined {
    return this.#jobs.get(id)?.status() ?? this.#ended.get(id)?.status
  }

  statuses (): JobStatus[] {
    return [...[...this.#ended.values()].map(({ status }) => status), ...this.open().map(job => job.status())]
  }

  /** Takes up the jobs of the journal. */
  async restore (): Promise<void> {
    const { journal, log } = this.#init.components
    if (journal === undefined) return
    for await (const { job, entries } of journal.load()) {
      try {
        this.#restoreJob(job, entries.map(decodeEntry))
      } catch (error) {
        log.error({ job, error: String(error) }, 'the journal of a job cannot be read; the job is not taken up again')
      }
    }
    this.#admit()
  }

  /** Takes a job; resolves with its id when it is written down. The same submission, sent again, is the same job. */
  async submit (from: string, message: SubmitJob): Promise<string> {
    const { spec, submission, priority } = message
    const known = this.#submissions.get(submission)
    if (known !== undefined) return await known
    this.#checkRoom()
    const { clock, log, newId } = this.#init.components
    const id = newId()
    log.info({ job: id, client: from, program: spec.programName, input: spec.input, reducers: spec.reducers, priority }, 'job submitted')
    return await this.#enter(id, submission, [{ type: 'submitted', submit: message, startedMs: clock.now() }])
  }

  /** Takes up a job of another master from its checkpoint. */
  async resume ({ cluster, checkpoint, providers }: ResumeJob): Promise<string> {
    const { workers, components: { log } } = this.#init
    const holders = workers.all().flatMap(({ peer }) => workers.providersOf(peer))
    const before = this.#known(this.#resumed.get(checkpoint))
    if (before !== undefined) return await before
    const { job, entries, cids } = await this.#read(checkpoint, [...new Set([...providers, ...holders])])
    const known = this.#known(job)
    if (known !== undefined) return await known
    this.#checkRoom()
    const [first, ...rest] = entries
    if (first?.type !== 'submitted') throw new MapReduceError('BAD_INPUT', `${checkpoint} is no checkpoint of a job`)
    const submit = { ...first.submit, cluster, providers: [...new Set([...first.submit.providers, ...providers])].slice(0, MAX_ADDRESSES) }
    log.info({ job, checkpoint }, 'job taken up from its checkpoint')
    const id = await this.#enter(job, submit.submission, [{ ...first, submit }, ...rest, { type: 'pinned', cids }])
    this.#resumed.set(checkpoint, id)
    // Those that hold its runs learn whose they are now.
    const status = this.status(id)
    if (status !== undefined) this.#init.onResumed({ ...status, checkpoint })
    return id
  }

  /** Resolves when the cancellation is written down. One that has ended is no error. */
  async cancel (id: string, reason: string): Promise<void> {
    const job = this.#jobs.get(id)
    if (job !== undefined) await job.cancel(reason)
    else if (!this.#ended.has(id)) throw unknownJob(id)
  }

  /** A job that is here, or is being written down. */
  #known (job: string | undefined): Promise<string> | undefined {
    if (job === undefined) return undefined
    return this.#entering.get(job) ?? (this.knows(job) ? Promise.resolve(job) : undefined)
  }

  /** Without entries where the job is known. */
  async #read (checkpoint: string, providers: string[]): Promise<{ job: string, entries: JobEntry[], cids: string[] }> {
    const { clock, files } = this.#init.components
    const abort = new AbortController()
    const timer = clock.setTimeout(() => { abort.abort() }, RESUME_TIMEOUT_MS)
    const options = { providers, signal: abort.signal }
    try {
      const { job, read } = await openCheckpoint(files, checkpoint, options)
      return { job, ...this.#known(job) === undefined ? await read(options) : { entries: [], cids: [] } }
    } catch (error) {
      // What has come is here, and need not come again.
      if (abort.signal.aborted) throw new MapReduceError('TRANSIENT', `the checkpoint ${checkpoint} is not here yet after ${RESUME_TIMEOUT_MS} ms; send the request again`)
      throw error
    } finally {
      clock.clearTimeout(timer)
    }
  }

  #restoreJob (id: string, history: JobEntry[]): void {
    const ended = history.find(entry => entry.type === 'ended')
    if (ended !== undefined) this.#keepEnded(id, { status: ended.status, submission: ended.submission })
    const submission = ended?.submission ?? this.#openJob(id, history).submission
    this.#submissions.set(submission, Promise.resolve(id))
  }

  /** A job has a place from now on; it is told of when it is written down. */
  async #enter (id: string, submission: string, history: JobEntry[]): Promise<string> {
    const entered = this.#record(id, history).finally(() => { this.#entering.delete(id) })
    this.#entering.set(id, entered)
    this.#submissions.set(submission, entered)
    try {
      return await entered
    } catch (error) {
      this.#submissions.delete(submission)
      throw error
    }
  }

  async #record (id: string, history: JobEntry[]): Promise<string> {
    // All of it or nothing, and at once: a checkpoint has many entries.
    await this.#init.components.journal?.replace(id, history.map(encodeEntry))
    this.#openJob(id, history)
    this.#admit()
    return id
  }

  #openJob (id: string, history: JobEntry[]): JobRunner {
    const { workers, components, shared } = this.#init
    const [first, ...rest] = history
    if (first?.type !== 'submitted') throw new MapReduceError('BAD_INPUT', `the journal of job ${id} does not begin with its submission`)
    for (const entry of rest) if (entry.type === 'worker') workers.remember(entry.peer, entry.addresses)
    const job = new JobRunner({
      ...shared, id, submit: first.submit, startedMs: first.startedMs, workers, components,
      ...rest.length > 0 && { history: rest },
      isOfAnother: cid => this.open().some(other => other.id !== id && other.holds(cid)) || [...this.#ended].some(([other, { status }]) => other !== id && status.result === cid),
      onEnd: ended => { this.#end(ended) }
    })
    this.#jobs.set(id, job)
    components.watch?.jobOpened(job)
    job.start()
    return job
  }

  #checkRoom (): void {
    const { maxRunningJobs } = this.#init
    if (this.#jobs.size + this.#entering.size < maxRunningJobs + MAX_QUEUED_JOBS) return
    throw new MapReduceError('TRANSIENT', `the master runs ${maxRunningJobs} jobs, and ${MAX_QUEUED_JOBS} more wait for their turn; try again later`)
  }

  /** Lets jobs begin whose turn it is: those of a higher priority first, then those that came first. */
  #admit (): void {
    const jobs = this.open()
    let running = jobs.filter(({ state }) => state !== 'queued').length
    for (const priority of PRIORITIES) {
      for (const job of jobs) {
        if (running >= this.#init.maxRunningJobs) return
        if (job.priority !== priority || job.state !== 'queued') continue
        running++
        job.admit()
      }
    }
  }

  #end (job: JobRunner): void {
    const { components: { log, watch }, onEnd } = this.#init
    const status = job.status()
    watch?.jobEnded(job)
    this.#jobs.delete(job.id)
    this.#keepEnded(job.id, { status, submission: job.submission })
    job.forget().catch((error: unknown) => { log.warn({ job: job.id, error: String(error) }, 'the end of a job could not be written down') })
    onEnd(status)
    this.#admit()
  }

  #keepEnded (id: string, ended: { status: JobStatus, submission: string }): void {
    const { journal, log } = this.#init.components
    this.#ended.set(id, ended)
    if (this.#ended.size <= MAX_ENDED_JOBS) return
    const [oldest, { submission }] = this.#ended.entries().next().value!
    this.#ended.delete(oldest)
    this.#submissions.delete(submission)
    for (const [checkpoint, job] of this.#resumed) if (job === oldest) this.#resumed.delete(checkpoint)
    journal?.remove(oldest).catch((error: unknown) => { log.warn({ job: oldest, error: String(error) }, 'the journal of an old job could not be removed') })
  }
}

export function unknownJob (id: string): MapReduceError {
  return new MapReduceError('BAD_INPUT', `no job ${id} is known here; 'ipmr status' lists those that are`)
}
