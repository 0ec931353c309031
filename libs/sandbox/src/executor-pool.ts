import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { MapReduceError, Slots } from '@ipfs-mapreduce/mapreduce'
import type { ExecutorLoad } from '@ipfs-mapreduce/mapreduce'
import { SPARE_DELAY_MS } from './constants.ts'
import { isolateScripts } from './isolate-scripts.ts'
import type { ScriptPaths } from './isolate-scripts.ts'
import type { ExecutorEntry } from './entry.ts'
import { startExecutor } from './executor-process.ts'
import type { ExecutorProcess } from './executor-process.ts'
import { asMapReduceError } from './failure.ts'
import type { SandboxLog } from './output-log.ts'
import { makeScratchRoot, removeScratchRoot } from './scratch-root.ts'
import type { ExecutorSettings } from './settings.ts'
import type { Walls } from './walls.ts'
import { Watchdog } from './watchdog.ts'

export interface ExecutorPoolInit {
  scratchDir: string
  entry: ExecutorEntry
  slots: number
  limits: Pick<ExecutorSettings, 'maxHeapMiB' | 'maxCallMs' | 'maxScratchBytes'>
  walls: Walls
  /** How long an executor is kept warm. */
  idleMs: number
  log: SandboxLog | undefined
}

/** Whose an executor is: nothing of a job's reaches another's, though they run the same program. */
export interface Tenant {
  bundle: Uint8Array
  job: string | undefined
}

/** What is done with an executor: `root` is the sandbox's directory, out of the executor's reach; `stop` fires on abort. */
export type Job<T> = (executor: ExecutorProcess, place: { root: string, stop: AbortSignal }) => Promise<T>

interface IdleExecutor {
  executor: ExecutorProcess
  tenant: string
}

/**
 * The executor processes of one sandbox: at most one per slot, kept warm for the job that they have worked for, and one
 * more that has seen no program, for the job that comes next.
 */
export class ExecutorPool {
  readonly #init: ExecutorPoolInit
  readonly #slots: Slots
  readonly #watchdog: Watchdog
  readonly #closing = new AbortController()
  readonly #running = new Set<Promise<unknown>>()
  #walls: Walls
  #idle: IdleExecutor[] = []
  #spare: ExecutorProcess | undefined
  #keepsSpare = false
  #busy = 0
  #started = 0
  #place: Promise<{ root: string, scripts: ScriptPaths }> | undefined
  #closed: Promise<void> | undefined

  constructor (init: ExecutorPoolInit) {
    this.#init = init
    this.#walls = init.walls
    this.#slots = new Slots(init.slots)
    this.#watchdog = new Watchdog(init.log)
  }

  /**
   * Waits for a slot and does the job with an executor of this tenant. An executor whose job failed is thrown
   * away; on abort it is killed at once. Rejects with `ABORTED` once it is gone, or with what the job threw.
   */
  async use<T> (tenant: Tenant, signal: AbortSignal, job: Job<T>): Promise<T> {
    const stop = AbortSignal.any([signal, this.#closing.signal])
    const running = this.#use(tenant, stop, job)
    this.#running.add(running)
    try {
      return await running
    } catch (error) {
      if (this.#closing.signal.aborted) throw new MapReduceError('ABORTED', 'the sandbox is closed', { cause: error })
      if (signal.aborted) throw new MapReduceError('ABORTED', 'the attempt was aborted', { cause: signal.reason })
      throw asMapReduceError(error, 'the executor failed')
    } finally {
      this.#running.delete(running)
    }
  }

  /** From here on an executor is ready for the next job. Resolves when the first one is; rejects with why it does not start. */
  async keepSpare (): Promise<void> {
    this.#keepsSpare = true
    await this.#tracked(this.#makeSpare())
  }

  load (): ExecutorLoad {
    return { started: this.#started, busy: this.#busy, idle: this.#idle.length, spare: this.#spare === undefined ? 0 : 1, waiting: this.#slots.waiting }
  }

  /** From here on executors are started within these walls. */
  rewall (walls: Walls): void {
    this.#walls = walls
  }

  /** Aborts what runs, and leaves no process and no file. */
  close (): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close (): Promise<void> {
    this.#closing.abort()
    await Promise.allSettled(this.#running)
    await Promise.all(this.#idle.splice(0).map(({ executor }) => executor.dispose()))
    await this.#spare?.dispose()
    await this.#watchdog.close()
    if (this.#place !== undefined) await removeScratchRoot((await this.#place).root)
  }

  async #use<T> ({ bundle, job: name }: Tenant, stop: AbortSignal, job: Job<T>): Promise<T> {
    const giveBack = await this.#slots.take(stop)
    this.#busy++
    try {
      const tenant = `${createHash('sha256').update(bundle).digest('hex')} ${name ?? ''}`
      const { root } = await this.#makePlace()
      const executor = this.#takeIdle(tenant) ?? await this.#fresh()
      const result = await this.#work(executor, bundle, { root, stop }, job)
      this.#keep({ executor, tenant })
      return result
    } finally {
      this.#busy--
      giveBack()
      this.#replaceSpare()
    }
  }

  async #work<T> (executor: ExecutorProcess, bundle: Uint8Array, place: { root: string, stop: AbortSignal }, job: Job<T>): Promise<T> {
    const kill = () => { executor.kill() }
    place.stop.addEventListener('abort', kill, { once: true })
    try {
      place.stop.throwIfAborted()
      await executor.take(bundle)
      return await job(executor, place)
    } catch (error) {
      await executor.dispose()
      throw error
    } finally {
      place.stop.removeEventListener('abort', kill)
    }
  }

  #makePlace (): Promise<{ root: string, scripts: ScriptPaths }> {
    const { scratchDir, entry } = this.#init
    this.#place ??= makeScratchRoot(scratchDir).then(async root => ({ root, scripts: await isolateScripts(entry, root) })).catch((error: Error) => {
      // The next attempt tries again: a full disk may have been emptied.
      this.#place = undefined
      throw new MapReduceError('STORAGE', `cannot make the scratch directory ${scratchDir}: ${error.message}`, { cause: error })
    })
    return this.#place
  }

  #takeIdle (tenant: string): ExecutorProcess | undefined {
    const at = this.#idle.findIndex(idle => idle.tenant === tenant)
    if (at === -1) return undefined
    const [taken] = this.#idle.splice(at, 1)
    taken!.executor.hold(true)
    return taken!.executor
  }

  /** An executor that has seen no program: the spare one, or a new one. */
  async #fresh (): Promise<ExecutorProcess> {
    // Executors of other jobs make room: each slot has one process at most.
    const surplus = this.#idle.length + this.#busy - this.#init.slots
    for (const { executor } of this.#idle.splice(0, Math.max(0, surplus))) this.#letGo(executor)
    const spare = this.#spare
    this.#spare = undefined
    spare?.hold(true)
    return spare ?? await this.#start()
  }

  async #start (): Promise<ExecutorProcess> {
    const { entry, limits, log } = this.#init
    const { addon, permissions } = this.#walls
    const { root, scripts } = await this.#makePlace()
    const settings: ExecutorSettings = { ...addon !== undefined && { addon }, scripts, ...limits }
    const executor = await startExecutor({ entry, settings, permissions, log, directory: join(root, `executor-${++this.#started}`) })
    const { pid } = executor
    if (pid !== undefined) {
      this.#watchdog.watch(pid)
      void executor.ended.then(() => { this.#watchdog.forget(pid) })
    }
    log?.debug({ executor: pid }, 'an executor was started')
    return executor
  }

  /** Once nothing has run for a moment, makes a spare executor in place of the one that was taken. */
  #replaceSpare (): void {
    if (!this.#keepsSpare || this.#spare !== undefined) return
    setTimeout(() => {
      if (this.#busy > 0 || this.#spare !== undefined || this.#closing.signal.aborted) return
      // It was only to save time: who needs an executor starts one, and hears why that fails.
      this.#tracked(this.#makeSpare()).catch((error: unknown) => { this.#init.log?.debug({ err: error }, 'no spare executor could be started') })
    }, SPARE_DELAY_MS).unref()
  }

  async #makeSpare (): Promise<void> {
    const executor = await this.#start()
    try {
      await executor.ready
    } catch (error) {
      await executor.dispose()
      throw error
    }
    if (this.#spare !== undefined || this.#closing.signal.aborted) return await executor.dispose()
    executor.hold(false)
    this.#spare = executor
    void executor.ended.then(() => { if (this.#spare === executor) this.#spare = undefined })
  }

  /** Work that `close` waits for. */
  async #tracked (work: Promise<void>): Promise<void> {
    this.#running.add(work)
    try {
      await work
    } finally {
      this.#running.delete(work)
    }
  }

  #keep (idle: IdleExecutor): void {
    idle.executor.hold(false)
    this.#idle.push(idle)
    const drop = () => { this.#drop(idle) }
    setTimeout(drop, this.#init.idleMs).unref()
    void idle.executor.ended.then(drop)
  }

  /** Ends an executor that rests, has rested long, or has ended while it did. One that works again is another rest's to end. */
  #drop (idle: IdleExecutor): void {
    const at = this.#idle.indexOf(idle)
    if (at === -1) return
    this.#idle.splice(at, 1)
    this.#letGo(idle.executor)
  }

  #letGo (executor: ExecutorProcess): void {
    const gone = executor.dispose().finally(() => { this.#running.delete(gone) })
    this.#running.add(gone)
  }
}
