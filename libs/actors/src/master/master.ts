import { createActor, type ActorRefFrom } from 'xstate'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { checkTiming, DEFAULT_TIMING, masterMachine, type Timing } from '@ipfs-mapreduce/state-machines'
import { JobRunner } from './job-runner.ts'
import { WorkerTable } from './worker-table.ts'
import { failureOf } from '../failure.ts'
import { KeptFiles } from '../kept-files.ts'
import type { Components } from '../components.ts'
import type { Master, MasterInit } from '../faces.ts'
import type { AttemptProgress, AttemptRef, Heartbeat, Join, JobStatus, Message, Status, StatusQuery, SubmitJob } from '@ipfs-mapreduce/protocol'

/** Jobs that run at once; more are refused. */
export const MAX_JOBS = 256
/** Ended jobs whose status is kept. */
export const MAX_ENDED_JOBS = 256

/** Share of a lease after which a worker that is silent gets no more offers: the lease of what it runs is not over yet. */
const SILENT_LEASES = 0.6

/** A master: takes jobs, keeps the table of workers, and sends each message to the job that it is about. */
export function master (init: MasterInit): (components: Components) => Master {
  return components => new ClusterMaster(init, components)
}

class ClusterMaster implements Master {
  readonly #cluster: string
  readonly #timing: Timing
  readonly #components: Components
  readonly #workers: WorkerTable
  readonly #jobs = new Map<string, JobRunner>()
  readonly #ended = new Map<string, JobStatus>()
  readonly #secured: KeptFiles
  readonly #beat: ActorRefFrom<typeof masterMachine>
  readonly #drained = Promise.withResolvers<void>()
  #draining = false
  #scheduling = false
  #unlisten = (): void => {}

  constructor ({ cluster, timing }: MasterInit, components: Components) {
    this.#cluster = cluster
    this.#timing = checkTiming({ ...DEFAULT_TIMING, ...timing })
    this.#components = components
    this.#workers = new WorkerTable({ now: components.clock.now, silentMs: this.#timing.leaseMs * SILENT_LEASES })
    const { files, log } = components
    this.#secured = new KeptFiles(async cid => {
      await files.unpin(cid)
      await files.remove(cid)
    }, log)
    this.#beat = createActor(masterMachine, { clock: components.clock, input: { timing: this.#timing } })
    this.#beat.on('advertise', () => { this.#advertise() })
    this.#beat.on('sweep', () => { this.#sweep() })
  }

  async start (): Promise<void> {
    const { network } = this.#components
    network.handle((from, message) => this.#answer(from, message))
    network.subscribe('workers', (from, announcement) => {
      if (announcement.type === 'heartbeat') this.#heartbeat(from, announcement)
    })
    this.#unlisten = network.onPeer(({ type, peer }) => {
      if (type === 'disconnected' && this.#workers.suspect(peer)) this.#eachJob(job => { job.workerSuspect(peer) })
    })
    this.#beat.start()
  }

  status (): Status {
    return { type: 'status', jobs: [...this.#ended.values(), ...[...this.#jobs.values()].map(job => job.status())], workers: this.#workers.status() }
  }

  job (id: string): JobStatus | undefined {
    return this.#jobs.get(id)?.status() ?? this.#ended.get(id)
  }

  async drain (): Promise<void> {
    this.#draining = true
    this.#checkDrained()
    await this.#drained.promise
  }

  async stop (): Promise<void> {
    this.#beat.send({ type: 'stop' })
    this.#eachJob(job => { job.cancel('the master was stopped') })
    this.#unlisten()
  }

  async #answer (from: string, message: Message): Promise<Message> {
    switch (message.type) {
      case 'join': return this.#join(from, message)
      case 'leave': this.#lose(from, message.reason); break
      case 'attemptCompleted': this.#running(message.ref)?.completed(from, message); break
      case 'attemptFailed': this.#running(message.ref)?.failed(from, message); break
      case 'runLost': this.#running(message.ref)?.runLost(from, message); break
      case 'submitJob': return this.#submit(from, message)
      case 'cancelJob': this.#cancel(message.job, message.reason); break
      case 'statusQuery': return this.#statusOf(message)
      default: throw new MapReduceError('REFUSED', `a master does not take ${message.type}`)
    }
    return { type: 'ack' }
  }

  #join (from: string, { cluster, role, slots, addresses, running, draining }: Join): Message {
    this.#checkCluster(cluster)
    if (role !== 'mapper' && role !== 'reducer') throw new MapReduceError('REFUSED', `a ${role} does not join a master as a worker`)
    const known = this.#workers.get(from) !== undefined
    this.#workers.see(from, { role, slots, addresses, running, foreign: this.#foreign(running), draining }, this.#components.clock.now())
    if (!known) this.#components.log.info({ worker: from, role, slots }, 'worker joined')
    if (role === 'mapper') this.#locate(from)
    this.#eachJob(job => { job.checkAttempts(from, running) })
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
    if (this.#workers.see(from, { role, slots, running, foreign: this.#foreign(running), draining }, this.#components.clock.now()) === undefined) {
      // It was struck off while it could not be heard, or this master has lost its memory.
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

  /** Renews the leases of what the worker says it runs, and stops what it should not run. */
  #renew (worker: string, running: AttemptProgress[]): void {
    for (const progress of running) {
      const { ref } = progress
      if (this.#jobs.get(ref.job)?.heartbeat(worker, progress) === true) continue
      if (!this.#jobs.has(ref.job) && !this.#ended.has(ref.job)) continue
      this.#tell(worker, { type: 'attemptAborted', ref, reason: 'it is not wanted any more' })
    }
  }

  #submit (from: string, message: SubmitJob): Message {
    this.#checkCluster(message.cluster)
    if (this.#draining) throw new MapReduceError('TRANSIENT', 'the master is leaving and takes no more jobs')
    if (this.#jobs.size >= MAX_JOBS) throw new MapReduceError('TRANSIENT', `the master runs ${MAX_JOBS} jobs already; try again later`)
    const components = this.#components
    const id = components.newId()
    const job = new JobRunner({
      id, submit: message, workers: this.#workers, secured: this.#secured, timing: this.#timing, components,
      onEnd: ended => { this.#end(ended) },
      onWork: () => { this.#soon() }
    })
    this.#jobs.set(id, job)
    components.log.info({ job: id, client: from, program: message.spec.programName, input: message.spec.input, reducers: message.spec.reducers }, 'job submitted')
    job.start()
    return { type: 'jobAccepted', job: id }
  }

  #cancel (id: string, reason: string): void {
    const job = this.#jobs.get(id)
    if (job !== undefined) job.cancel(reason)
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
    this.#ended.set(job.id, status)
    if (this.#ended.size > MAX_ENDED_JOBS) this.#ended.delete(this.#ended.keys().next().value!)
    for (const { peer } of this.#workers.all()) this.#tell(peer, { type: 'jobEnded', job: job.id, state: status.state })
    const { result, record, reason, state } = status
    this.#publish('jobs', { type: 'job', job: job.id, state, ...result !== undefined && { result }, ...record !== undefined && { record }, ...reason !== undefined && { reason } })
    this.#soon()
    this.#checkDrained()
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
  }

  #lose (peer: string, reason: string): void {
    if (!this.#workers.remove(peer)) return
    this.#components.log.warn({ worker: peer, reason }, 'worker gone')
    this.#eachJob(job => { job.workerLost(peer, reason) })
    this.#soon()
  }

  /** Schedules once, after what is going on now: many events ask for it at the same time. */
  #soon (): void {
    if (this.#scheduling) return
    this.#scheduling = true
    queueMicrotask(() => {
      this.#scheduling = false
      this.#eachJob(job => { job.schedule() })
    })
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

  #publish (...[topic, announcement]: Parameters<Components['network']['publish']>): void {
    this.#components.network.publish(topic, announcement).catch((error: unknown) => {
      this.#components.log.debug({ topic, error: String(error) }, 'an announcement was not sent')
    })
  }
}
