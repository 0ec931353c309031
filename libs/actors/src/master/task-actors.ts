import { MachineActor, taskMachine, type TaskCommand, type Timing } from '@ipfs-mapreduce/state-machines'
import type { TaskRecord } from './task-table.ts'
import type { Components } from '../components.ts'
import type { TaskKind } from '@ipfs-mapreduce/protocol'

export type TaskActor = MachineActor<typeof taskMachine>

export interface TaskActorsInit {
  job: string
  kind: TaskKind
  maxAttempts: number
  timing: Timing
  components: Components
  onCommand: (record: TaskRecord, command: TaskCommand) => void
}

/** The machines of the tasks in flight: bounded by the cluster's slots, where a job may have a million tasks. */
export class TaskActors {
  readonly #init: TaskActorsInit
  readonly #actors = new Map<number, TaskActor>()

  constructor (init: TaskActorsInit) {
    this.#init = init
  }

  get (task: number): TaskActor | undefined {
    return this.#actors.get(task)
  }

  /** A task's machine, started where none runs. */
  of (record: TaskRecord): TaskActor {
    return this.#actors.get(record.task) ?? this.#start(record)
  }

  tasks (): number[] {
    return [...this.#actors.keys()]
  }

  sendAll (event: Parameters<TaskActor['send']>[0]): void {
    for (const actor of [...this.#actors.values()]) actor.send(event)
  }

  /** False where none runs. */
  stop (task: number): boolean {
    this.#actors.get(task)?.stop()
    return this.#actors.delete(task)
  }

  /** Its machine has come to its end. */
  forget (task: number): void {
    this.#actors.delete(task)
  }

  stopAll (): void {
    for (const actor of this.#actors.values()) actor.stop()
  }

  cancelAll (reason: string): void {
    for (const actor of [...this.#actors.values()]) {
      actor.send({ type: 'cancel', reason })
      actor.stop()
    }
    this.#actors.clear()
  }

  #start (record: TaskRecord): TaskActor {
    const { job, kind, maxAttempts, timing, onCommand, components: { clock, log, inspect } } = this.#init
    const { task } = record
    const actor = new MachineActor(taskMachine, {
      clock,
      input: { job, kind, task, maxAttempts, timing, attempts: record.attempts, ...countsOf(record) },
      onCommand: command => { onCommand(record, command) },
      onChange: ({ attempts }, state) => {
        record.attempts = attempts
        log.debug({ job, kind, task, attempt: attempts.length, state }, 'task')
      },
      ...inspect !== undefined && { inspect }
    })
    this.#actors.set(task, actor)
    actor.start()
    return actor
  }
}

/** Failures and losses that count against a task in a life that goes on: those of a life before its last commit do not. */
function countsOf ({ attempts }: TaskRecord): { failures: number, losses: number } {
  const life = attempts.slice(attempts.findLastIndex(({ outcome }) => outcome === 'completed') + 1).filter(({ failure }) => failure?.code !== 'ABORTED')
  return { failures: life.filter(({ outcome }) => outcome === 'failed').length, losses: life.filter(({ outcome }) => outcome === 'lost' || outcome === 'refused').length }
}
