import { createActor, type ActorRefFrom } from 'xstate'
import { MapReduceError, type JobSpec } from '@ipfs-mapreduce/mapreduce'
import { MAX_REOPENS, taskMachine, type Attempt, type TaskCommand, type Timing } from '@ipfs-mapreduce/state-machines'
import { RunFeed } from './run-feed.ts'
import { TaskTable, type TaskRecord } from './task-table.ts'
import { attemptKey } from '../attempt-key.ts'
import { failureOf } from '../failure.ts'
import type { Placement } from './scheduler.ts'
import type { WorkerTable } from './worker-table.ts'
import type { KeptFiles } from '../kept-files.ts'
import type { Components } from '../components.ts'
import type { AttemptAssigned, AttemptCompleted, AttemptFailed, AttemptRef, Failure, Run, SubmitJob, TaskKind } from '@ipfs-mapreduce/protocol'

/** Holders of a task's blocks that are named to its attempt, beside the submitter. */
const MAX_PROVIDERS = 16

export interface TaskRunnerInit {
  job: string
  kind: TaskKind
  spec: JobSpec
  submit: SubmitJob
  timing: Timing
  maxAttempts: number
  workers: WorkerTable
  secured: KeptFiles
  components: Components
  /** Ends with the job. */
  signal: AbortSignal
  /** To reduces: the map tasks whose runs they need. */
  maps?: TaskTable
  onCommitted: (completion: AttemptCompleted) => void
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
  readonly #feeds = new Map<string, RunFeed>()
  /** Map tasks in the order of their commits, for the feeds. */
  readonly #committed: number[] = []
  /** Records read by attempts that run, by attempt. */
  readonly #records = new Map<string, number>()

  constructor (init: TaskRunnerInit) {
    this.#init = init
    this.table = new TaskTable(init.kind)
  }

  offer ({ record, worker }: Placement): void {
    worker.reserved.add(attemptKey(this.#ref(record.task, record.attempts.length + 1)))
    this.#actor(record).send({ type: 'offer', worker: worker.peer })
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
    this.#feeds.get(attemptKey(ref))?.wake()
    return true
  }

  /** The worker says what it runs: what else it was given is gone, with an earlier life of its process. */
  checkAttempts (worker: string, running: Set<string>): void {
    for (const [task, actor] of [...this.#actors]) {
      const attempt = this.table.records[task]!.attempts.at(-1)
      if (attempt?.worker !== worker || attempt.outcome !== 'active' || !actor.getSnapshot().matches('running')) continue
      if (!running.has(attemptKey(this.#ref(task, attempt.attempt)))) actor.send({ type: 'workerLost', worker, reason: `worker ${worker} came back without the attempt` })
    }
  }

  workerSuspect (worker: string): void {
    for (const actor of [...this.#actors.values()]) actor.send({ type: 'workerSuspect', worker })
  }

  workerLost (worker: string, reason: string): void {
    this.table.unhold(worker)
    for (const actor of [...this.#actors.values()]) actor.send({ type: 'workerLost', worker, reason })
  }

  /** Throws where `from` does not hold the attempt: reports are taken only from the peer that was given it. */
  checkHolder (from: string, ref: AttemptRef): TaskRecord {
    const record = this.table.records[ref.task]
    if (record?.attempts[ref.attempt - 1]?.worker !== from) {
      throw new MapReduceError('REFUSED', `attempt ${attemptKey(ref)} was not given to peer ${from}`)
    }
    return record
  }

  completed (from: string, message: AttemptCompleted): void {
    const record = this.checkHolder(from, message.ref)
    if (record.state === 'committed') this.#compare(record, message)
    else if (record.state !== 'failed') this.#actor(record).send(message)
  }

  failed (from: string, message: AttemptFailed): void {
    const record = this.checkHolder(from, message.ref)
    this.#actors.get(record.task)?.send(message)
  }

  /** A committed run cannot be fetched: its map task runs again, and nothing else does. */
  runLost ({ cid, mapTask, reason }: { cid: string, mapTask?: number, reason: string }, onReopened: () => void): void {
    const record = mapTask === undefined ? this.table.records.find(({ runs }) => runs.some(run => run.cid === cid)) : this.table.records[mapTask]
    // Not committed now, or with another answer: the reducer will be told of the new run.
    if (record?.state !== 'committed' || !record.runs.some(run => run.cid === cid)) return
    record.reopens++
    if (record.reopens > MAX_REOPENS) {
      this.#init.onFailed({ code: 'INPUT_LOST', message: `the runs of map task ${record.task} were lost ${record.reopens} times, last because ${reason}`, cid })
      return
    }
    this.table.retry(record)
    record.lostRuns = record.runs
    record.runs = []
    onReopened()
    this.#init.onWork()
  }

  /** Reduces: a map task has committed. */
  wakeFeeds (mapTask: number): void {
    this.#committed.push(mapTask)
    for (const feed of this.#feeds.values()) feed.wake()
  }

  cancel (reason: string): void {
    for (const actor of [...this.#actors.values()]) {
      actor.send({ type: 'cancel', reason })
      actor.stop()
    }
    for (const feed of this.#feeds.values()) feed.stop()
    this.#actors.clear()
    this.#feeds.clear()
    this.#records.clear()
  }

  #ref (task: number, attempt: number): AttemptRef {
    return { job: this.#init.job, kind: this.#init.kind, task, attempt }
  }

  #actor (record: TaskRecord): TaskActor {
    const known = this.#actors.get(record.task)
    if (known !== undefined) return known
    const { job, kind, maxAttempts, timing, components: { clock, log } } = this.#init
    const actor = createActor(taskMachine, { clock, input: { job, kind, task: record.task, maxAttempts, timing, attempts: record.attempts } })
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
      case 'assign': this.#assign(record, command.attempt, command.worker); break
      case 'abort': this.#abort(record, command); break
      case 'attemptEnded': this.#attemptEnded(record, command.attempt); break
      case 'secure': this.#secure(record, command.completion, command.worker); break
      case 'ready': this.table.retry(record); this.#init.onWork(); break
      case 'committed': this.#commit(record, command.completion, command.worker); break
      case 'failed': this.#fail(record, command.failure); break
    }
  }

  #assign (record: TaskRecord, attempt: number, worker: string): void {
    const { network, log } = this.#init.components
    const ref = this.#ref(record.task, attempt)
    const actor = this.#actors.get(record.task)!
    this.table.attempts++
    log.info({ ...ref, worker, local: record.holders.has(worker) }, 'attempt assigned')
    network.request(worker, this.#assignment(record, ref)).then(() => {
      // Cancelled or given up while its answer was on the way: the slot is free again, and stays so.
      if (record.attempts[attempt - 1]?.outcome !== 'active') return
      actor.send({ type: 'accepted', attempt })
      this.#feed(ref, worker, actor)
    }, (error: unknown) => {
      actor.send({ type: 'refused', attempt, failure: failureOf(error) })
    })
  }

  #assignment (record: TaskRecord, ref: AttemptRef): AttemptAssigned {
    const { spec, submit, timing, maps, workers, components: { network } } = this.#init
    const holders = [...record.holders].flatMap(peer => workers.get(peer)?.addresses ?? [])
    return {
      type: 'attemptAssigned', ref,
      cluster: submit.cluster, program: spec.program, reducers: spec.reducers, args: spec.args, separator: spec.separator,
      splits: record.splits,
      mapTasks: maps?.records.length ?? 0,
      providers: [...new Set([...submit.providers, ...network.addresses(), ...holders])].slice(0, MAX_PROVIDERS),
      fetchTimeoutMs: timing.fetchMs, executeTimeoutMs: timing.executeMs,
      skipBadRecords: spec.skipBadRecords
    }
  }

  /** A reduce attempt is told of the runs that exist, and then of each that commits. */
  #feed (ref: AttemptRef, worker: string, actor: TaskActor): void {
    const { maps, workers, components: { network, log }, signal } = this.#init
    if (maps === undefined || signal.aborted) return
    const feed = new RunFeed({
      ref, worker, committed: this.#committed, maps, network, log,
      providersOf: peer => workers.providersOf(peer),
      onDeaf: reason => { actor.send({ type: 'workerLost', worker, reason }) }
    })
    this.#feeds.set(attemptKey(ref), feed)
    feed.wake()
  }

  #abort ({ task }: TaskRecord, { attempt, worker, reason }: { attempt: number, worker: string, reason: string }): void {
    const ref = this.#ref(task, attempt)
    // A lost message does no harm: the worker is told again when its heartbeat names the attempt.
    this.#init.components.network.request(worker, { type: 'attemptAborted', ref, reason }).catch((error: unknown) => {
      this.#init.components.log.debug({ ...ref, worker, error: String(error) }, 'an abort did not arrive')
    })
  }

  #attemptEnded (record: TaskRecord, { attempt, worker, outcome, failure }: Attempt): void {
    const key = attemptKey(this.#ref(record.task, attempt))
    this.#init.workers.get(worker)?.reserved.delete(key)
    this.#records.delete(key)
    this.#feeds.get(key)?.stop()
    this.#feeds.delete(key)
    if (outcome !== 'completed') {
      this.table.backOff(record)
      this.#attemptFailed(record, { attempt, worker, outcome, ...failure !== undefined && { failure } })
    }
    this.#init.onWork()
  }

  #attemptFailed ({ task }: TaskRecord, { attempt, worker, outcome, failure }: Attempt): void {
    if (failure?.code !== 'ABORTED') this.table.failedAttempts++
    this.#init.components.log.warn({ ...this.#ref(task, attempt), worker, outcome, code: failure?.code, reason: failure?.message }, 'attempt ended without a result')
  }

  #secure (record: TaskRecord, { ref: { attempt }, output }: AttemptCompleted, worker: string): void {
    const { job, components: { files }, workers, secured, signal } = this.#init
    this.table.resume(record)
    const actor = this.#actors.get(record.task)!
    if (output === undefined) {
      actor.send({ type: 'secureFailed', attempt, failure: { code: 'FATAL', message: `reduce task ${record.task} was reported complete without an output` } })
      return
    }
    secured.keep(job, output)
    files.pin(output, { providers: workers.providersOf(worker), signal }).then(
      () => { actor.send({ type: 'secured', attempt }) },
      (error: unknown) => { actor.send({ type: 'secureFailed', attempt, failure: failureOf(error) }) })
  }

  #commit (record: TaskRecord, completion: AttemptCompleted, worker: string): void {
    this.table.commit(record)
    if (record.lostRuns !== undefined && !sameRuns(record.lostRuns, completion.runs)) this.#warnDifferent(completion.ref)
    delete record.lostRuns
    record.worker = worker
    record.runs = completion.runs
    if (completion.output !== undefined) record.output = { cid: completion.output, bytes: completion.outputBytes }
    this.#actors.delete(record.task)
    this.#init.components.log.info({ ...completion.ref, worker }, 'task committed')
    this.#init.onCommitted(completion)
    this.#init.onWork()
  }

  #fail (record: TaskRecord, failure: Failure): void {
    this.table.fail(record)
    this.#actors.delete(record.task)
    const tried = record.attempts.length === 1 ? 'its only attempt' : `${record.attempts.length} attempts`
    this.#init.onFailed({ ...failure, message: `${this.#init.kind} task ${record.task} failed after ${tried}: ${failure.message}` })
  }

  /** A committed task was completed once more. Equal tasks give equal CIDs: a different answer is a fault to report. */
  #compare (record: TaskRecord, { ref, runs, output }: AttemptCompleted): void {
    if (output !== record.output?.cid || !sameRuns(runs, record.runs)) this.#warnDifferent(ref)
  }

  #warnDifferent (ref: AttemptRef): void {
    this.#init.warn(`attempt ${attemptKey(ref)} made a different output than the one that committed; the program may not be deterministic`)
  }
}

function sameRuns (a: Run[], b: Run[]): boolean {
  return a.length === b.length && a.every((run, i) => run.cid === b[i]!.cid)
}
