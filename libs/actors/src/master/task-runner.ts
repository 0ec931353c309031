import { createActor, type ActorRefFrom } from 'xstate'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { MAX_REOPENS, taskMachine, type Attempt, type TaskCommand, type Timing } from '@ipfs-mapreduce/state-machines'
import { answerOf, changedPartitions, judge, sameAnswer, type Answer } from './answer.ts'
import { assignment } from './assignment.ts'
import { Feeds } from './feeds.ts'
import { replayClosed, replayOpened } from './replay.ts'
import { Stragglers } from './stragglers.ts'
import { TaskTable, type TaskRecord } from './task-table.ts'
import { attemptKey } from '../attempt-key.ts'
import { failureOf } from '../failure.ts'
import type { JobEntry } from '../history.ts'
import type { JobJournal } from './job-journal.ts'
import type { Placement } from './scheduler.ts'
import type { Trust } from './trust.ts'
import type { WorkerEntry, WorkerTable } from './worker-table.ts'
import type { KeptFiles } from '../kept-files.ts'
import type { Components } from '../components.ts'
import type { AttemptCompleted, AttemptFailed, AttemptRef, Failure, RunLost, SubmitJob, TaskKind } from '@ipfs-mapreduce/protocol'

export interface TaskRunnerInit {
  job: string
  kind: TaskKind
  submit: SubmitJob
  timing: Timing
  maxAttempts: number
  workers: WorkerTable
  trust: Trust
  secured: KeptFiles
  components: Components
  /** Ends with the job. */
  signal: AbortSignal
  /** To reduces: the map tasks whose runs they need. */
  maps?: TaskTable
  /** When all that the tasks wait for was there: their time counts from then. Infinity while it is not. */
  sinceMs: () => number
  /** Where what must be known after a restart is written down. */
  journal: JobJournal
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

type TaskActor = ActorRefFrom<typeof taskMachine>

/** The tasks of one kind of one job: records, machines of those in flight, and the machines' effects. */
export class TaskRunner {
  readonly table: TaskTable
  readonly #init: TaskRunnerInit
  readonly #actors = new Map<number, TaskActor>()
  readonly #feeds: Feeds
  /** Records read by attempts that run, by attempt. */
  readonly #records = new Map<string, number>()
  /** When attempts that run were accepted, by attempt. */
  readonly #acceptedMs = new Map<string, number>()
  readonly #stragglers: Stragglers
  /** Attempts that were reported when no other worker was there. */
  readonly #alone = new Set<string>()
  /** Attempts that may have run on while the master was away, until their workers are back. */
  readonly #away = new Set<string>()
  /** Answers that came while another was being secured. */
  readonly #late = new Map<number, Array<{ from: string, message: AttemptCompleted }>>()

  constructor (init: TaskRunnerInit) {
    this.#init = init
    this.table = new TaskTable(init.kind)
    this.#stragglers = new Stragglers(init.timing.backupMs)
    this.#feeds = new Feeds(init)
  }

  offer ({ record, worker }: Placement): void {
    this.#init.workers.reserve(worker.peer, this.#ref(record.task, record.attempts.length + 1))
    this.#actor(record).send({ type: 'offer', worker: worker.peer })
  }

  /** Tasks near the end of their phase that are much slower than their peers were, and have no second attempt yet. */
  slow (): TaskRecord[] {
    const { table } = this
    if (table.waiting > 0 || table.inFlight === 0) return []
    const slowMs = this.#stragglers.slowMs({ committed: table.committed, total: table.records.length })
    if (slowMs === Infinity) return []
    const sinceMs = this.#init.sinceMs()
    const nowMs = this.#init.components.clock.now()
    const active = [...this.#actors.keys()].map(task => table.records[task]!)
    let allowed = Stragglers.mayBackUp(table.records.length) - active.filter(record => running(record).length > 1).length
    return active.filter(record => {
      const [only, second] = running(record)
      if (only === undefined || second !== undefined || allowed <= 0) return false
      const acceptedMs = this.#acceptedMs.get(attemptKey(this.#ref(record.task, only.attempt)))
      if (acceptedMs === undefined || nowMs - Math.max(acceptedMs, sinceMs) < slowMs) return false
      allowed--
      return true
    })
  }

  /** Runs a second attempt beside one that is slow. */
  backUp (record: TaskRecord, worker: WorkerEntry): void {
    this.table.backups++
    this.#init.workers.reserve(worker.peer, this.#ref(record.task, record.attempts.length + 1))
    this.#actors.get(record.task)!.send({ type: 'backup', worker: worker.peer })
  }

  recordsInFlight (): number {
    return [...this.#records.values()].reduce((sum, records) => sum + records, 0)
  }

  /** False where this attempt is not one that the worker should run. */
  heartbeat (worker: string, ref: AttemptRef, records: number): boolean {
    const attempt = this.table.records[ref.task]?.attempts[ref.attempt - 1]
    if (attempt?.worker !== worker || attempt.outcome !== 'active') return false
    this.#records.set(attemptKey(ref), records)
    this.#actors.get(ref.task)?.send({ type: 'heartbeat', attempt: ref.attempt })
    this.#feeds.wake(ref)
    return true
  }

  /** The worker says what it runs: what else it was given is gone, with an earlier life of its process. */
  checkAttempts (worker: string, given: AttemptRef[], runs: Set<string>): void {
    for (const ref of given) {
      // An offer whose answer is on the way stands in neither place.
      if (runs.has(attemptKey(ref)) || !this.#acceptedMs.has(attemptKey(ref))) continue
      this.#actors.get(ref.task)?.send({ type: 'workerLost', worker, reason: `worker ${worker} came back without the attempt` })
    }
  }

  /** An attempt was opened after another had completed: what was being secured could not be had, or was begun anew. */
  #abandon (task: number): void {
    const actor = this.#actors.get(task)
    if (actor === undefined) return
    actor.stop()
    this.#actors.delete(task)
    this.#late.delete(task)
    const record = this.table.records[task]!
    if (record.state !== 'pending') this.table.retry(record)
  }

  /** After a restart: gives a worker that has come back the slots of the attempts that it was given before. */
  reclaim (worker: string, runs: AttemptRef[]): void {
    for (const ref of runs) {
      const attempt = this.table.records[ref.task]?.attempts[ref.attempt - 1]
      if (attempt?.worker !== worker || attempt.outcome !== 'active') continue
      this.#init.workers.reserve(worker, ref)
      const actor = this.#actors.get(ref.task)
      if (actor !== undefined) this.#feed(ref, worker, actor)
    }
    if (this.#away.size > 0) this.#endAway(worker, new Set(runs.map(attemptKey)))
  }

  /** A worker is back after the master's restart: what it had and does not run any more is lost. */
  #endAway (worker: string, runs: Set<string>): void {
    for (const record of this.table.records) {
      for (const one of running(record)) {
        const key = attemptKey(this.#ref(record.task, one.attempt))
        if (one.worker !== worker || !this.#away.delete(key) || runs.has(key)) continue
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
      throw new MapReduceError('REFUSED', `attempt ${attemptKey(ref)} was not given to peer ${from}`)
    }
    return record
  }

  /** `alone`: no other worker was there that could decide, if its answer contradicts one of its own. */
  completed (from: string, message: AttemptCompleted, alone: boolean): void {
    const record = this.checkHolder(from, message.ref)
    if (alone) this.#alone.add(attemptKey(message.ref))
    if (message.ref.attempt <= record.staleAttempts || this.#init.trust.isBanned(from)) return
    if (record.state === 'committed') {
      this.#compare(record, from, message)
    } else if (record.state !== 'failed') {
      const actor = this.#actor(record)
      if (actor.getSnapshot().matches('securing')) this.#late.set(record.task, [...this.#late.get(record.task) ?? [], { from, message }])
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
    for (const actor of [...this.#actors.values()]) actor.send({ type: 'workerLost', worker, reason })
  }

  /** A reduce has read, or may have read, a run that proved to be false: it starts anew. */
  restart (task: number, reason: string): void {
    const record = this.table.records[task]
    if (record === undefined) return
    record.staleAttempts = record.attempts.length
    record.rivals = []
    this.#late.delete(task)
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
    for (const actor of this.#actors.values()) actor.stop()
    this.#feeds.stop()
  }

  cancel (reason: string): void {
    for (const actor of [...this.#actors.values()]) {
      actor.send({ type: 'cancel', reason })
      actor.stop()
    }
    this.#feeds.stop()
    this.#actors.clear()
    this.#records.clear()
    this.#acceptedMs.clear()
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
        // Opened as another one completed, and the crash came before it was closed.
        if (!this.#actors.has(record.task)) record.attempts = record.attempts.map(one => one.outcome === 'active' ? { ...one, outcome: 'lost', failure: { code: 'ABORTED', message: 'another attempt was first' } } : one)
        continue
      }
      if (running(record).length === 0) {
        this.table.retry(record)
        continue
      }
      this.table.take1(record)
      for (const { attempt } of running(record)) {
        const key = attemptKey(this.#ref(record.task, attempt))
        this.#acceptedMs.set(key, this.#init.components.clock.now())
        this.#away.add(key)
      }
      this.#actor(record).send({ type: 'resume' })
    }
  }

  #ref (task: number, attempt: number): AttemptRef {
    return { job: this.#init.job, kind: this.#init.kind, task, attempt }
  }

  #actor (record: TaskRecord): TaskActor {
    const known = this.#actors.get(record.task)
    if (known !== undefined) return known
    const { job, kind, maxAttempts, timing, components: { clock, log, inspect } } = this.#init
    const input = { job, kind, task: record.task, maxAttempts, timing, attempts: record.attempts, ...countsOf(record) }
    const actor = createActor(taskMachine, { clock, input, ...inspect !== undefined && { inspect } })
    this.#actors.set(record.task, actor)
    actor.subscribe({
      next: ({ value, context }) => {
        record.attempts = context.attempts
        log.debug({ job, kind, task: record.task, attempt: context.attempts.length, state: value }, 'task')
      }
    })
    actor.on('*', command => { this.#perform(record, command) })
    actor.start()
    return actor
  }

  #perform (record: TaskRecord, command: TaskCommand): void {
    switch (command.type) {
      case 'assign': this.#assign(record, command); break
      case 'abort': this.#abort(record, command); break
      case 'attemptEnded': this.#attemptEnded(record, command.attempt); break
      case 'secure': this.#secure(record, command.completion, command.worker); break
      case 'ready': this.table.retry(record); this.#init.onWork(); break
      case 'committed': this.#settle(record, command.completion, command.worker); break
      case 'failed': this.#fail(record, command.failure); break
    }
  }

  #assign (record: TaskRecord, { attempt, worker, place }: Extract<TaskCommand, { type: 'assign' }>): void {
    const { network, log, clock } = this.#init.components
    const { journal, workers, submit, maps, timing } = this.#init
    const ref = this.#ref(record.task, attempt)
    const actor = this.#actors.get(record.task)!
    const wanted = (): boolean => record.attempts[attempt - 1]?.outcome === 'active'
    this.table.attempts++
    log.info({ ...ref, worker, local: record.holders.includes(worker) }, place === 'backup' ? 'backup assigned' : 'attempt assigned')
    journal.note({ type: 'worker', peer: worker, addresses: workers.get(worker)?.addresses ?? [] })
    journal.write({ type: 'opened', kind: ref.kind, task: ref.task, attempt, worker, backup: place === 'backup', local: record.holders.includes(worker) }).then(async () => {
      if (!wanted()) return
      await network.request(worker, assignment({ record, ref, submit, mapTasks: maps?.records.length ?? 0, workers, network, timing }))
      // Cancelled or given up while its answer was on the way: the slot is free again, and stays so.
      if (!wanted()) return
      this.#acceptedMs.set(attemptKey(ref), clock.now())
      actor.send({ type: 'accepted', attempt })
      this.#feed(ref, worker, actor)
    }).catch((error: unknown) => {
      actor.send({ type: 'refused', attempt, failure: failureOf(error) })
    })
  }

  #feed (ref: AttemptRef, worker: string, actor: TaskActor): void {
    this.#feeds.open(ref, worker, reason => { actor.send({ type: 'workerLost', worker, reason }) })
  }

  #abort ({ task }: TaskRecord, { attempt, worker, reason }: { attempt: number, worker: string, reason: string }): void {
    const ref = this.#ref(task, attempt)
    // A lost message does no harm: the worker is told again when its heartbeat names the attempt.
    this.#init.components.network.request(worker, { type: 'attemptAborted', ref, reason }).catch((error: unknown) => {
      this.#init.components.log.debug({ ...ref, worker, error: String(error) }, 'an abort did not arrive')
    })
  }

  #attemptEnded (record: TaskRecord, { attempt, worker, outcome, failure }: Attempt): void {
    const ref = this.#ref(record.task, attempt)
    const key = attemptKey(ref)
    const acceptedMs = this.#acceptedMs.get(key)
    this.#init.workers.release(worker, ref)
    this.#records.delete(key)
    this.#acceptedMs.delete(key)
    this.#away.delete(key)
    this.#feeds.close(ref)
    if (outcome === 'completed') {
      if (acceptedMs !== undefined) this.#stragglers.took(this.#init.components.clock.now() - Math.max(acceptedMs, this.#init.sinceMs()))
    } else if (outcome !== 'active') {
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

  #secure (record: TaskRecord, { ref: { attempt }, output }: AttemptCompleted, worker: string): void {
    const { job, journal, components: { files }, workers, secured, signal } = this.#init
    this.table.resume(record)
    const actor = this.#actors.get(record.task)!
    if (output === undefined) {
      actor.send({ type: 'secureFailed', attempt, failure: { code: 'FATAL', message: `reduce task ${record.task} was reported complete without an output` } })
      return
    }
    secured.keep(job, output)
    journal.write({ type: 'securing', output }).then(async () => await files.pin(output, { providers: workers.providersOf(worker), signal })).then(
      () => { actor.send({ type: 'secured', attempt }) },
      (error: unknown) => { actor.send({ type: 'secureFailed', attempt, failure: failureOf(error) }) })
  }

  /** A task has an answer: it commits, unless another one says otherwise. */
  #settle (record: TaskRecord, completion: AttemptCompleted, worker: string): void {
    const { trust } = this.#init
    this.#actors.delete(record.task)
    const next = answerOf(completion, worker, this.table.packCounters(completion.counters))
    const late = this.#takeLate(record)
    const credible = (answers: Answer[]): Answer[] => answers.filter(answer => !trust.isBanned(answer.worker))
    const rivals = credible(record.rivals)
    const [standing] = record.undecided === true ? [] : rivals.length === 1 ? rivals : credible(record.answer === undefined ? [] : [record.answer])
    const verdict = judge(standing, rivals.length > 1 ? rivals : [], next)
    const dissent = record.undecided === true || rivals.length > 1 ? undefined : credible(late).find(answer => !sameAnswer(answer, next))
    if (verdict.type === 'stands' && dissent !== undefined && !this.#isAlone(record.task, [next, dissent])) {
      this.#contest(record, [next, dissent])
      return
    }
    const undecided = verdict.type === 'undecided' || (verdict.type === 'contested' && this.#isAlone(record.task, verdict.rivals))
    if (verdict.type === 'contested' && !undecided) {
      this.#contest(record, verdict.rivals)
      return
    }
    if (undecided) {
      record.undecided = true
      this.#init.warn(`the attempts at ${this.#init.kind} task ${record.task} all gave different outputs; the program is not deterministic`)
    }
    this.#commit(record, completion, next)
    if (verdict.type === 'stands') for (const liar of verdict.liars) this.#init.onLiar(liar, record)
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

  /** Answers that came while the first was being secured. */
  #takeLate (record: TaskRecord): Answer[] {
    const late = this.#late.get(record.task) ?? []
    this.#late.delete(record.task)
    return late.map(({ from, message }) => answerOf(message, from, this.table.packCounters(message.counters)))
  }

  /** A committed task was completed once more. Equal tasks give equal CIDs: a different answer is a fault, and another worker decides. */
  #compare (record: TaskRecord, from: string, message: AttemptCompleted): void {
    const next = answerOf(message, from, this.table.packCounters(message.counters))
    if (record.undecided === true || sameAnswer(record.answer!, next)) return
    const rivals = [record.answer!, next]
    if (this.#isAlone(record.task, rivals)) return
    this.#reopen(record)
    record.rivals = rivals
    this.#warnContested(record)
  }

  #contest (record: TaskRecord, rivals: Answer[]): void {
    record.rivals = rivals
    this.table.retry(record)
    this.#warnContested(record)
    this.#init.onWork()
  }

  /** A worker contradicts itself, and no other one was there to decide. */
  #isAlone (task: number, rivals: Answer[]): boolean {
    return new Set(rivals.map(({ worker }) => worker)).size === 1 && this.#alone.has(attemptKey(this.#ref(task, Math.max(...rivals.map(({ attempt }) => attempt)))))
  }

  #warnContested ({ task, rivals }: TaskRecord): void {
    this.#init.warn(`${rivals.map(({ attempt, worker }) => `attempt ${attempt} at worker ${worker}`).join(' and ')} gave different outputs of ${this.#init.kind} task ${task}; another worker decides`)
  }

  #reopen (record: TaskRecord): void {
    this.table.retry(record)
    this.#init.onReopened(record)
    this.#init.onWork()
  }

  #fail (record: TaskRecord, failure: Failure): void {
    this.table.fail(record)
    this.#actors.delete(record.task)
    const tried = record.attempts.length === 1 ? 'its only attempt' : `${record.attempts.length} attempts`
    this.#init.onFailed({ ...failure, message: `${this.#init.kind} task ${record.task} failed after ${tried}: ${failure.message}` })
  }
}

function running ({ attempts }: TaskRecord): Attempt[] {
  return attempts.filter(({ outcome }) => outcome === 'active')
}

/** Failures and losses that count against a task in a life that goes on: those of a life before its last commit do not. */
function countsOf ({ attempts }: TaskRecord): { failures: number, losses: number } {
  const life = attempts.slice(attempts.findLastIndex(({ outcome }) => outcome === 'completed') + 1).filter(({ failure }) => failure?.code !== 'ABORTED')
  return { failures: life.filter(({ outcome }) => outcome === 'failed').length, losses: life.filter(({ outcome }) => outcome === 'lost' || outcome === 'refused').length }
}
