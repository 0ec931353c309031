import { DEFAULT_MAX_ATTEMPTS, jobMachine, jobStateName, MachineActor, type JobCommand, type Timing } from '@ipfs-mapreduce/state-machines'
import { Checkpoints } from './checkpoints.ts'
import { JobJournal } from './job-journal.ts'
import { JobPins } from './job-pins.ts'
import { planJob } from './job-plan.ts'
import { jobStatus, waitingFor } from './job-status.ts'
import { Survey } from './locality.ts'
import { Progress } from './progress.ts'
import { Reports } from './reports.ts'
import { commitResult } from './result-commit.ts'
import { Staffing } from './staffing.ts'
import { Tally } from './tally.ts'
import { TaskRunner } from './task-runner.ts'
import { Trust } from './trust.ts'
import { attemptKey } from '../attempt-key.ts'
import { failureOf } from '../failure.ts'
import type { JobEntry } from '../history.ts'
import type { Claimant } from './scheduler.ts'
import type { TaskRecord } from './task-table.ts'
import type { WorkerTable } from './worker-table.ts'
import type { KeptFiles } from '../kept-files.ts'
import type { MasterComponents } from '../components.ts'
import type { JobSpec } from '@ipfs-mapreduce/mapreduce'
import type { AttemptCompleted, AttemptProgress, AttemptRef, JobStatus, Priority, SubmitJob, TaskKind } from '@ipfs-mapreduce/protocol'

/** Shares of the slots that jobs of a priority get, relative to each other. */
const WEIGHTS: Record<Priority, number> = { low: 1, normal: 4, high: 16 }
const KINDS = ['map', 'reduce'] as const

export interface JobRunnerInit {
  id: string
  submit: SubmitJob
  startedMs: number
  /** What is known of it from before the master's restart, or from a checkpoint. */
  history?: JobEntry[]
  workers: WorkerTable
  /** Outputs that the master has pinned, for each job until it ends. */
  secured: KeptFiles
  timing: Timing
  components: MasterComponents
  /** Whether another job has this as its result, or is about to: equal jobs have one. */
  isOfAnother: (cid: string) => boolean
  onEnd: (job: JobRunner) => void
  /** Slots or waiting tasks have changed: schedule soon. */
  onWork: () => void
  onCheckpoint: (job: JobRunner) => void
}

/** One job: its machine, its tasks, and the effects of its machine. */
export class JobRunner {
  readonly id: string
  readonly spec: JobSpec
  readonly maps: TaskRunner
  readonly reduces: TaskRunner
  readonly reports: Reports
  readonly #init: JobRunnerInit
  readonly #actor: MachineActor<typeof jobMachine>
  readonly #abort = new AbortController()
  readonly #trust = new Trust()
  readonly #staffing: Staffing
  readonly #claimants: Record<TaskKind, Claimant>
  readonly #progress: Progress
  readonly #tally: Tally
  readonly #journal: JobJournal
  readonly #survey: Survey
  readonly #known = Promise.withResolvers<void>()
  #isKnown: boolean
  #checkpoints: Checkpoints | undefined
  readonly #pins: JobPins
  #released: Promise<void> | undefined

  constructor (init: JobRunnerInit) {
    const { id, submit, startedMs, timing, workers, components: { clock, files, inspect, journal, log, network } } = init
    this.#init = init
    this.#staffing = new Staffing({ workers, trust: this.#trust })
    this.id = id
    this.spec = submit.spec
    this.#isKnown = init.history === undefined
    this.#progress = new Progress(clock.now, startedMs)
    this.#tally = new Tally({ progress: this.#progress, skipBadRecords: submit.spec.skipBadRecords, warn: message => { this.#warn(message) } })
    this.#journal = new JobJournal({ job: id, journal, onFailure: failure => { this.#actor.send({ type: 'stepFailed', failure }) } })
    this.#journal.muted = !this.#isKnown
    this.#pins = new JobPins({ job: id, files, secured: init.secured, isOfAnother: init.isOfAnother })
    for (const entry of init.history ?? []) this.#pins.replay(entry)
    this.maps = this.#createTasks('map')
    this.reduces = this.#createTasks('reduce')
    this.#claimants = { map: this.#createClaimant('map'), reduce: this.#createClaimant('reduce') }
    this.reports = new Reports({
      job: id, maps: this.maps, reduces: this.reduces, staffing: this.#staffing, journal: this.#journal, log,
      whenKnown: async () => { await this.#whenKnown() },
      isRunning: () => this.state === 'running',
      warn: message => { this.#warn(message) }
    })
    this.#survey = new Survey({ network, log, table: this.maps.table })
    this.#actor = new MachineActor(jobMachine, {
      clock,
      input: {
        job: id, reducers: submit.spec.reducers, elapsedMs: Math.max(0, clock.now() - startedMs),
        timing: { deadlineMs: submit.deadlineMs || timing.deadlineMs, workerWaitMs: submit.workerWaitMs || timing.workerWaitMs }
      },
      onCommand: command => { this.#perform(command) },
      ...inspect !== undefined && { inspect }
    })
  }

  start (): void {
    this.#actor.start()
  }

  /** Its turn has come. */
  admit (): void {
    this.#actor.send({ type: 'admit' })
  }

  get state (): string {
    return jobStateName(this.#actor.value)
  }

  get machine (): unknown {
    return this.#actor.value
  }

  get isReplaying (): boolean {
    return this.#journal.muted
  }

  get startedMs (): number {
    return this.#init.startedMs
  }

  get ended (): boolean {
    return this.#actor.isDone
  }

  /** Whether it is this job's result, or is pinned to become that. */
  holds (cid: string): boolean {
    return this.#pins.has(cid) || this.#actor.context.result === cid
  }

  get priority (): Priority {
    return this.#init.submit.priority
  }

  get submission (): string {
    return this.#init.submit.submission
  }

  /** Resolves when the cancellation survives a restart of the master. */
  async cancel (reason: string): Promise<void> {
    await this.#journal.write({ type: 'cancelled', reason })
    this.#actor.send({ type: 'cancel', reason })
  }

  /** Ends what runs, without a word in the journal: the master goes, and the job with it. */
  drop (reason: string): void {
    this.#actor.send({ type: 'cancel', reason })
  }

  /** The master goes, and takes the job up again when it is back: nothing more is done, and nobody is told. */
  halt (): void {
    this.#abort.abort()
    this.#actor.stop()
    for (const kind of KINDS) this.#tasks(kind).halt()
  }

  /** Its tasks of a kind, as they compete for slots; none while it does not run. */
  claimant (kind: TaskKind): Claimant | undefined {
    if (this.state !== 'running' || !this.#isKnown) return undefined
    return this.#claimants[kind]
  }

  /** Tells the machine of roles that nobody fills. */
  checkSupply (): void {
    if (this.state !== 'running' || !this.#isKnown) return
    const missing = KINDS.flatMap(kind => this.#staffing.missing(this.#tasks(kind).table) ?? [])
    const { missing: known } = this.#actor.context
    // It is asked after every event, and mostly nothing is missing.
    if (missing.length + known.length > 0 && missing.join() !== known.join()) this.#actor.send({ type: 'supply', missing })
  }

  /** Backs up what is slow, and writes a checkpoint when it is time. */
  tick (): void {
    if (this.state !== 'running' || !this.#isKnown) return
    for (const kind of KINDS) {
      const tasks = this.#tasks(kind)
      this.#staffing.backUp(kind, tasks.slow(), (record, worker) => { tasks.backUp(record, worker) })
    }
    this.#checkpoints?.tick()
  }

  /** Whether an attempt is one that this master gave the worker and that should run; true while that is not known yet. */
  gave (worker: string, ref: AttemptRef): boolean {
    return !this.#isKnown || this.#tasks(ref.kind).gave(worker, ref)
  }

  heartbeat (worker: string, { ref, records }: AttemptProgress): boolean {
    return !this.#isKnown || this.#tasks(ref.kind).heartbeat(worker, ref, records)
  }

  /** A worker has joined anew: attempts that it does not run any more are lost. */
  async joined (worker: string, given: AttemptRef[], running: AttemptProgress[]): Promise<void> {
    // Until it is known which of them go on, all take their slots: another job may be known already.
    if (!this.#isKnown) for (const { ref } of running) if (ref.job === this.id) this.#init.workers.reserve(worker, ref)
    await this.#whenKnown()
    this.#reclaim(worker, running)
    const keys = new Set(running.map(({ ref }) => attemptKey(ref)))
    for (const kind of KINDS) this.#tasks(kind).checkAttempts(worker, this.#own(given, kind), keys)
  }

  #reclaim (worker: string, running: AttemptProgress[]): void {
    const runs = running.map(({ ref }) => ref)
    for (const kind of KINDS) this.#tasks(kind).reclaim(worker, this.#own(runs, kind))
  }

  workerSuspect (worker: string, given: AttemptRef[]): void {
    for (const kind of KINDS) this.#tasks(kind).workerSuspect(worker, this.#own(given, kind))
  }

  workerLost (worker: string, given: AttemptRef[], reason: string): void {
    for (const kind of KINDS) this.#tasks(kind).workerLost(worker, this.#own(given, kind), reason)
  }

  /** A mapper has joined: it may hold blocks of tasks that wait. */
  async locate (mapper: string): Promise<void> {
    await this.#survey.joined(mapper, this.#init.workers.countOf('mapper'))
  }

  status (): JobStatus {
    const { failure, result, record, missing } = this.#actor.context
    const checkpoint = this.#checkpoints?.root
    const waiting = this.ended ? undefined : waitingFor(this.state, missing)
    return jobStatus({
      job: this.id, state: this.state, spec: this.spec, priority: this.priority,
      ...failure !== undefined && { failure },
      ...result !== undefined && { result },
      ...record !== undefined && { record },
      ...checkpoint !== undefined && { checkpoint },
      ...waiting !== undefined && { waiting },
      maps: this.maps, reduces: this.reduces, progress: this.#progress, trust: this.#trust
    })
  }

  #createTasks (kind: TaskKind): TaskRunner {
    const { id, submit, timing, workers, secured, components, onWork } = this.#init
    return new TaskRunner({
      job: id, kind, submit, timing, workers, secured, components, onWork,
      trust: this.#trust,
      maxAttempts: submit.maxAttempts > 0 ? submit.maxAttempts : DEFAULT_MAX_ATTEMPTS,
      signal: this.#abort.signal,
      ...kind === 'reduce' && { maps: this.maps.table },
      sinceMs: kind === 'map' ? () => 0 : () => this.maps.table.done ? this.#progress.endOf('map') ?? 0 : Infinity,
      journal: this.#journal,
      onCommitted: (record, completion, changed) => { this.#committed(kind, record, completion, changed) },
      onReopened: record => { this.#reopened(kind, record) },
      onLiar: (worker, record) => { this.#distrust(worker, kind, record) },
      onFailed: failure => { this.#actor.send({ type: 'taskFailed', failure }) },
      warn: message => { this.#warn(message) }
    })
  }

  #createClaimant (kind: TaskKind): Claimant {
    const tasks = this.#tasks(kind)
    return {
      table: tasks.table,
      weight: WEIGHTS[this.priority],
      running: () => tasks.table.inFlight,
      forbids: (record, worker) => this.#staffing.forbids(record, worker) || this.#staffing.isUnwanted(kind, worker),
      avoids: (record, worker) => record.attempts.at(-1)?.worker === worker.peer,
      place: placement => { tasks.offer(placement) }
    }
  }

  #tasks (kind: TaskKind): TaskRunner {
    return kind === 'map' ? this.maps : this.reduces
  }

  #own (refs: AttemptRef[], kind: TaskKind): AttemptRef[] {
    return refs.filter(ref => ref.job === this.id && ref.kind === kind)
  }

  async #whenKnown (): Promise<void> {
    if (!this.#isKnown) await this.#known.promise
  }

  #perform (command: JobCommand): void {
    switch (command.type) {
      case 'plan': this.#step(this.#plan()); break
      case 'schedule': this.#init.onWork(); break
      case 'commit': this.#step(this.#commit()); break
      case 'ended': this.#end(command.state); break
    }
  }

  /** An effect whose failure is an event. After the job's end nobody waits for it. */
  #step (effect: Promise<void>): void {
    effect.catch((error: unknown) => {
      this.#actor.send({ type: 'stepFailed', failure: failureOf(error) })
    })
  }

  async #plan (): Promise<void> {
    const { submit, components: { files, log, clock }, workers } = this.#init
    const { signal } = this.#abort
    const [maps, reduces] = [this.maps.table, this.reduces.table]
    await planJob({ job: this.id, submit, maps, reduces, survey: this.#survey, workers, progress: this.#progress, files, log, signal })
    if (signal.aborted) return
    this.#checkpoints = new Checkpoints({
      job: this.id, files, maps, reduces, clock, log, everyMs: this.#init.timing.checkpointMs,
      submitted: { type: 'submitted', submit, startedMs: this.#progress.startedMs },
      providersOf: peer => workers.providersOf(peer),
      onPin: cids => this.#journal.write({ type: 'pinned', cids }),
      onWritten: () => { this.#init.onCheckpoint(this) }
    })
    this.#actor.send({ type: 'planned', maps: maps.records.length })
    this.#replay(this.#init.history ?? [])
  }

  /** Applies what was known, in its order, as if it came now; then the job goes on. */
  #replay (history: JobEntry[]): void {
    for (const entry of history) {
      if (this.ended) break
      if (entry.type === 'cancelled') this.#actor.send({ type: 'cancel', reason: entry.reason })
      else this.#tasks(kindOf(entry)).replay(entry)
    }
    this.#journal.muted = false
    if (!this.ended) for (const kind of KINDS) this.#tasks(kind).replayed()
    // Before anything is offered: workers that are back already have slots taken.
    for (const { peer, reported } of this.#init.workers.all()) this.#reclaim(peer, reported)
    if (history.length > 0) this.#init.components.log.info({ job: this.id, maps: this.maps.table.committed, reduces: this.reduces.table.committed }, 'job taken up again')
    this.#isKnown = true
    this.#known.resolve()
    this.#init.onWork()
  }

  async #commit (): Promise<void> {
    const { components, history } = this.#init
    const { result, record } = await commitResult({
      job: this.id, spec: this.spec, maps: this.maps.table, reduces: this.reduces.table, progress: this.#progress, journal: this.#journal, pins: this.#pins,
      components, signal: this.#abort.signal, warn: message => { this.#warn(message) }, ...history !== undefined && { history }
    })
    this.#progress.endPhase('commit')
    this.#actor.send({ type: 'resultStored', result, record })
  }

  #end (state: 'succeeded' | 'failed' | 'cancelled'): void {
    const { components: { log }, onEnd } = this.#init
    this.#progress.endPhase('total')
    const reason = this.#actor.context.failure?.message ?? `the job ${state}`
    this.#abort.abort()
    this.maps.cancel(reason)
    this.reduces.cancel(reason)
    this.#isKnown = true
    this.#known.resolve()
    this.#released = this.#release()
    log.info({ job: this.id, state, ...state !== 'succeeded' && { reason } }, 'job ended')
    onEnd(this)
  }

  /** Writes down that the job has ended, and how, when nothing is left to be released: a master that is killed before that ends it again. */
  async forget (): Promise<void> {
    await this.#released
    await this.#journal.end({ type: 'ended', submission: this.submission, status: this.status() })
  }

  async #release (): Promise<void> {
    const steps = await Promise.allSettled([this.#pins.release(), this.#checkpoints?.stop()])
    for (const step of steps) {
      if (step.status === 'rejected') this.#init.components.log.warn({ job: this.id, error: String(step.reason) }, 'not all that the job had pinned could be released')
    }
  }

  #committed (kind: TaskKind, record: TaskRecord, completion: AttemptCompleted, changed: number[]): void {
    const { table } = this.#tasks(kind)
    this.#tally.add(table, record, completion)
    this.#checkpoints?.touch(kind, record.task)
    if (table.done) this.#progress.endPhase(kind)
    const failure = this.#tally.tooManySkipped()
    if (failure !== undefined) {
      this.#actor.send({ type: 'taskFailed', failure })
      return
    }
    if (kind === 'reduce') {
      this.#actor.send({ type: 'reduceCommitted' })
      return
    }
    this.#tally.place(record)
    for (const partition of changed) this.reduces.restart(partition, `a run of map task ${record.task} was made again and is another`)
    this.#actor.send({ type: 'mapCommitted' })
    this.reduces.mapCommitted(record.task)
  }

  #reopened (kind: TaskKind, record: TaskRecord): void {
    this.#tally.remove(this.#tasks(kind).table, record)
    this.#checkpoints?.touch(kind, record.task)
    this.#actor.send({ type: kind === 'map' ? 'mapReopened' : 'reduceReopened' })
  }

  #distrust (worker: string, kind: TaskKind, { task }: TaskRecord): void {
    if (!this.#trust.ban(worker)) return
    const reason = `worker ${worker} gave another output of ${kind} task ${task} than two others`
    this.#warn(`${reason}; what it made for this job is made again, and it gets no more of it`)
    this.maps.discredit(worker, reason)
    this.reduces.discredit(worker, reason)
  }

  #warn (message: string): void {
    this.#init.components.log.warn({ job: this.id }, message)
    this.#progress.warn(message)
  }
}

/** Which tasks an entry is about. */
function kindOf (entry: JobEntry): TaskKind {
  if (entry.type === 'opened') return entry.kind
  return entry.type === 'closed' || entry.type === 'completed' ? entry.report.ref.kind : 'map'
}
