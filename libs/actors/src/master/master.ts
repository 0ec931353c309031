import { createActor, type ActorRefFrom } from 'xstate'
import { MapReduceError, type JournalEntry } from '@ipfs-mapreduce/mapreduce'
import { MAX_ADDRESSES } from '@ipfs-mapreduce/protocol'
import { checkTiming, DEFAULT_TIMING, masterMachine, type Timing } from '@ipfs-mapreduce/state-machines'
import { readCheckpoint } from '../checkpoint.ts'
import { decodeEntry, encodeEntry, type JobEntry } from '../history.ts'
import { JobRunner } from './job-runner.ts'
import { schedule } from './scheduler.ts'
import { WorkerTable } from './worker-table.ts'
import { failureOf } from '../failure.ts'
import { KeptFiles } from '../kept-files.ts'
import type { MasterComponents } from '../components.ts'
import type { Master, MasterInit } from '../faces.ts'
import type { AttemptProgress, AttemptRef, Heartbeat, Join, JobStatus, Message, Priority, ResumeJob, Status, StatusQuery, SubmitJob } from '@ipfs-mapreduce/protocol'

/** Jobs that run at once, unless the master is told otherwise; more wait for their turn. */
export const MAX_RUNNING_JOBS = 16
/** Jobs that wait for their turn; more are refused. */
export const MAX_QUEUED_JOBS = 512
/** Ended jobs whose status is kept. */
export const MAX_ENDED_JOBS = 256
/** Warnings of a job in a list of all jobs: the list must fit in a message. */
const MAX_LISTED_WARNINGS = 2

/** Share of a lease after which a worker that is silent gets no more offers: the lease of what it runs is not over yet. */
const SILENT_LEASES = 0.6
/** How long a checkpoint may take to come from those that hold it; the client waits for the answer. */
const RESUME_TIMEOUT_MS = 8_000
const PRIORITIES: Priority[] = ['high', 'normal', 'low']

/** A master: takes jobs, keeps the table of workers, and sends each message to the job that it is about. */
export function master (init: MasterInit): (components: MasterComponents) => Master {
  return components => new ClusterMaster(init, components)
}

class ClusterMaster implements Master {
  readonly #cluster: string
  readonly #timing: Timing
  readonly #maxRunningJobs: number
  readonly #components: MasterComponents
  readonly #workers: WorkerTable
  readonly #jobs = new Map<string, JobRunner>()
  readonly #ended = new Map<string, { status: JobStatus, submission: string }>()
  /** Jobs by what their client called the submission: one that is sent again is the same job. */
  readonly #submissions = new Map<string, Promise<string>>()
  readonly #secured: KeptFiles
  readonly #beat: ActorRefFrom<typeof masterMachine>
  readonly #drained = Promise.withResolvers<void>()
  #draining = false
  /** Jobs that are being written down. */
  #opening = 0
  #scheduling = false
  #unlisten = (): void => {}

  constructor ({ cluster, timing, maxRunningJobs = MAX_RUNNING_JOBS }: MasterInit, components: MasterComponents) {
    this.#cluster = cluster
    this.#timing = checkTiming({ ...DEFAULT_TIMING, ...timing })
    this.#maxRunningJobs = maxRunningJobs
    this.#components = components
    this.#workers = new WorkerTable({ now: components.clock.now, silentMs: this.#timing.leaseMs * SILENT_LEASES })
    const { files, log, clock, inspect } = components
    this.#secured = new KeptFiles(async cid => {
      await files.unpin(cid)
      await files.remove(cid)
    }, log)
    this.#beat = createActor(masterMachine, { clock, input: { timing: this.#timing }, ...inspect !== undefined && { inspect } })
    this.#beat.on('advertise', () => { this.#advertise() })
    this.#beat.on('sweep', () => { this.#sweep() })
  }

  async start (): Promise<void> {
    const { network } = this.#components
    const restored = this.#restore()
    network.handle(async (from, message) => {
      await restored
      return await this.#answer(from, message)
    })
    await restored
    network.subscribe('workers', (from, announcement) => {
      if (announcement.type === 'heartbeat') this.#heartbeat(from, announcement)
    })
    this.#unlisten = network.onPeer(({ type, peer }) => {
      if (type !== 'disconnected' || !this.#workers.suspect(peer)) return
      const given = this.#given(peer)
      this.#eachJob(job => { job.workerSuspect(peer, given) })
    })
    this.#beat.start()
    this.#admit()
  }

  status (): Status {
    const ended = [...this.#ended.values()].map(({ status }) => status)
    const jobs = [...ended, ...[...this.#jobs.values()].map(job => job.status())]
    return { type: 'status', jobs: jobs.map(job => ({ ...job, warnings: job.warnings.slice(0, MAX_LISTED_WARNINGS), skipped: [] })), workers: this.#workers.status() }
  }

  job (id: string): JobStatus | undefined {
    return this.#jobs.get(id)?.status() ?? this.#ended.get(id)?.status
  }

  async drain (): Promise<void> {
    this.#draining = true
    this.#checkDrained()
    await this.#drained.promise
  }

  async stop (): Promise<void> {
    const { journal } = this.#components
    this.#beat.send({ type: 'stop' })
    // What is journaled goes on with the next start; what is not ends here.
    if (journal === undefined) this.#eachJob(job => { job.drop('the master was stopped') })
    this.#unlisten()
    await journal?.close()
  }

  async #answer (from: string, message: Message): Promise<Message> {
    switch (message.type) {
      case 'join': return await this.#join(from, message)
      case 'leave': this.#lose(from, message.reason); break
      case 'attemptCompleted': await this.#running(message.ref)?.completed(from, message); break
      case 'attemptFailed': await this.#running(message.ref)?.failed(from, message); break
      case 'runLost': await this.#running(message.ref)?.runLost(from, message); break
      case 'submitJob': return { type: 'jobAccepted', job: await this.#submit(from, message) }
      case 'resumeJob': return { type: 'jobAccepted', job: await this.#resume(message) }
      case 'cancelJob': await this.#cancel(message.job, message.reason); break
      case 'statusQuery': return this.#statusOf(message)
      default: throw new MapReduceError('REFUSED', `a master does not take ${message.type}`)
    }
    return { type: 'ack' }
  }

  async #join (from: string, { cluster, role, slots, addresses, running, draining }: Join): Promise<Message> {
    this.#checkCluster(cluster)
    if (role !== 'mapper' && role !== 'reducer') throw new MapReduceError('REFUSED', `a ${role} does not join a master as a worker`)
    const known = this.#workers.get(from) !== undefined
    this.#workers.see(from, { role, slots, addresses, running, foreign: this.#foreign(running), draining })
    if (!known) this.#components.log.info({ worker: from, role, slots }, 'worker joined')
    if (role === 'mapper') this.#locate(from)
    const given = this.#given(from)
    this.#eachJob(job => {
      job.joined(from, given, running).catch((error: unknown) => { this.#components.log.warn({ job: job.id, worker: from, error: String(error) }, 'a worker could not go on with its attempts') })
    })
    this.#renew(from, running)
    this.#soon()
    const { heartbeatMs, leaseMs } = this.#timing
    return { type: 'welcome', master: this.#components.network.peer, heartbeatMs, leaseMs }
  }

  #locate (mapper: string): void {
    this.#eachJob(job => {
      job.locate(mapper).catch((error: unknown) => { this.#components.log.warn({ job: job.id, mapper, error: String(error) }, 'a mapper\'s blocks are not known') })
    })
  }

  #heartbeat (from: string, { cluster, role, slots, running, draining }: Heartbeat): void {
    if (cluster !== this.#cluster) return
    const before = this.#workers.get(from)?.presence
    if (this.#workers.see(from, { role, slots, running, foreign: this.#foreign(running), draining }) === undefined) {
      // It was struck off while it could not be heard, or this master has come back.
      this.#tell(from, { type: 'leave', reason: 'this master does not know the worker; join again' })
      return
    }
    this.#renew(from, running)
    if (before !== 'ready' || running.length < slots) this.#soon()
  }

  /** Attempts that are none of this master's. */
  #foreign (running: AttemptProgress[]): number {
    return running.filter(({ ref: { job } }) => !this.#jobs.has(job) && !this.#ended.has(job)).length
  }

  /** Attempts that a worker was given and that run. */
  #given (worker: string): AttemptRef[] {
    return [...this.#workers.get(worker)?.reserved.values() ?? []]
  }

  /** Renews the leases of what the worker says it runs, and stops what it should not run. */
  #renew (worker: string, running: AttemptProgress[]): void {
    for (const progress of running) {
      const { ref } = progress
      if (this.#jobs.get(ref.job)?.heartbeat(worker, progress) === true) continue
      if (!this.#jobs.has(ref.job) && !this.#ended.has(ref.job)) continue
      this.#tell(worker, { type: 'attemptAborted', ref, reason: 'it is not wanted any more' })
    }
  }

  /** Takes up the jobs of the journal. */
  async #restore (): Promise<void> {
    const { journal, log } = this.#components
    if (journal === undefined) return
    for await (const { job, entries } of journal.load()) {
      try {
        await this.#restoreJob(job, entries.map(decodeEntry))
      } catch (error) {
        log.error({ job, error: String(error) }, 'the journal of a job cannot be read; the job is not taken up again')
      }
    }
  }

  async #restoreJob (id: string, history: JobEntry[]): Promise<void> {
    const ended = history.find(entry => entry.type === 'ended')
    if (ended !== undefined) {
      this.#keepEnded(id, { status: ended.status, submission: ended.submission })
      this.#submissions.set(ended.submission, Promise.resolve(id))
      return
    }
    const job = this.#open(id, history)
    this.#submissions.set(job.submission, Promise.resolve(id))
  }

  #submit (from: string, message: SubmitJob): Promise<string> {
    this.#checkCluster(message.cluster)
    const known = this.#submissions.get(message.submission)
    if (known !== undefined) return known
    this.#checkRoom()
    const { clock, log, newId } = this.#components
    const { spec, submission, priority } = message
    const id = newId()
    const opened = this.#record(id, [{ type: 'submitted', submit: message, startedMs: clock.now() }])
    this.#submissions.set(submission, opened)
    log.info({ job: id, client: from, program: spec.programName, input: spec.input, reducers: spec.reducers, priority }, 'job submitted')
    opened.catch(() => { this.#submissions.delete(submission) })
    return opened
  }

  async #resume ({ cluster, checkpoint, providers }: ResumeJob): Promise<string> {
    this.#checkCluster(cluster)
    const { files, log, network, clock } = this.#components
    const abort = new AbortController()
    const timer = clock.setTimeout(() => { abort.abort() }, RESUME_TIMEOUT_MS)
    const workers = this.#workers.all().flatMap(({ peer }) => this.#workers.providersOf(peer))
    const { job, entries } = await readCheckpoint(files, checkpoint, { providers: [...new Set([...providers, ...workers])], signal: abort.signal }).finally(() => { clock.clearTimeout(timer) })
    if (this.#jobs.has(job) || this.#ended.has(job)) return job
    this.#checkRoom()
    const [first] = entries
    if (first?.type !== 'submitted') throw new MapReduceError('BAD_INPUT', `${checkpoint} is no checkpoint of a job`)
    const submit = { ...first.submit, cluster: this.#cluster, providers: [...new Set([...first.submit.providers, ...providers])].slice(0, MAX_ADDRESSES) }
    log.info({ job, checkpoint, master: network.peer }, 'job taken up from its checkpoint')
    const opened = this.#record(job, [{ ...first, submit }, ...entries.slice(1)])
    this.#submissions.set(submit.submission, opened)
    return await opened
  }

  /** Writes down a job before anybody is told that it is taken, and opens it. */
  async #record (id: string, history: JobEntry[]): Promise<string> {
    this.#opening++
    try {
      for (const entry of history) await this.#append(id, encodeEntry(entry))
      this.#open(id, history)
      this.#admit()
      return id
    } finally {
      this.#opening--
    }
  }

  async #append (id: string, entry: JournalEntry): Promise<void> {
    await this.#components.journal?.append(id, entry)
  }

  #open (id: string, history: JobEntry[]): JobRunner {
    const [first, ...rest] = history
    if (first?.type !== 'submitted') throw new MapReduceError('BAD_INPUT', `the journal of job ${id} does not begin with its submission`)
    const { submit, startedMs } = first
    for (const entry of rest) if (entry.type === 'worker') this.#workers.remember(entry.peer, entry.addresses)
    const job = new JobRunner({
      id, submit, startedMs, workers: this.#workers, secured: this.#secured, timing: this.#timing, components: this.#components,
      ...rest.length > 0 && { history: rest },
      onEnd: ended => { this.#end(ended) },
      onWork: () => { this.#soon() },
      onCheckpoint: one => { this.#announce(one.status()) }
    })
    this.#jobs.set(id, job)
    job.start()
    return job
  }

  #checkRoom (): void {
    if (this.#draining) throw new MapReduceError('TRANSIENT', 'the master is leaving and takes no more jobs')
    if (this.#jobs.size + this.#opening >= this.#maxRunningJobs + MAX_QUEUED_JOBS) {
      throw new MapReduceError('TRANSIENT', `the master runs ${this.#maxRunningJobs} jobs, and ${MAX_QUEUED_JOBS} more wait for their turn; try again later`)
    }
  }

  /** Lets jobs begin whose turn it is: those of a higher priority first, then those that came first. */
  #admit (): void {
    const jobs = [...this.#jobs.values()]
    let running = jobs.filter(({ state }) => state !== 'queued').length
    for (const priority of PRIORITIES) {
      for (const job of jobs) {
        if (running >= this.#maxRunningJobs) return
        if (job.priority !== priority || job.state !== 'queued') continue
        running++
        job.admit()
      }
    }
  }

  async #cancel (id: string, reason: string): Promise<void> {
    const job = this.#jobs.get(id)
    if (job !== undefined) await job.cancel(reason)
    else if (!this.#ended.has(id)) throw new MapReduceError('BAD_INPUT', `no job ${id} is known here; 'ipmr status' lists those that are`)
  }

  #statusOf ({ job: id }: StatusQuery): Status {
    if (id === undefined) return this.status()
    const job = this.job(id)
    if (job === undefined) throw new MapReduceError('BAD_INPUT', `no job ${id} is known here; 'ipmr status' lists those that are`)
    return { type: 'status', jobs: [job], workers: this.#workers.status() }
  }

  #end (job: JobRunner): void {
    const status = job.status()
    this.#jobs.delete(job.id)
    this.#keepEnded(job.id, { status, submission: job.submission })
    job.forget().catch((error: unknown) => { this.#components.log.warn({ job: job.id, error: String(error) }, 'the end of a job could not be written down') })
    for (const { peer } of this.#workers.all()) this.#tell(peer, { type: 'jobEnded', job: job.id, state: status.state })
    this.#announce(status)
    this.#admit()
    this.#soon()
    this.#checkDrained()
  }

  #keepEnded (id: string, ended: { status: JobStatus, submission: string }): void {
    this.#ended.set(id, ended)
    if (this.#ended.size <= MAX_ENDED_JOBS) return
    const [oldest, { submission }] = this.#ended.entries().next().value!
    this.#ended.delete(oldest)
    this.#submissions.delete(submission)
    this.#components.journal?.remove(oldest).catch((error: unknown) => { this.#components.log.warn({ job: oldest, error: String(error) }, 'the journal of an old job could not be removed') })
  }

  #announce ({ job, state, result, record, reason, checkpoint }: JobStatus): void {
    this.#publish('jobs', {
      type: 'job', job, state,
      ...result !== undefined && { result }, ...record !== undefined && { record }, ...reason !== undefined && { reason }, ...checkpoint !== undefined && { checkpoint }
    })
  }

  #checkDrained (): void {
    if (this.#draining && this.#jobs.size === 0) this.#drained.resolve()
  }

  #advertise (): void {
    this.#publish('masters', { type: 'masterAdvert', cluster: this.#cluster, addresses: this.#components.network.addresses() })
  }

  #sweep (): void {
    for (const peer of this.#workers.unseenSince(this.#components.clock.now() - this.#timing.leaseMs)) {
      this.#lose(peer, `worker ${peer} sent no heartbeat for ${this.#timing.leaseMs} ms`)
    }
    this.#eachJob(job => { job.tick() })
  }

  #lose (peer: string, reason: string): void {
    const given = this.#given(peer)
    if (this.#workers.remove(peer) === undefined) return
    this.#components.log.warn({ worker: peer, reason }, 'worker gone')
    this.#eachJob(job => { job.workerLost(peer, given, reason) })
    this.#soon()
  }

  /** Schedules once, after what is going on now: many events ask for it at the same time. */
  #soon (): void {
    if (this.#scheduling) return
    this.#scheduling = true
    queueMicrotask(() => {
      this.#scheduling = false
      this.#schedule()
    })
  }

  #schedule (): void {
    const jobs = [...this.#jobs.values()]
    for (const [kind, role] of [['map', 'mapper'], ['reduce', 'reducer']] as const) {
      schedule(role, jobs.flatMap(job => job.claimant(kind) ?? []), this.#workers)
    }
    for (const job of jobs) job.checkSupply()
  }

  #eachJob (act: (job: JobRunner) => void): void {
    for (const job of [...this.#jobs.values()]) act(job)
  }

  #running ({ job }: AttemptRef): JobRunner | undefined {
    return this.#jobs.get(job)
  }

  #checkCluster (cluster: string): void {
    if (cluster !== this.#cluster) throw new MapReduceError('REFUSED', `this master serves cluster '${this.#cluster}', not '${cluster}'; see --cluster`)
  }

  /** Sends what may be lost: the receiver learns it another way, later. */
  #tell (peer: string, message: Message): void {
    this.#components.network.request(peer, message).catch((error: unknown) => {
      this.#components.log.debug({ peer, type: message.type, failure: failureOf(error) }, 'a message did not arrive')
    })
  }

  #publish (...[topic, announcement]: Parameters<MasterComponents['network']['publish']>): void {
    this.#components.network.publish(topic, announcement).catch((error: unknown) => {
      this.#components.log.debug({ topic, error: String(error) }, 'an announcement was not sent')
    })
  }
}
