import { MapReduceError, Slots } from '@ipfs-mapreduce/mapreduce'
import { MAX_SLOTS, UnauthorizedError } from '@ipfs-mapreduce/protocol'
import { checkTiming, DEFAULT_TIMING, type Timing } from '@ipfs-mapreduce/state-machines'
import { AttemptRunner } from './attempt-runner.ts'
import { CheckpointKeeper } from './checkpoint-keeper.ts'
import { Memberships } from './memberships.ts'
import { attemptKey } from '../attempt-key.ts'
import { failureOf } from '../failure.ts'
import { KeptFiles } from '../kept-files.ts'
import { within } from '../within.ts'
import type { WorkerComponents } from '../components.ts'
import type { Worker, WorkerInit } from '../faces.ts'
import type { AttemptAssigned, AttemptProgress, AttemptRef, JobAnnouncement, Message, TaskKind, WorkerStatus } from '@ipfs-mapreduce/protocol'

/** A mapper: runs map attempts for the masters that it has joined. */
export function mapper (init: Omit<WorkerInit, 'role'>): (components: WorkerComponents) => Worker {
  return components => new ClusterWorker({ ...init, role: 'mapper' }, components)
}

/** A reducer: runs reduce attempts for the masters that it has joined. */
export function reducer (init: Omit<WorkerInit, 'role'>): (components: WorkerComponents) => Worker {
  return components => new ClusterWorker({ ...init, role: 'reducer' }, components)
}

/** Both in one peer, with slots for attempts of each kind. */
export function worker (init: Omit<WorkerInit, 'role'>): (components: WorkerComponents) => Worker {
  return components => new ClusterWorker({ ...init, role: 'worker' }, components)
}

/** Leases between two audits of the jobs that a worker holds something for. */
const AUDIT_LEASES = 6
const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled'])

class ClusterWorker implements Worker {
  readonly #init: WorkerInit
  readonly #timing: Timing
  readonly #components: WorkerComponents
  readonly #attempts = new Map<string, AttemptRunner>()
  /** In which attempts execute; one that was offered while another is about to end waits. */
  readonly #slots: Record<TaskKind, Slots>
  readonly #kept: KeptFiles
  readonly #checkpoints: CheckpointKeeper
  readonly #memberships: Memberships
  readonly #drained = Promise.withResolvers<void>()
  /** The master of each job that this worker has worked for. */
  readonly #masterOf = new Map<string, string>()
  /** Another master that runs the job as well, by its announcements: what is kept is for that one when the first does not need it any more. */
  readonly #alsoOf = new Map<string, string>()
  /** When each master was last heard of. */
  readonly #heardMs = new Map<string, number>()
  #auditedMs = 0
  #draining = false

  constructor (init: WorkerInit, components: WorkerComponents) {
    this.#init = init
    this.#timing = checkTiming({ ...DEFAULT_TIMING, ...init.timing })
    this.#components = components
    this.#slots = { map: new Slots(init.slots), reduce: new Slots(init.slots) }
    this.#kept = new KeptFiles(cid => components.files.remove(cid), components.log)
    this.#checkpoints = new CheckpointKeeper(components.files)
    this.#memberships = new Memberships({ ...init, timing: this.#timing, components, running: () => this.#running(), onBeat: () => { this.#beat() }, onAllLeft: () => { this.#drained.resolve() } })
  }

  async start (): Promise<void> {
    this.#components.network.handle((from, message) => this.#answer(from, message))
    this.#memberships.start()
    this.#memberships.onWelcome(master => {
      this.#heardMs.set(master, this.#components.clock.now())
      for (const attempt of [...this.#attempts.values()]) if (attempt.master === master) attempt.masterBack()
      this.#audit()
    })
    this.#components.network.subscribe('jobs', (from, announcement) => {
      if (announcement.type === 'job') this.#announced(from, announcement)
    })
  }

  onReady (listener: (master: string) => void): void {
    this.#memberships.onWelcome(listener)
  }

  status (): WorkerStatus {
    const { network } = this.#components
    return {
      peer: network.peer, role: this.#init.role, slots: this.#init.slots, running: this.#attempts.size,
      state: this.#memberships.state(), addresses: network.addresses(), attempts: this.#running()
    }
  }

  async drain (): Promise<void> {
    this.#draining = true
    for (const attempt of [...this.#attempts.values()]) attempt.handBack('the worker is leaving')
    this.#memberships.drain()
    this.#audit()
    this.#checkIdle()
    await this.#drained.promise
  }

  async stop (): Promise<void> {
    this.#draining = true
    for (const attempt of [...this.#attempts.values()]) attempt.abort('the worker was stopped')
    this.#memberships.stop()
  }

  async #answer (from: string, message: Message): Promise<Message> {
    switch (message.type) {
      case 'attemptAssigned': this.#accept(from, message); break
      case 'runsCommitted': this.#attempt(from, message.ref).runsCommitted(message.runs, message.empty); break
      case 'attemptAborted': this.#attempts.get(keyOf(from, message.ref))?.abort(message.reason); break
      case 'leave':
        this.#checkMaster(from)
        this.#memberships.dismissed(from, message.reason)
        break
      case 'jobEnded': await this.#jobEnded(from, message.job); break
      case 'blocksQuery': return { type: 'blocksHeld', held: await this.#components.files.has(message.cids) }
      default: throw new MapReduceError('REFUSED', `this peer is a ${this.#init.role}, not a master: it does not take ${message.type}`)
    }
    return { type: 'ack' }
  }

  /** Takes work only of a master that it has joined, for its role, up to its slots. */
  #accept (from: string, assigned: AttemptAssigned): void {
    const { role, slots, cluster } = this.#init
    const { ref } = assigned
    const key = keyOf(from, ref)
    this.#checkMaster(from)
    if (assigned.cluster !== cluster) throw new MapReduceError('REFUSED', `this worker serves cluster '${cluster}', not '${assigned.cluster}'`)
    if (role !== 'worker' && (ref.kind === 'map') !== (role === 'mapper')) throw new MapReduceError('REFUSED', `a ${role} does not ${ref.kind}`)
    if (this.#attempts.has(key)) return
    if (this.#draining) throw new MapReduceError('TRANSIENT', 'the worker is leaving')
    if (this.#slotsTaken(ref.kind) >= slots) throw new MapReduceError('TRANSIENT', `all ${slots} slots are taken`)
    const { files, executor, network, clock, log, inspect } = this.#components
    const attempt = new AttemptRunner({
      slots: this.#slots[ref.kind], mayYield: () => this.#mayYield(ref.kind),
      assigned, master: from, timing: this.#timing, files, executor, network, clock, log, kept: this.#kept, ...inspect !== undefined && { inspect },
      onEnd: () => {
        this.#attempts.delete(key)
        this.#checkIdle()
      }
    })
    this.#attempts.set(key, attempt)
    this.#takenUp(ref.job, from)
    this.#masterOf.set(ref.job, from)
    this.#heardMs.set(from, clock.now())
    log.info({ ...ref, master: from }, 'attempt accepted')
    attempt.start()
  }

  #attempt (from: string, ref: AttemptRef): AttemptRunner {
    const attempt = this.#attempts.get(keyOf(from, ref))
    if (attempt === undefined) throw new MapReduceError('REFUSED', `attempt ${attemptKey(ref)} does not run here`)
    return attempt
  }

  #checkMaster (from: string): void {
    if (!this.#memberships.isMaster(from)) throw new UnauthorizedError(`peer ${from} is not a master that this worker has joined`)
  }

  /** A job has a new checkpoint: whoever works for it keeps it, so that another master can take it up. */
  #announced (from: string, { job, state, checkpoint }: JobAnnouncement): void {
    if (ENDED.has(state) || checkpoint === undefined || !this.#masterOf.has(job) || !this.#memberships.isMaster(from)) return
    this.#takenUp(job, from)
    if (this.#masterOf.get(job) !== from) {
      this.#alsoOf.set(job, from)
      return
    }
    this.#checkpoints.keep(job, checkpoint, [`/p2p/${from}`]).catch((error: unknown) => {
      this.#components.log.debug({ job, checkpoint, error: String(error) }, 'a checkpoint could not be fetched; the next one may be')
    })
  }

  /** Another master has taken up the job of one that is gone: its attempts are nobody's any more. */
  #takenUp (job: string, master: string): void {
    const before = this.#masterOf.get(job)
    if (before === undefined || before === master || this.#memberships.isThere(before)) return
    this.#components.log.info({ job, master, before }, 'job taken up by another master')
    this.#masterOf.set(job, master)
    this.#heardMs.set(master, this.#components.clock.now())
    for (const attempt of [...this.#attempts.values()]) {
      if (attempt.progress().ref.job === job && attempt.master === before) attempt.abort('another master has taken up the job')
    }
  }

  #beat (): void {
    this.#freeSlots()
    this.#auditInTime()
  }

  /** A reduce that waits for runs which its master does not tell of would keep its slot from other masters for as long as that may be away. */
  #freeSlots (): void {
    if (this.#memberships.state() !== 'ready') return
    for (const attempt of [...this.#attempts.values()]) {
      if (attempt.needsMaster && !this.#memberships.isThere(attempt.master)) attempt.handBack('its master is away, and another is there')
    }
  }

  /** With the first beat after `AUDIT_LEASES` leases. */
  #auditInTime (): void {
    const nowMs = this.#components.clock.now()
    if (!within(nowMs, this.#auditedMs, AUDIT_LEASES * this.#timing.leaseMs)) this.#audit()
  }

  /** `jobEnded` may be lost, come before an attempt that it should end, or die with a master: asks for what is held here. */
  #audit (): void {
    this.#auditedMs = this.#components.clock.now()
    const jobs = new Set([...this.#kept.jobs, ...this.#checkpoints.jobs, ...[...this.#attempts.values()].map(attempt => attempt.progress().ref.job)])
    for (const job of this.#masterOf.keys()) {
      if (jobs.has(job)) continue
      this.#masterOf.delete(job)
      this.#alsoOf.delete(job)
    }
    for (const job of jobs) {
      this.#auditJob(job).catch((error: unknown) => {
        this.#components.log.debug({ job, error: String(error) }, 'it is not known whether the job has ended; asking again later')
      })
    }
  }

  async #auditJob (job: string): Promise<void> {
    const master = this.#masterOf.get(job)
    if (master === undefined) {
      // Stored by an attempt that had been aborted, after all else of its job was gone.
      await this.#release(job)
    } else if (await this.#hasEnded(master, job)) await this.#forget(master, job)
  }

  async #hasEnded (master: string, job: string): Promise<boolean> {
    try {
      const answer = await this.#components.network.request(master, { type: 'statusQuery', job })
      this.#heardMs.set(master, this.#components.clock.now())
      return answer.type === 'status' && answer.jobs.every(({ state }) => ENDED.has(state))
    } catch (error) {
      // A master that does not know the job has lost its memory, or has forgotten a job that ended long ago.
      if (failureOf(error).code === 'BAD_INPUT') return true
      // It may come back, or another take up its jobs; not for ever.
      if (this.#components.clock.now() - (this.#heardMs.get(master) ?? 0) > this.#timing.awayMs) return true
      throw error
    }
  }

  async #jobEnded (from: string, job: string): Promise<void> {
    this.#checkMaster(from)
    await this.#forget(from, job)
  }

  async #forget (from: string, job: string): Promise<void> {
    for (const attempt of [...this.#attempts.values()]) {
      if (attempt.progress().ref.job === job && attempt.master === from) attempt.abort('the job ended')
    }
    if (this.#isLeftTo(from, job)) await this.#release(job)
  }

  /** Whether no other master needs what is kept for a job when one has ended it, or is gone: another may have taken it up. */
  #isLeftTo (master: string, job: string): boolean {
    const also = this.#alsoOf.get(job)
    if (also === master) this.#alsoOf.delete(job)
    if ((this.#masterOf.get(job) ?? master) !== master) return false
    if (also === undefined || also === master) return true
    this.#alsoOf.delete(job)
    this.#masterOf.set(job, also)
    this.#heardMs.set(also, this.#components.clock.now())
    return false
  }

  async #release (job: string): Promise<void> {
    await this.#kept.release(job)
    await this.#checkpoints.release(job)
    this.#checkIdle()
  }

  #running (): AttemptProgress[] {
    // What reports holds no slot, so there may be more attempts than a heartbeat can name.
    let attempts = [...this.#attempts.values()]
    if (attempts.length > MAX_SLOTS) attempts = [...attempts.filter(({ reporting }) => !reporting), ...attempts.filter(({ reporting }) => reporting)].slice(0, MAX_SLOTS)
    return attempts.map(attempt => attempt.progress())
  }

  /** An attempt that reports holds no slot, nor one that has yielded it: the master may give the next one before its answer has arrived. */
  #slotsTaken (kind: TaskKind): number {
    return this.#unreported(kind).filter(({ yielded }) => !yielded).length
  }

  /** As many attempts may yield as there are slots, and a heartbeat must be able to name them all. */
  #mayYield (kind: TaskKind): boolean {
    return !this.#draining && this.#attempts.size < MAX_SLOTS && this.#unreported(kind).filter(({ yielded }) => yielded).length < this.#init.slots
  }

  #unreported (kind: TaskKind): AttemptRunner[] {
    return [...this.#attempts.values()].filter(attempt => !attempt.reporting && attempt.progress().ref.kind === kind)
  }

  /** A draining worker leaves when nothing runs, and no job needs the runs that it holds. */
  #checkIdle (): void {
    if (this.#draining && this.#attempts.size === 0 && this.#kept.jobs.length === 0) this.#memberships.idle()
  }
}

/** Two masters may name attempts alike, when one has taken up a job of the other. */
function keyOf (master: string, ref: AttemptRef): string {
  return `${master}/${attemptKey(ref)}`
}
