import { Checkpointer, type CheckpointerInit } from '../checkpoint.ts'
import { within } from '../within.ts'
import type { Clock, Log } from '../components.ts'

export interface CheckpointsInit extends Omit<CheckpointerInit, 'workers'> {
  clock: Pick<Clock, 'now'>
  log: Log
  /** At most one in this time. */
  everyMs: number
  providersOf: (peer: string) => string[]
  onWritten: () => void
}

/** The checkpoints of one job: written now and then while something has committed, and dropped with the job. */
export class Checkpoints {
  readonly #init: CheckpointsInit
  readonly #checkpointer: Checkpointer
  /** Workers that something was committed of. */
  readonly #holders = new Set<string>()
  #writtenMs: number
  #writing: Promise<void> | undefined
  #stopped = false

  constructor (init: CheckpointsInit) {
    const { providersOf, clock } = init
    this.#init = init
    this.#writtenMs = clock.now()
    this.#checkpointer = new Checkpointer({ ...init, workers: () => Array.from(this.#holders, peer => ({ type: 'worker', peer, addresses: providersOf(peer) })) })
  }

  get root (): string | undefined {
    return this.#checkpointer.root
  }

  touch (kind: 'map' | 'reduce', task: number): void {
    const { maps, reduces } = this.#init
    this.#holders.add((kind === 'map' ? maps : reduces).records[task]!.answer!.worker)
    this.#checkpointer.touch(kind, task)
  }

  /** Writes one if it is time. */
  tick (): void {
    const { job, clock, log, everyMs, onWritten } = this.#init
    if (!this.#checkpointer.dirty || this.#writing !== undefined || within(clock.now(), this.#writtenMs, everyMs)) return
    this.#writtenMs = clock.now()
    this.#writing = this.#checkpointer.write().then(() => { if (!this.#stopped) onWritten() }, (error: unknown) => {
      log.warn({ job, error: String(error) }, 'no checkpoint could be written; trying again later')
    }).finally(() => { this.#writing = undefined })
  }

  /** Resolves when nothing of it is kept any more. */
  async stop (): Promise<void> {
    this.#stopped = true
    await this.#writing
    await this.#checkpointer.release()
  }
}
