import { createActor, type ActorRefFrom } from 'xstate'
import { DEFAULT_MAX_ATTEMPTS, jobMachine, jobStateName, type JobCommand, type Timing } from '@ipfs-mapreduce/state-machines'
import { locate } from './locality.ts'
import { planInput } from './planner.ts'
import { storeResult } from './result.ts'
import { schedule } from './scheduler.ts'
import { TaskRunner } from './task-runner.ts'
import { attemptKey } from '../attempt-key.ts'
import { failureOf } from '../failure.ts'
import type { WorkerTable } from './worker-table.ts'
import type { KeptFiles } from '../kept-files.ts'
import type { Components } from '../components.ts'
import type { Counters, JobSpec } from '@ipfs-mapreduce/mapreduce'
import type { AttemptCompleted, AttemptFailed, AttemptProgress, Failure, JobStatus, RunLost, SubmitJob } from '@ipfs-mapreduce/protocol'

/** Tasks whose holders are asked for at once while a job is planned. */
const PLAN_BATCH = 512
/** Warnings kept with a job; what more there is stands in the log. */
const MAX_WARNINGS = 32

export interface JobRunnerInit {
  id: string
  submit: SubmitJob
  workers: WorkerTable
  /** Outputs that the master has pinned, for each job until it ends. */
  secured: KeptFiles
  timing: Timing
  components: Components
  onEnd: (job: JobRunner) => void
  /** Slots or waiting tasks have changed: schedule soon. */
  onWork: () => void
}

type Phase = 'plan' | 'map' | 'reduce' | 'commit' | 'total'

/** One job: its machine, its tasks, and the effects of its machine. */
export class JobRunner {
  readonly id: string
  readonly spec: JobSpec
  readonly maps: TaskRunner
  readonly reduces: TaskRunner
  readonly #init: JobRunnerInit
  readonly #actor: ActorRefFrom<typeof jobMachine>
  readonly #abort = new AbortController()
  readonly #counters: Counters = {}
  readonly #warnings: string[] = []
  readonly #startedMs: number
  readonly #phaseEnds = new Map<Phase, number>()
  #inputBytes = 0
  #splits = { local: 0, remote: 0 }
  #fetchedBytes = 0

  constructor (init: JobRunnerInit) {
    const { id, submit, timing, components: { clock } } = init
    this.#init = init
    this.id = id
    this.spec = submit.spec
    this.#startedMs = clock.now()
    const shared = {
      job: id, spec: submit.spec, submit, timing, workers: init.workers, secured: init.secured, components: init.components,
      maxAttempts: submit.maxAttempts > 0 ? submit.maxAttempts : DEFAULT_MAX_ATTEMPTS,
      signal: this.#abort.signal,
      onFailed: (failure: Failure) => { this.#actor.send({ type: 'taskFailed', failure }) },
      onWork: init.onWork,
      warn: (message: string) => { this.#warn(message) }
    }
    this.maps = new TaskRunner({ ...shared, kind: 'map', onCommitted: completion => { this.#mapCommitted(completion) } })
    this.reduces = new TaskRunner({ ...shared, kind: 'reduce', maps: this.maps.table, onCommitted: completion => { this.#reduceCommitted(completion) } })
    this.#actor = createActor(jobMachine, {
      clock,
      input: {
        job: id, reducers: submit.spec.reducers,
        timing: { deadlineMs: submit.deadlineMs || timing.deadlineMs, workerWaitMs: submit.workerWaitMs || timing.workerWaitMs }
      }
    })
    this.#actor.on('*', command => { this.#perform(command) })
  }

  start (): void {
    this.#actor.start()
  }

  get state (): string {
    return jobStateName(this.#actor.getSnapshot().value)
  }

  get ended (): boolean {
    return this.#actor.getSnapshot().status === 'done'
  }

  cancel (reason: string): void {
    this.#actor.send({ type: 'cancel', reason })
  }

  /** Places waiting tasks on free slots, and tells the machine of roles that nobody fills. */
  schedule (): void {
    if (this.state !== 'running') return
    const { workers } = this.#init
    schedule(this.maps.table, workers, placement => { this.maps.offer(placement) })
    schedule(this.reduces.table, workers, placement => { this.reduces.offer(placement) })
    const missing: string[] = []
    if (this.maps.table.waiting > 0 && workers.ready('mapper').length === 0) missing.push('mapper')
    if (this.reduces.table.waiting > 0 && workers.ready('reducer').length === 0) missing.push('reducer')
    this.#actor.send({ type: 'supply', missing })
  }

  heartbeat (worker: string, { ref, records }: AttemptProgress): boolean {
    return this.#tasks(ref.kind).heartbeat(worker, ref, records)
  }

  /** A worker has joined anew: attempts that it does not run any more are lost. */
  checkAttempts (worker: string, running: AttemptProgress[]): void {
    const keys = new Set(running.map(({ ref }) => attemptKey(ref)))
    this.maps.checkAttempts(worker, keys)
    this.reduces.checkAttempts(worker, keys)
  }

  workerSuspect (worker: string): void {
    this.maps.workerSuspect(worker)
    this.reduces.workerSuspect(worker)
  }

  workerLost (worker: string, reason: string): void {
    this.maps.workerLost(worker, reason)
    this.reduces.workerLost(worker, reason)
  }

  /** A mapper has joined: it may hold blocks of tasks that wait. */
  async locate (mapper: string): Promise<void> {
    const waiting = this.maps.table.records.filter(({ state }) => state === 'pending')
    await locate(this.#init.components.network, this.#init.components.log, this.maps.table, waiting, mapper)
  }

  completed (from: string, message: AttemptCompleted): void {
    this.#tasks(message.ref.kind).completed(from, message)
  }

  failed (from: string, message: AttemptFailed): void {
    this.#tasks(message.ref.kind).checkHolder(from, message.ref)
    const { code, cid, message: reason } = message.failure
    if (code === 'INPUT_LOST' && cid !== undefined) this.maps.runLost({ cid, reason }, () => { this.#actor.send({ type: 'mapReopened' }) })
    this.#tasks(message.ref.kind).failed(from, message)
  }

  runLost (from: string, { ref, mapTask, cid, message }: RunLost): void {
    this.reduces.checkHolder(from, ref)
    this.#init.components.log.info({ job: this.id, mapTask, cid, worker: from, reason: message }, 'run lost')
    this.#warn(`a run of map task ${mapTask} could not be fetched; the task runs again`)
    this.maps.runLost({ cid, mapTask, reason: message }, () => { this.#actor.send({ type: 'mapReopened' }) })
  }

  status (): JobStatus {
    const { context } = this.#actor.getSnapshot()
    const { failure, result, record, missing } = context
    return {
      job: this.id, state: this.state, spec: this.spec,
      ...failure !== undefined && { reason: failure.message, failure },
      ...result !== undefined && { result },
      ...record !== undefined && { record },
      ...missing.length > 0 && !this.ended && { waiting: `for a ${missing.join(' and a ')} to join` },
      maps: this.maps.table.counts(),
      reduces: this.reduces.table.counts(),
      counters: { ...this.#counters },
      phases: this.#phases(),
      localSplits: this.#splits.local, remoteSplits: this.#splits.remote,
      fetchedBytes: this.#fetchedBytes,
      inputBytes: this.#inputBytes,
      records: (this.#counters['map.input.records'] ?? 0) + this.maps.recordsInFlight(),
      warnings: [...this.#warnings],
      priority: this.#init.submit.priority,
      blacklist: [],
      skipped: []
    }
  }

  #tasks (kind: 'map' | 'reduce'): TaskRunner {
    return kind === 'map' ? this.maps : this.reduces
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
    const { submit: { spec, providers }, components: { files, network, log }, workers } = this.#init
    const signal = this.#abort.signal
    await files.fetch(spec.program, { providers, signal })
    const plan = await planInput(files, spec.input, { format: spec.inputFormat, splitBytes: spec.splitBytes, providers, signal })
    this.#inputBytes = plan.inputBytes
    const { table } = this.maps
    const locateAll = async (from: number): Promise<void> => {
      const tasks = table.records.slice(from)
      await Promise.all(workers.ready('mapper').map(({ peer }) => locate(network, log, table, tasks, peer)))
    }
    let located = 0
    for await (const { splits, sample } of plan.tasks) {
      table.add(splits, sample)
      if (table.records.length - located < PLAN_BATCH) continue
      await locateAll(located)
      located = table.records.length
    }
    await locateAll(located)
    for (let partition = 0; partition < spec.reducers; partition++) this.reduces.table.add([], [])
    this.#endPhase('plan')
    if (table.records.length === 0) this.#endPhase('map')
    log.info({ job: this.id, maps: table.records.length, reduces: spec.reducers, inputBytes: plan.inputBytes }, 'planned')
    this.#actor.send({ type: 'planned', maps: table.records.length })
  }

  async #commit (): Promise<void> {
    const { components: { files, clock } } = this.#init
    const stored = await storeResult(files, {
      job: this.id, spec: this.spec, maps: this.maps.table, reduces: this.reduces.table,
      counters: this.#counters, startedMs: this.#startedMs, endedMs: clock.now()
    })
    this.#endPhase('commit')
    this.#actor.send({ type: 'resultStored', ...stored })
  }

  #end (state: 'succeeded' | 'failed' | 'cancelled'): void {
    this.#endPhase('total')
    const reason = this.#actor.getSnapshot().context.failure?.message ?? `the job ${state}`
    this.#abort.abort()
    this.maps.cancel(reason)
    this.reduces.cancel(reason)
    this.#release()
    this.#init.components.log.info({ job: this.id, state, ...state !== 'succeeded' && { reason } }, 'job ended')
    this.#init.onEnd(this)
  }

  /** What the job pinned for itself: outputs, which the result directory holds by now if there is one. */
  #release (): void {
    const { secured, components: { log } } = this.#init
    secured.release(this.id).catch((error: unknown) => { log.warn({ job: this.id, error: String(error) }, 'outputs could not be released') })
  }

  #mapCommitted (completion: AttemptCompleted): void {
    const record = this.maps.table.records[completion.ref.task]!
    // A task that commits again has been counted: the same task has the same counters.
    if (record.reopens === 0) {
      this.#count(completion.counters)
      this.#splits[record.holders.has(record.worker!) ? 'local' : 'remote'] += record.splits.length
    }
    this.#fetchedBytes += completion.fetchedBytes
    if (this.maps.table.done) this.#endPhase('map')
    this.#actor.send({ type: 'mapCommitted' })
    this.reduces.wakeFeeds(completion.ref.task)
  }

  #reduceCommitted (completion: AttemptCompleted): void {
    this.#count(completion.counters)
    if (this.reduces.table.done) this.#endPhase('reduce')
    this.#actor.send({ type: 'reduceCommitted' })
  }

  #count (counters: Counters): void {
    for (const [name, value] of Object.entries(counters)) this.#counters[name] = (this.#counters[name] ?? 0) + value
  }

  #warn (message: string): void {
    this.#init.components.log.warn({ job: this.id }, message)
    if (this.#warnings.length < MAX_WARNINGS) this.#warnings.push(message)
  }

  #endPhase (phase: Phase): void {
    this.#phaseEnds.set(phase, this.#init.components.clock.now())
  }

  /** `plan`, `commit` and `total` are spans; `map` and `reduce` overlap, and both count from the end of planning. */
  #phases (): JobStatus['phases'] {
    const end = (phase: Phase): number | undefined => this.#phaseEnds.get(phase)
    const begins: Record<Phase, number | undefined> = { plan: this.#startedMs, map: end('plan'), reduce: end('plan'), commit: end('reduce'), total: this.#startedMs }
    const ends = new Map([...this.#phaseEnds, ['total', end('total') ?? this.#init.components.clock.now()] as const])
    return [...ends].flatMap(([name, ended]) => begins[name] === undefined ? [] : [{ name, ms: Math.max(0, ended - begins[name]) }])
  }
}
