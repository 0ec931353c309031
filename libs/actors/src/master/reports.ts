import type { JobJournal } from './job-journal.ts'
import type { Staffing } from './staffing.ts'
import type { TaskRunner } from './task-runner.ts'
import type { Log } from '../components.ts'
import type { AttemptCompleted, AttemptFailed, AttemptRef, RunLost, SlotYielded } from '@ipfs-mapreduce/protocol'

export interface ReportsInit {
  job: string
  maps: TaskRunner
  reduces: TaskRunner
  staffing: Staffing
  journal: JobJournal
  log: Log
  /** Resolves when all is known that was before the master's restart. */
  whenKnown: () => Promise<void>
  isRunning: () => boolean
  warn: (message: string) => void
}

/** What workers report of one job's attempts: taken from those that hold them alone, and written down before it counts. */
export class Reports {
  readonly #init: ReportsInit

  constructor (init: ReportsInit) {
    this.#init = init
  }

  /** Another attempt may be offered for its slot. Nothing is written down: without it, the slot is free a little later. */
  async yielded (from: string, { ref }: SlotYielded): Promise<void> {
    await this.#init.whenKnown()
    this.#tasks(ref).yielded(from, ref)
  }

  /** Resolves when the answer is written down and counts. */
  async completed (from: string, message: AttemptCompleted): Promise<void> {
    const { staffing, journal, isRunning, whenKnown } = this.#init
    await whenKnown()
    const tasks = this.#tasks(message.ref)
    const { attempts } = tasks.checkHolder(from, message.ref)
    // Its acknowledgement was lost, or all is done.
    if (attempts[message.ref.attempt - 1]!.outcome === 'completed' || !isRunning()) return
    // What reports holds no slot: the next one is offered while this is written down.
    tasks.yielded(from, message.ref)
    const alone = staffing.isAlone(message.ref.kind, from)
    await journal.write({ type: 'completed', worker: from, report: message, alone })
    if (isRunning()) tasks.completed(from, message, alone)
  }

  async failed (from: string, message: AttemptFailed): Promise<void> {
    const { maps, isRunning, whenKnown } = this.#init
    await whenKnown()
    const tasks = this.#tasks(message.ref)
    const { attempts } = tasks.checkHolder(from, message.ref)
    // One that has ended needs no runs, and its failure is no news.
    if (attempts[message.ref.attempt - 1]!.outcome !== 'active' || !isRunning()) return
    const { code, cid, message: reason } = message.failure
    const mapTask = code === 'INPUT_LOST' && cid !== undefined ? maps.taskOfRun(cid) : undefined
    if (mapTask !== undefined) await this.#loseRun({ type: 'runLost', ref: message.ref, mapTask, cid: cid!, message: reason })
    if (isRunning()) tasks.failed(from, message)
  }

  async runLost (from: string, message: RunLost): Promise<void> {
    const { job, reduces, log, isRunning, whenKnown } = this.#init
    await whenKnown()
    const { attempts } = reduces.checkHolder(from, message.ref)
    if (attempts[message.ref.attempt - 1]!.outcome !== 'active' || !isRunning()) return
    log.info({ job, mapTask: message.mapTask, cid: message.cid, worker: from, reason: message.message }, 'run lost')
    await this.#loseRun(message)
  }

  async #loseRun (message: RunLost): Promise<void> {
    const { journal, maps, isRunning, warn } = this.#init
    await journal.write({ type: 'runLost', report: message })
    if (isRunning() && maps.runLost(message)) warn(`a run of map task ${message.mapTask} could not be fetched; the task runs again`)
  }

  #tasks ({ kind }: AttemptRef): TaskRunner {
    return kind === 'map' ? this.#init.maps : this.#init.reduces
  }
}
