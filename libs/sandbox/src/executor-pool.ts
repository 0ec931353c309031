import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { ExecutorEntry } from './entry.ts'
import { startExecutor } from './executor-process.ts'
import type { ExecutorProcess } from './executor-process.ts'
import { asMapReduceError } from './failure.ts'
import type { SandboxLog } from './output-log.ts'
import { makeScratchRoot, removeScratchRoot } from './scratch-root.ts'
import { Slots } from './slots.ts'
import { Watchdog } from './watchdog.ts'

export interface ExecutorPoolInit {
  scratchDir: string
  entry: ExecutorEntry
  slots: number
  maxHeapMiB: number
  /** How long an executor is kept warm. */
  idleMs: number
  log: SandboxLog | undefined
}

/** What is done with an executor: `root` is the sandbox's directory, out of the executor's reach; `stop` fires on abort. */
export type Job<T> = (executor: ExecutorProcess, place: { root: string, stop: AbortSignal }) => Promise<T>

interface IdleExecutor {
  executor: ExecutorProcess
  bundleHash: string
}

/** The executor processes of one sandbox: at most one per slot, kept warm for the program they have loaded. */
export class ExecutorPool {
  readonly #init: ExecutorPoolInit
  readonly #slots: Slots
  readonly #watchdog: Watchdog
  readonly #closing = new AbortController()
  readonly #running = new Set<Promise<unknown>>()
  #idle: IdleExecutor[] = []
  #busy = 0
  #started = 0
  #root: Promise<string> | undefined
  #closed: Promise<void> | undefined

  constructor (init: ExecutorPoolInit) {
    this.#init = init
    this.#slots = new Slots(init.slots)
    this.#watchdog = new Watchdog(init.log)
  }

  /**
   * Waits for a slot and does the job with an executor of this bundle. An executor whose job failed is thrown
   * away; on abort it is killed at once. Rejects with `ABORTED` once it is gone, or with what the job threw.
   */
  async use<T> (bundle: Uint8Array, signal: AbortSignal, job: Job<T>): Promise<T> {
    const stop = AbortSignal.any([signal, this.#closing.signal])
    const running = this.#use(bundle, stop, job)
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

  /** Aborts what runs, and leaves no process and no file. */
  close (): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close (): Promise<void> {
    this.#closing.abort()
    await Promise.allSettled(this.#running)
    await Promise.all(this.#idle.splice(0).map(({ executor }) => executor.dispose()))
    await this.#watchdog.close()
    if (this.#root !== undefined) await removeScratchRoot(await this.#root)
  }

  async #use<T> (bundle: Uint8Array, stop: AbortSignal, job: Job<T>): Promise<T> {
    const giveBack = await this.#slots.take(stop)
    this.#busy++
    try {
      const bundleHash = createHash('sha256').update(bundle).digest('hex')
      const root = await this.#makeRoot()
      const executor = this.#takeIdle(bundleHash) ?? await this.#start(bundle, root)
      const result = await this.#work(executor, { root, stop }, job)
      this.#keep({ executor, bundleHash })
      return result
    } finally {
      this.#busy--
      giveBack()
    }
  }

  async #work<T> (executor: ExecutorProcess, place: { root: string, stop: AbortSignal }, job: Job<T>): Promise<T> {
    const kill = () => { executor.kill() }
    place.stop.addEventListener('abort', kill, { once: true })
    try {
      place.stop.throwIfAborted()
      return await job(executor, place)
    } catch (error) {
      await executor.dispose()
      throw error
    } finally {
      place.stop.removeEventListener('abort', kill)
    }
  }

  #makeRoot (): Promise<string> {
    const { scratchDir } = this.#init
    this.#root ??= makeScratchRoot(scratchDir).catch((error: Error) => {
      // The next attempt tries again: a full disk may have been emptied.
      this.#root = undefined
      throw new MapReduceError('STORAGE', `cannot make the scratch directory ${scratchDir}: ${error.message}`, { cause: error })
    })
    return this.#root
  }

  #takeIdle (bundleHash: string): ExecutorProcess | undefined {
    const at = this.#idle.findIndex(idle => idle.bundleHash === bundleHash)
    if (at === -1) return undefined
    const [taken] = this.#idle.splice(at, 1)
    taken!.executor.hold(true)
    return taken!.executor
  }

  async #start (bundle: Uint8Array, root: string): Promise<ExecutorProcess> {
    // Executors of other programs make room: each slot has one process at most.
    const surplus = this.#idle.length + this.#busy - this.#init.slots
    await Promise.all(this.#idle.splice(0, Math.max(0, surplus)).map(({ executor }) => executor.dispose()))
    const { entry, maxHeapMiB, log } = this.#init
    const executor = await startExecutor({ entry, maxHeapMiB, log, bundle, directory: join(root, `executor-${++this.#started}`) })
    const { pid } = executor
    if (pid !== undefined) {
      this.#watchdog.watch(pid)
      void executor.ended.then(() => { this.#watchdog.forget(pid) })
    }
    log?.debug({ executor: pid }, 'an executor was started')
    return executor
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
    const gone = idle.executor.dispose().finally(() => { this.#running.delete(gone) })
    this.#running.add(gone)
  }
}
