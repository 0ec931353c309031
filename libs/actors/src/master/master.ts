import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { MAX_RUNNING_JOBS, UnauthorizedError } from '@ipfs-mapreduce/protocol'
import { checkTiming, DEFAULT_TIMING, MachineActor, masterMachine, type Timing } from '@ipfs-mapreduce/state-machines'
import { JobBook, unknownJob } from './job-book.ts'
import { schedule, type Claimant } from './scheduler.ts'
import { WorkerTable, type WorkerRole } from './worker-table.ts'
import { failureOf } from '../failure.ts'
import { courseSince } from '../window/course.ts'
import { KeptFiles } from '../kept-files.ts'
import type { JobRunner } from './job-runner.ts'
import type { MasterComponents } from '../components.ts'
import type { Master, MasterInit } from '../faces.ts'
import type { AttemptProgress, AttemptRef, Course, CourseQuery, Heartbeat, Join, JobStatus, Message, Status, StatusQuery, TaskKind } from '@ipfs-mapreduce/protocol'

/** Warnings of a job in a list of all jobs, which has no counters either: the list must fit in a message. */
const MAX_LISTED_WARNINGS = 2

/** Share of a lease after which a worker that is silent gets no more offers: the lease of what it runs is not over yet. */
const SILENT_LEASES = 0.6

/** A master: takes jobs, keeps the table of workers, and sends each message to the job that it is about. */
export function master (init: MasterInit): (components: MasterComponents) => Master {
  return components => new ClusterMaster(init, components)
}

class ClusterMaster implements Master {
  readonly #cluster: string
  readonly #clients: ReadonlySet<string> | undefined
  readonly #timing: Timing
  readonly #components: MasterComponents
  readonly #workers: WorkerTable
  readonly #jobs: JobBook
  readonly #beat: MachineActor<typeof masterMachine>
  readonly #drained = Promise.withResolvers<void>()
  #draining = false
  #scheduling = false
  #stopped = false
  #unlisten = (): void => {}

  constructor ({ cluster, acceptClients, timing, maxRunningJobs = MAX_RUNNING_JOBS }: MasterInit, components: MasterComponents) {
    this.#cluster = cluster
    this.#clients = acceptClients === undefined ? undefined : new Set(acceptClients)
    this.#timing = checkTiming({ ...DEFAULT_TIMING, ...timing })
    this.#components = components
    this.#workers = new WorkerTable({ now: components.clock.now, silentMs: this.#timing.leaseMs * SILENT_LEASES })
    const { files, log, clock, inspect } = components
    const secured = new KeptFiles(async cid => {
      await files.unpin(cid)
      await files.remove(cid)
    }, log)
    this.#jobs = new JobBook({
      maxRunningJobs, workers: this.#workers, components,
      shared: { secured, timing: this.#timing, onWork: () => { this.#soon() }, onCheckpoint: job => { this.#announce(job.status()) } },
      onEnd: status => { this.#ended(status) },
      onResumed: status => { this.#announce(status) }
    })
    this.#beat = new MachineActor(masterMachine, {
      clock, input: { timing: this.#timing },
      onCommand: ({ type }) => { if (type === 'advertise') this.#advertise(); else this.#sweep() },
      ...inspect !== undefined && { inspect }
    })
  }

  async start (): Promise<void> {
    const { network } = this.#components
    const restored = this.#jobs.restore()
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
  }

  status (): Status {
    return { type: 'status', jobs: this.#jobs.statuses().map(job => ({ ...job, counters: {}, warnings: job.warnings.slice(0, MAX_LISTED_WARNINGS), skipped: [] })), workers: this.#workers.status() }
  }

  job (id: string): JobStatus | undefined {
    return this.#jobs.status(id)
  }

  async cancel (id: string, reason: string): Promise<void> {
    await this.#jobs.cancel(id, reason)
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
    this.#eachJob(job => {
      if (journal === undefined) job.drop('the master was stopped')
      else job.halt()
    })
    this.#stopped = true
    this.#unlisten()
  }

  async #answer (from: string, message: Message): Promise<Message> {
    // Workers keep what they made, and report it when a master is back.
    if (this.#stopped) throw new MapReduceError('UNREACHABLE', 'the master is leaving')
    switch (message.type) {
      case 'join': return await this.#join(from, message)
      case 'leave': this.#lose(from, message.reason); break
      case 'slotYielded': await this.#running(message.ref)?.reports.yielded(from, message); break
      case 'attemptCompleted': await this.#running(message.ref)?.reports.completed(from, message); break
      case 'attemptFailed': await this.#running(message.ref)?.reports.failed(from, message); break
      case 'runLost': await this.#running(message.ref)?.reports.runLost(from, message); break
      case 'submitJob':
        this.#checkClient(from)
        this.#checkTakesJobs(message.cluster)
        return { type: 'jobAccepted', job: await this.#jobs.submit(from, message) }
      case 'resumeJob':
        this.#checkClient(from)
        this.#checkTakesJobs(message.cluster)
        return { type: 'jobAccepted', job: await this.#jobs.resume(message) }
      case 'cancelJob':
        this.#checkClient(from)
        await this.#jobs.cancel(message.job, message.reason)
        break
      case 'statusQuery': return this.#statusOf(from, message)
      case 'courseQuery': return this.#courseOf(message)
      default: throw new MapReduceError('REFUSED', `a master does not take ${message.type}`)
    }
    return { type: 'ack' }
  }

  async #join (from: string, { cluster, role, slots, addresses, running, draining }: Join): Promise<Message> {
    this.#checkCluster(cluster)
    if (role !== 'mapper' && role !== 'reducer' && role !== 'worker') throw new MapReduceError('REFUSED', `a ${role} does not join a master as a worker`)
    const known = this.#workers.get(from) !== undefined
    this.#workers.see(from, { role, slots, addresses, running, foreign: this.#foreign(from, running), draining })
    if (!known) this.#components.log.info({ worker: from, role, slots }, 'worker joined')
    if (role !== 'reducer') this.#locate(from)
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
    if (this.#workers.see(from, { role, slots, running, foreign: this.#foreign(from, running), draining }) === undefined) {
      // It was struck off while it could not be heard, or this master has come back.
      this.#tell(from, { type: 'leave', reason: 'this master does not know the worker; join again' })
      return
    }
    this.#renew(from, running)
    // What reports holds no slot: another master's attempt may do so for long.
    if (before !== 'ready' || role === 'worker' || running.filter(({ state }) => state !== 'reporting').length < slots) this.#soon()
  }

  /** Attempts that hold slots and are none of this master's; their job may be, where two masters run it. */
  #foreign (worker: string, running: AttemptProgress[]): number {
    return running.filter(({ ref, state }) => state !== 'reporting' && this.#jobs.get(ref.job)?.gave(worker, ref) !== true).length
  }

  /** Attempts that a worker was given and that run. */
  #given (worker: string): AttemptRef[] {
    return (this.#workers.get(worker)?.reserved ?? []).map(({ ref }) => ref)
  }

  /** Renews the leases of what the worker says it runs, and stops what it should not run. */
  #renew (worker: string, running: AttemptProgress[]): void {
    for (const progress of running) {
      const { ref } = progress
      if (this.#jobs.get(ref.job)?.heartbeat(worker, progress) === true) continue
      if (!this.#jobs.knows(ref.job)) continue
      this.#tell(worker, { type: 'attemptAborted', ref, reason: 'it is not wanted any more' })
    }
  }

  #statusOf (from: string, { job: id }: StatusQuery): Status {
    if (id === undefined) return this.status()
    const job = this.job(id)
    if (job === undefined) throw unknownJob(id)
    // Each of many workers asks now and then whether the job has ended; the list of all of them is for people.
    return { type: 'status', jobs: [job], workers: this.#workers.get(from) === undefined ? this.#workers.status() : [] }
  }

  #courseOf ({ job: id, after }: CourseQuery): Course {
    if (this.job(id) === undefined) throw unknownJob(id)
    const view = this.#components.window?.job(id)
    if (view === undefined) throw new MapReduceError('REFUSED', `this master does not keep the course of job ${id}, or no longer`)
    return courseSince(view, after)
  }

  #ended (status: JobStatus): void {
    for (const { peer } of this.#workers.all()) this.#tell(peer, { type: 'jobEnded', job: status.job, state: status.state })
    this.#announce(status)
    this.#soon()
    this.#checkDrained()
  }

  #announce ({ job, state, result, record, reason, checkpoint }: JobStatus): void {
    this.#publish('jobs', {
      type: 'job', job, state,
      ...result !== undefined && { result }, ...record !== undefined && { record }, ...reason !== undefined && { reason }, ...checkpoint !== undefined && { checkpoint }
    })
  }

  #checkDrained (): void {
    if (this.#draining && this.#jobs.isEmpty) this.#drained.resolve()
  }

  #checkTakesJobs (cluster: string): void {
    this.#checkCluster(cluster)
    if (this.#draining) throw new MapReduceError('TRANSIENT', 'the master is leaving and takes no more jobs')
  }

  #advertise (): void {
    this.#publish('masters', { type: 'masterAdvert', cluster: this.#cluster, addresses: this.#components.network.addresses() })
  }

  #sweep (): void {
    for (const peer of this.#workers.unseenSince(this.#components.clock.now() - this.#timing.leaseMs)) {
      this.#lose(peer, `worker ${peer} sent no heartbeat for ${this.#timing.leaseMs} ms`)
    }
    this.#eachJob(job => {
      job.tick()
      this.#components.watch?.jobTicked(job)
    })
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
    const jobs = this.#jobs.open()
    this.#place('map', 'mapper', jobs)
    this.#place('reduce', 'reducer', jobs)
    for (const job of jobs) job.checkSupply()
  }

  #place (kind: TaskKind, role: WorkerRole, jobs: JobRunner[]): void {
    const claimants: Claimant[] = []
    for (const job of jobs) {
      const claimant = job.claimant(kind)
      // It is asked after every event, and most jobs have no task that waits.
      if (claimant !== undefined && claimant.table.pending > 0) claimants.push(claimant)
    }
    if (claimants.length > 0) schedule(role, claimants, this.#workers)
  }

  #eachJob (act: (job: JobRunner) => void): void {
    for (const job of this.#jobs.open()) act(job)
  }

  #running ({ job }: AttemptRef): JobRunner | undefined {
    return this.#jobs.get(job)
  }

  #checkClient (from: string): void {
    if (this.#clients?.has(from) === false) throw new UnauthorizedError(`this master takes no jobs from peer ${from}; see --accept-client`)
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
