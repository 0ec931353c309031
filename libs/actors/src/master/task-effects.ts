import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { assignment } from './assignment.ts'
import type { JobJournal } from './job-journal.ts'
import type { TaskRecord, TaskTable } from './task-table.ts'
import type { WorkerTable } from './worker-table.ts'
import type { KeptFiles } from '../kept-files.ts'
import type { Components, MasterComponents } from '../components.ts'
import type { AttemptCompleted, AttemptRef, SubmitJob } from '@ipfs-mapreduce/protocol'
import type { TaskCommand, Timing } from '@ipfs-mapreduce/state-machines'

export interface TaskEffectsInit {
  job: string
  submit: SubmitJob
  timing: Timing
  workers: WorkerTable
  secured: KeptFiles
  components: Components & Pick<MasterComponents, 'watch'>
  /** Ends with the job. */
  signal: AbortSignal
  /** To reduces: the map tasks whose runs they need. */
  maps?: TaskTable
  /** Where what must be known after a restart is written down, before it is acted on. */
  journal: JobJournal
}

/** What the machines of tasks command, done over the ports. */
export class TaskEffects {
  readonly #init: TaskEffectsInit

  constructor (init: TaskEffectsInit) {
    this.#init = init
  }

  /** Offers an attempt to a worker. False where it was given up before it was offered; rejects where the worker does not take it. */
  async assign (record: TaskRecord, ref: AttemptRef, { worker, place }: Extract<TaskCommand, { type: 'assign' }>): Promise<boolean> {
    const { journal, workers, submit, maps, timing, components: { network, log } } = this.#init
    const local = record.holders.includes(worker)
    log.info({ ...ref, worker, local }, place === 'backup' ? 'backup assigned' : 'attempt assigned')
    journal.note({ type: 'worker', peer: worker, addresses: workers.get(worker)?.addresses ?? [] })
    await journal.write({ type: 'opened', kind: ref.kind, task: ref.task, attempt: ref.attempt, worker, backup: place === 'backup', local })
    if (!isActive(record, ref)) return false
    await network.request(worker, assignment({ record, ref, submit, mapTasks: maps?.records.length ?? 0, workers, network, timing }))
    return true
  }

  /** A lost message does no harm: the worker is told again when its heartbeat names the attempt. */
  abort (ref: AttemptRef, { worker, reason }: { worker: string, reason: string }): void {
    const { network, log } = this.#init.components
    network.request(worker, { type: 'attemptAborted', ref, reason }).catch((error: unknown) => {
      log.debug({ ...ref, worker, error: String(error) }, 'an abort did not arrive')
    })
  }

  /** Fetches and pins an output, so that it does not die with its reducer. */
  async secure ({ ref: { task }, output }: AttemptCompleted, worker: string): Promise<void> {
    const { job, journal, components: { files }, workers, secured, signal } = this.#init
    if (output === undefined) throw new MapReduceError('FATAL', `reduce task ${task} was reported complete without an output`)
    secured.keep(job, output)
    await journal.write({ type: 'securing', output })
    await files.pin(output, { providers: workers.providersOf(worker), signal })
  }
}

export function isActive ({ attempts }: TaskRecord, { attempt }: AttemptRef): boolean {
  return attempts[attempt - 1]?.outcome === 'active'
}
