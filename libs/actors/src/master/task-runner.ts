import { UnauthorizedError } from '@ipfs-mapreduce/protocol'
import { MAX_REOPENS, type Attempt, type TaskCommand } from '@ipfs-mapreduce/state-machines'
import { changedPartitions, type Answer } from './answer.ts'
import { Feeds } from './feeds.ts'
import { closeOvertaken, replayClosed, replayOpened } from './replay.ts'
import { running, RunningAttempts } from './running-attempts.ts'
import { Settlement } from './settlement.ts'
import { TaskActors, type TaskActor } from './task-actors.ts'
import { isActive, TaskEffects, type TaskEffectsInit } from './task-effects.ts'
import { TaskTable, type TaskRecord } from './task-table.ts'
import { attemptKey } from '../attempt-key.ts'
import { failureOf } from '../failure.ts'
import type { JobEntry } from '../history.ts'
import type { Placement } from './scheduler.ts'
import type { Trust } from './trust.ts'
import type { WorkerEntry } from './worker-table.ts'
import type { AttemptCompleted, AttemptFailed, AttemptRef, Failure, RunLost, TaskKind } from '@ipfs-mapreduce/protocol'

export interface TaskRunnerInit extends TaskEffectsInit {
  kind: TaskKind
  maxAttempts: number
  trust: Trust
  /** When all that the tasks wait for was there: their time counts from then. Infinity while it is not. */
  sinceMs: () => number
  /** `changed` are partitions whose run is another than the one that reducers may have read. */
  onCommitted: (record: TaskRecord, completion: AttemptCompleted, changed: number[]) => void
  /** What was committed does not count any more. */
  onReopened: (record: TaskRecord) => void
  /** A worker's answer differs from what others made of the same task. */
  onLiar: (worker: string, task: TaskRecord) => void
  onFailed: (failure: Failure) => void
  onWork: () => void
  warn: (message: string) => void
}

/** The tasks of one kind of one job: records, machines of those in flight, and the machines' effects. */
export class TaskRunner {
  readonly table: TaskTable
  readonly #init: TaskRunnerInit
  readonly #actors: TaskActors
  readonly #feeds: Feeds
  readonly #running: RunningAttempts
  readonly #settlement: Settlement
  readonly #effects: TaskEffects

  constructor (init: TaskRunnerInit) {
    this.#init = init
    this.table = new TaskTable(init.kind)
    this.#actors = new TaskActors({ ...init, onCommand: (record, command) => { this.#perform(record, command) } })
    this.#feeds = new Feeds(init)
    this.#effects = new TaskEffects(init)
    const { job, submit: { spec }, timing: { backupMs }, sinceMs, trust, onLiar, onWork, warn, components: { clock, watch } } = init
    this.#running = new RunningAttempts({ table: this.table, backupMs, sinceMs, now: () => clock.now(), ...watch !== undefined && { watch } })
    this.#settlement = new Settlement({
      job, table: this.table, trust, onLiar, onWork, warn,
      deterministic: spec.deterministic !== false,
      commit: (record, completion, answer) => { this.#commit(record, completion, answer) },
      reopen: record => { this.#reopen(record) }
    })
  }

  offer ({ record, worker }: Placement): void {
    this.#init.workers.reserve(worker.peer, this.#ref(record.task, record.attempts.length + 1))
    this.#actors.of(record).send({ type: 'offer', worker: worker.peer })
  }

  /** Tasks near the end of their phase that are much slower than their peers were, and have no second attempt yet. */
  slow (): TaskRecord[] {
    const { table } = this
    if (table.waiting > 0 || table.inFlight === 0) return []
    return this.#running.slow(this.#actors.tasks().map(task => table.records[task]!))
  }

  /** Runs a second attempt beside one that is slow. */
  backUp (record: TaskRecord, worker: WorkerEntry): void {
    this.table.backups++
    this.#init.workers.reserve(worker.peer, this.#ref(record.task, record.attempts.length + 1))
    this.#actors.get(record.task)!.send({ type: 'backup', worker: worker.peer })
  }

  /** The value of a task's machine, as XState has it; undefined where none runs. */
  machineOf (task: number): unknown {
    return this.#actors.get(task)?.value
  }

  recordsInFlight (): number {
    return this.#running.records
  }

  /** Whether the worker was given this attempt, and should run it. */
  gave (worker: string, { task, attempt }: AttemptRef): boolean {
    const given = this.table.records[task]?.attempts[attempt - 1]
    return given?.worker === worker && given.outcome === 'active'
  }

  /** False where this attempt is not one that the worker should run. */
  heartbeat (worker: string, ref: AttemptRef, records: number): boolean {
    if (!this.gave(worker, ref)) return false
    this.#running.hasRead(ref, records)
    this.#actors.get(ref.task)?.send({ type: 'heartbeat', attempt: ref.attempt })
    this.#feeds.wake(ref)
    return true
  }

  /** The worker says what it runs: what else it was given is gone, with an earlier life of its process. */
  checkAttempts (worker: string, given: AttemptRef[], runs: Set<string>): void {
    for (const ref of given) {
      // An offer whose answer is on the way stands in neither place.
      if (runs.has(attemptKey(ref)) || !this.#running.isAccepted(ref)) continue
      this.#actors.get(ref.task)?.send({ type: 'workerLost', worker, reason: `worker ${worker} came back without the attempt` })
    }
  }

  /** An attempt was opened after another had completed: what was being secured could not be had, or was begun anew. */
  #abandon (task: number): void {
    if (!this.#actors.stop(task)) return
    this.#settlement.forget(task)
    const record = this.table.records[task]!
    if (record.state !== 'pending') this.table.retry(record)
  }

  /** After a restart: gives a worker that has come back the slots of the attempts that it was given before and should run still. */
  reclaim (worker: string, runs: AttemptRef[]): void {
    for (const ref of runs) {
      if (!this.gave(worker, ref)) {
        this.#init.workers.release(worker, ref)
        continue
      }
      this.#init.workers.reserve(worker, ref)
      const actor = this.#actors.get(ref.task)
      if (actor !== undefined) this.#feed(ref, worker, actor)
    }
    if (this.#running.anyAway) this.#endAway(worker, new Set(runs.map(attemptKey)))
  }

  /** A worker is back after the master's restart: what it had and does not run any more is lost. */
  #endAway (worker: string, runs: Set<string>): void {
    for (const record of this.table.records) {
      for (const one of running(record)) {
        const ref = this.#ref(record.task, one.attempt)
        if (one.worker !== worker || !this.#running.isBack(ref) || runs.has(attemptKey(ref))) continue
        this.#actors.get(record.task)?.send({ type: 'workerLost', worker, reason: `worker ${worker} came back without the attempt` })
      }
    }
  }

  workerSuspect (worker: string, given: AttemptRef[]): void {
    for (const { task } of given) this.#actors.get(task)?.send({ type: 'workerSuspect', worker })
  }

  workerLost (worker: string, given: AttemptRef[], reason: string): void {
    this.table.unhold(worker)
    for (const { task } of given) this.#actors.get(task)?.send({ type: 'workerLost', worker, reason })
  }

  /** Throws where `from` does not hold the attempt: reports are taken only from the peer that was given it. */
  checkHolder (from: string, ref: AttemptRef): TaskRecord {
    const record = this.table.records[ref.task]
    if (record?.attempts[ref.attempt - 1]?.worker !== from) {
      throw new UnauthorizedError(`attempt ${attemptKey(ref)} was not given to peer ${from}`)
    }
    return record
  }

  /** An attempt needs its slot for little longer. Throws where `from` does not hold it. */
  yielded (from: string, ref: AttemptRef): void {
    if (!isActive(this.checkHolder(from, ref), ref)) return
    this.#init.workers.yieldSlot(from, ref)
    this.#init.onWork()
  }

  /** `alone`: no other worker was there that could decide, if its answer contradicts one of its own. */
  completed (from: string, message: AttemptCompleted, alone: boolean): void {
    const record = this.checkHolder(from, message.ref)
    if (alone) this.#settlement.noteAlone(message.ref)
    if (message.ref.attempt <= record.staleAttempts || this.#init.trust.isBanned(from)) return
    if (record.state === 'committed') {
      this.#settlement.compare(record, from, message)
    } else if (record.state !== 'failed') {
      const actor = this.#actors.of(record)
      if (actor.value === 'securing') this.#settlement.defer(record, from, message)
      else actor.send(message)
    }
  }

  failed (from: string, message: AttemptFailed): void {
    const record = this.checkHolder(from, message.ref)
    this.#actors.get(record.task)?.send(message)
  }

  /** A committed run cannot be fetched: its map task runs again, and nothing else does. False where it does so already, or ran again. */
  runLost ({ cid, mapTask, message }: Pick<RunLost, 'cid' | 'mapTask' | 'message'>): boolean {
    const record = this.table.records[mapTask]
    // Not committed now, or with another answer: the reducer will be told of the new run.
    if (record?.state !== 'committed' || !record.answer!.runs.some(run => run.cid === cid)) return false
    if (++record.reopens > MAX_REOPENS) {
      this.#init.onFailed({ code: 'INPUT_LOST', message: `the runs of map task ${record.task} were lost ${record.reopens} times, last because ${message}`, cid })
      return true
    }
    this.#reopen(record)
    return true
  }

  /** The map task whose committed runs hold this one. */
  taskOfRun (cid: string): number | undefined {
    return this.table.records.find(({ answer }) => answer?.runs.some(run => run.cid === cid) === true)?.task
  }

  /** A worker gave a false answer: all that it committed is made again, by others. */
  discredit (worker: string, reason: string): void {
    for (const record of this.table.records) {
      if (record.state === 'committed' && record.answer!.worker === worker) this.#reopen(record)
    }
    this.#actors.sendAll({ type: 'workerLost', worker, reason })
  }

  /** A reduce has read, or may have read, a run that proved to be false: it starts anew. */
  restart (task: number, reason: string): void {
    const record = this.table.records[task]
    if (record === undefined) return
    record.staleAttempts = record.attempts.length
    record.rivals = []
    this.#settlement.forget(task)
    this.#actors.get(task)?.send({ type: 'restart', reason })
    if (record.state === 'committed') this.#reopen(record)
    delete record.answer
  }

  /** Reduces: a map task has committed. */
  mapCommitted (mapTask: number): void {
    this.#feeds.committed(mapTask)
  }

  /** The master goes: nothing more is done, and nobody is told. */
  halt (): void {
    this.#actors.stopAll()
    this.#feeds.stop()
  }

  cancel (reason: string): void {
    this.#actors.cancelAll(reason)
    this.#feeds.stop()
    this.#running.clear()
  }

  /** What is known from before the master's restart, or from a checkpoint. */
  replay (entry: JobEntry): void {
    switch (entry.type) {
      case 'opened':
        this.#abandon(entry.task)
        replayOpened(this.table, entry)
        break
      case 'closed': {
        const worker = replayClosed(this.table, entry)
        if (worker !== undefined) this.#init.trust.failed(worker, entry.report.failure.code)
        break
      }
      case 'completed': this.completed(entry.worker, entry.report, entry.alone); break
      case 'runLost': this.runLost(entry.report); break
      case 'submitted': case 'worker': case 'cancelled': case 'pinned': case 'securing': case 'stored': case 'ended': break
    }
  }

  /** The journal is read: attempts that were open may run still, and are waited for. */
  replayed (): void {
    for (const record of this.table.records) {
      if (record.attempts.length === 0) continue
      if (record.state !== 'pending') {
        if (this.#actors.get(record.task) === undefined) closeOvertaken(record)
        continue
      }
      if (running(record).length === 0) {
        this.table.retry(record)
        continue
      }
      this.table.take1(record)
      for (const { attempt } of running(record)) this.#running.wentOn(this.#ref(record.task, attempt))
      this.#actors.of(record).send({ type: 'resume' })
    }
  }

  #ref (task: number, attempt: number): AttemptRef {
    return { job: this.#init.job, kind: this.#init.kind, task, attempt }
  }

  #perform (record: TaskRecord, command: TaskCommand): void {
    switch (command.type) {
      case 'assign': this.#assign(record, command); break
      case 'abort': this.#effects.abort(this.#ref(record.task, command.attempt), command); break
      case 'attemptEnded': this.#attemptEnded(record, command.attempt); break
      case 'secure': this.#secure(record, command.completion, command.worker); break
      case 'ready': this.table.retry(record); this.#init.onWork(); break
      case 'committed': this.#settle(record, command.completion, command.worker); break
      case 'failed': this.#fail(record, command.failure); break
    }
  }

  #assign (record: TaskRecord, command: Extract<TaskCommand, { type: 'assign' }>): void {
    const ref = this.#ref(record.task, command.attempt)
    const actor = this.#actors.get(record.task)!
    this.table.attempts++
    this.#effects.assign(record, ref, command).then(accepted => {
      // Cancelled or given up while its answer was on the way: the slot is free again, and stays so.
      if (!accepted || !isActive(record, ref)) return
      this.#running.accepted(ref)
      actor.send({ type: 'accepted', attempt: ref.attempt })
      this.#feed(ref, command.worker, actor)
    }).catch((error: unknown) => {
      actor.send({ type: 'refused', attempt: ref.attempt, failure: failureOf(error) })
    })
  }

  #feed (ref: AttemptRef, worker: string, actor: TaskActor): void {
    this.#feeds.open(ref, worker, reason => { actor.send({ type: 'workerLost', worker, reason }) })
  }

  #attemptEnded (record: TaskRecord, { attempt, worker, outcome, failure }: Attempt): void {
    const ref = this.#ref(record.task, attempt)
    this.#init.workers.release(worker, ref)
    this.#running.ended(ref, { worker, outcome, ...failure !== undefined && { failure } })
    this.#feeds.close(ref)
    if (outcome === 'failed' || outcome === 'lost' || outcome === 'refused') {
      this.#attemptFailed(record, { attempt, worker, outcome, failure: failure ?? { code: 'TRANSIENT', message: outcome } })
    }
    this.#init.onWork()
  }

  #attemptFailed (record: TaskRecord, { attempt, worker, outcome, failure }: { attempt: number, worker: string, outcome: 'failed' | 'lost' | 'refused', failure: Failure }): void {
    const { trust, journal, warn, components: { log } } = this.#init
    const ref = this.#ref(record.task, attempt)
    if (running(record).every(other => other.attempt === attempt)) this.table.backOff(record)
    if (failure.code !== 'ABORTED') this.table.failedAttempts++
    journal.note({ type: 'closed', outcome, report: { type: 'attemptFailed', ref, failure } })
    log.warn({ ...ref, worker, outcome, code: failure.code, reason: failure.message }, 'attempt ended without a result')
    if (outcome === 'failed' && trust.failed(worker, failure.code)) warn(`worker ${worker} has failed too often, last because ${failure.message}; it gets no more of this job while others are there`)
  }

  #secure (record: TaskRecord, completion: AttemptCompleted, worker: string): void {
    this.table.resume(record)
    const { attempt } = completion.ref
    const actor = this.#actors.get(record.task)!
    this.#effects.secure(completion, worker).then(
      () => { actor.send({ type: 'secured', attempt }) },
      (error: unknown) => { actor.send({ type: 'secureFailed', attempt, failure: failureOf(error) }) })
  }

  #settle (record: TaskRecord, completion: AttemptCompleted, worker: string): void {
    this.#actors.forget(record.task)
    this.#settlement.settle(record, completion, worker)
  }

  #commit (record: TaskRecord, completion: AttemptCompleted, answer: Answer): void {
    const before = record.answer
    record.rivals = []
    record.answer = answer
    this.table.commit(record)
    this.#init.components.log.info({ ...completion.ref, worker: answer.worker }, 'task committed')
    this.#init.onCommitted(record, completion, before === undefined || record.undecided === true ? [] : changedPartitions(before, answer))
    this.#init.onWork()
  }

  #reopen (record: TaskRecord): void {
    this.table.retry(record)
    this.#init.onReopened(record)
    this.#init.onWork()
  }

  #fail (record: TaskRecord, failure: Failure): void {
    this.table.fail(record)
    this.#actors.forget(record.task)
    const tried = record.attempts.length === 1 ? 'its only attempt' : `${record.attempts.length} attempts`
    this.#init.onFailed({ ...failure, message: `${this.#init.kind} task ${record.task} failed after ${tried}: ${failure.message}` })
  }
}
