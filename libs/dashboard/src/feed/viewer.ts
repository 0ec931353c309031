import type { JobView, MasterWindow, TaskView } from '@ipfs-mapreduce/actors'
import type { JobStatus, Status, TaskKind, WorkerStatus } from '@ipfs-mapreduce/protocol'
import { KeyedFeed } from './keyed-delta.ts'
import { diffStates } from './states-delta.ts'
import type { DoorView, JobPush, Look, Push } from './push.ts'

/** Attempts in one push; what more there are follow with the next ones, so that a long history does not hold up what is new. */
export const MAX_ROWS_PER_PUSH = 16_384

const KINDS: TaskKind[] = ['map', 'reduce']

/** What the master shows at one moment, to all viewers alike. */
export interface Scene {
  now: number
  status: Status
  door: DoorView
  job: (id: string) => JobStatus | undefined
  view: MasterWindow['job']
  /** The states of a job's tasks; worked out once for all viewers. */
  states: (view: JobView, kind: TaskKind) => Uint8Array
}

/** One who looks: remembers what was sent, so that each push holds just what has changed since. */
export class Viewer {
  readonly #jobs = new KeyedFeed<JobStatus>()
  readonly #workers = new KeyedFeed<WorkerStatus>()
  #job: JobFeed | undefined
  #task: Required<Look>['task'] | undefined
  #taskSent = ''
  #doorSent = ''

  look ({ job, task }: Look): void {
    if (job !== this.#job?.id) this.#job = job === undefined ? undefined : new JobFeed(job)
    this.#task = task
    this.#taskSent = ''
  }

  /** Undefined where nothing has changed. */
  next (scene: Scene): Push | undefined {
    const { now, status, view } = scene
    const door = this.#nextDoor(scene)
    const jobs = this.#jobs.next(status.jobs.map(job => [job.job, job] as const))
    const workers = this.#workers.next(status.workers.map(worker => [worker.peer, worker] as const))
    const job = this.#job?.next(scene)
    const task = this.#nextTask(this.#job === undefined ? undefined : view(this.#job.id))
    if (jobs === undefined && workers === undefined && door === undefined && job === undefined && task === undefined) return undefined
    return { now, ...jobs !== undefined && { jobs }, ...workers !== undefined && { workers }, ...door !== undefined && { door }, ...job !== undefined && { job }, ...task !== undefined && { task } }
  }

  #nextDoor ({ door }: Scene): DoorView | undefined {
    const text = JSON.stringify(door)
    if (text === this.#doorSent) return undefined
    this.#doorSent = text
    return door
  }

  #nextTask (view: JobView | undefined): TaskView | null | undefined {
    if (this.#task === undefined) return undefined
    const task = view?.task(this.#task.kind, this.#task.task) ?? null
    const text = JSON.stringify(task)
    if (text === this.#taskSent) return undefined
    this.#taskSent = text
    return task
  }
}

/** The job that a viewer looks at. */
class JobFeed {
  readonly id: string
  #first = true
  #status = ''
  #machine = ''
  readonly #states = new Map<TaskKind, Uint8Array>()
  #workers = 0
  #cursor = { rows: 0, ends: 0 }
  #samples = -1
  #failures = 0

  constructor (id: string) {
    this.id = id
  }

  next ({ job, view, states }: Scene): JobPush | undefined {
    const push: JobPush = { id: this.id }
    const status = job(this.id)
    const text = JSON.stringify(status)
    if (status !== undefined && text !== this.#status) {
      this.#status = text
      push.status = status
    }
    const seen = view(this.id)
    if (seen !== undefined) this.#course(seen, push, states)
    if (this.#first) {
      push.first = true
      if (seen !== undefined) push.startedMs = seen.startedMs
      this.#first = false
    }
    return Object.keys(push).length > 1 ? push : undefined
  }

  #course (view: JobView, push: JobPush, states: Scene['states']): void {
    for (const kind of KINDS) {
      const now = states(view, kind)
      const delta = diffStates(this.#states.get(kind), now)
      if (delta === undefined) continue
      this.#states.set(kind, now)
      push[kind] = delta
    }
    const { from, rows, ends, next } = view.attempts.since(this.#cursor, MAX_ROWS_PER_PUSH)
    this.#cursor = next
    if (rows.length + ends.length > 0) push.attempts = { from, rows, ends }
    const { workers } = view.attempts
    if (workers.length > this.#workers) push.workers = workers.slice(this.#workers)
    this.#workers = workers.length
    if (view.samples.version !== this.#samples) {
      this.#samples = view.samples.version
      push.samples = view.samples.all.flatMap(({ ms, records, shuffleBytes, fetchedBytes, maps, reduces }) => [ms, records, shuffleBytes, fetchedBytes, maps, reduces])
    }
    const fresh = Math.min(view.failureCount - this.#failures, view.failures.length)
    if (fresh > 0) push.failures = view.failures.slice(-fresh)
    this.#failures = view.failureCount
    const machine = JSON.stringify(view.machine) ?? 'null'
    if (machine !== this.#machine) push.machine = view.machine ?? null
    this.#machine = machine
  }
}
